"""The guard, attacked: small worlds are solved exhaustively for what it hides."""

from collections.abc import Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from adoption.rules.guard import Cell, Group, Parts, hidden_cells, must_hide, secret_cells, totals

AREAS = {"m1": "p1", "m2": "p1", "m3": "p2"}
CUTS = (("all", "cm", "43"), ("all", "pr", "15"), ("all", "pr", "11"), ("all", "cm", "pr", "43", "15"))


def group(area: str, cuts: tuple[str, ...], first: int, second: int) -> Group:
    near = tuple((area, cut) for cut in cuts)
    far = tuple((place, cut) for place in (AREAS[area], "nation") for cut in cuts)
    return Group(near, far, first, second)


GROUPS = st.lists(
    st.builds(
        group,
        st.sampled_from(sorted(AREAS)),
        st.sampled_from(CUTS),
        st.integers(0, 4),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=5,
)


def hide(groups: list[Group], before: Mapping[Cell, Parts] | None = None, few: int = 4) -> frozenset[Cell]:
    return hidden_cells(groups, secret_cells(totals(groups), before or {}, few))


def solve(groups: list[Group], published: Mapping[Cell, Parts]) -> dict[Cell, set[int]]:
    """What an attacker works out who knows every office's area, services and use, and everything
    published: every value that the first part of each cell may have."""
    possible: dict[Cell, set[int]] = {cell: set() for cell in totals(groups)}
    for firsts in product(*(range(g.first + g.second + 1) for g in groups)):
        world = [Group(g.near, g.far, x, g.first + g.second - x) for g, x in zip(groups, firsts, strict=True)]
        sums = totals(world)
        if all(sums[cell] == parts for cell, parts in published.items()):
            for cell, (first, _) in sums.items():
                possible[cell].add(first)
    return possible


@settings(max_examples=60, deadline=None)
@given(GROUPS)
def test_no_hidden_cell_can_be_solved(groups: list[Group]) -> None:
    sums = totals(groups)
    hidden = hide(groups, few=2)
    possible = solve(groups, {cell: parts for cell, parts in sums.items() if cell not in hidden})
    secret = {cell for cell, parts in sums.items() if must_hide(parts, few=2)}
    assert secret <= hidden
    assert {cell: possible[cell] for cell in secret if len(possible[cell]) < 2} == {}


def test_the_attack_works_when_only_the_small_numbers_are_hidden() -> None:
    """The solver must be able to win, or the test above would say nothing."""
    groups = [group("m1", CUTS[0], 3, 9), group("m2", CUTS[0], 9, 9)]
    small = {cell for cell, parts in totals(groups).items() if must_hide(parts)}
    possible = solve(groups, {cell: parts for cell, parts in totals(groups).items() if cell not in small})
    assert possible["m1", "all"] == {3}


def test_one_small_municipality_hides_its_neighbour_too() -> None:
    groups = [group("m1", CUTS[0], 3, 9), group("m2", CUTS[0], 9, 9), group("m3", CUTS[0], 30, 30)]
    hidden = hide(groups)
    assert ("m1", "all") in hidden
    assert ("m2", "all") in hidden
    assert ("p1", "all") not in hidden
    assert ("m3", "all") not in hidden


def test_large_numbers_and_zero_are_shown() -> None:
    groups = [group("m1", CUTS[0], 0, 9), group("m2", CUTS[0], 9, 0)]
    assert hide(groups) == frozenset()


def test_a_small_change_since_the_last_publication_hides() -> None:
    groups = [group("m1", CUTS[0], 30, 30), group("m2", CUTS[0], 30, 30)]
    before: dict[Cell, Parts] = {("m1", "all"): (31, 30)}
    assert ("m1", "all") in hide(groups, before)
    assert ("m1", "all") not in hide(groups, {("m1", "all"): (36, 24)})
    assert must_hide((5, 9)) is False
    assert must_hide((4, 9)) is True


@settings(max_examples=60, deadline=None)
@given(GROUPS)
def test_the_same_input_hides_the_same_cells_in_any_order(groups: list[Group]) -> None:
    assert hide(groups, few=2) == hide(groups[::-1], few=2)
    assert hide(groups, few=2) <= set(totals(groups))


# --- several days together -------------------------------------------------------------------------------

DAYS = ("d1", "d2", "d3")
SPANS = (("d1",), ("d1", "d2"), ("d1", "d2", "d3"), ("d2", "d3"), ("d3",))


def term(area: str, span: tuple[str, ...], first: int, second: int, turns: bool = True) -> Group:
    near = tuple((area, day) for day in span)
    far = tuple((place, day) for place in (AREAS[area], "nation") for day in span)
    return Group(near, far, first, second, (turns, turns))


TERMS = st.lists(
    st.builds(term, st.sampled_from(sorted(AREAS)), st.sampled_from(SPANS), st.integers(0, 3), st.integers(0, 3),
              st.sampled_from((True, True, True, False))),
    min_size=1, max_size=6,
)  # fmt: skip


def publish(groups: list[Group], few: int) -> tuple[dict[Cell, Parts], set[Cell]]:
    """Day after day, as the service does: what was told, and the secrets that were to be kept."""
    told: dict[Cell, Parts] = {}
    secrets: set[Cell] = set()
    last: dict[str, Parts] = {}
    for number, day in enumerate(DAYS):
        seen = [cut(group, set(DAYS[: number + 1]), told.keys() | secrets, day) for group in groups]
        sums = {cell: parts for cell, parts in totals(seen).items() if cell[1] == day}
        secret = secret_cells(sums, {(area, day): parts for area, parts in last.items()}, few)
        hidden = hidden_cells(seen, secret | secrets, told=told, untold=secrets)
        for cell, parts in sums.items():
            if cell not in hidden:
                told[cell] = last[cell[0]] = parts
        secrets |= secret
    return told, secrets


def cut(group: Group, days: set[str], matter: set[Cell], today: str) -> Group:
    def keep(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(cell for cell in cells if cell[1] in days and (cell[1] == today or cell in matter))

    seen = bool({day for _, day in group.cells} & days)
    return Group(keep(group.near), keep(group.far), group.first * seen, group.second * seen, group.turns)


def solve_turning(groups: list[Group], told: Mapping[Cell, Parts]) -> dict[Cell, set[int]]:
    """As `solve`, where terms that cannot turn are what they are."""
    possible: dict[Cell, set[int]] = {cell: set() for cell in totals(groups)}
    ranges = [range(g.first + g.second + 1) if g.turns[0] else (g.first,) for g in groups]
    for firsts in product(*ranges):
        world = [Group(g.near, g.far, x, g.first + g.second - x) for g, x in zip(groups, firsts, strict=True)]
        sums = totals(world)
        if all(sums[cell] == parts for cell, parts in told.items()):
            for cell, (first, _) in sums.items():
                possible[cell].add(first)
    return possible


def solved_from(groups: list[Group], told: Mapping[Cell, Parts], cell: Cell) -> bool:
    return len(solve_turning(groups, told)[cell]) == 1


@settings(max_examples=40, deadline=None)
@given(TERMS)
def test_no_secret_can_be_solved_from_all_days_together(groups: list[Group]) -> None:
    """But for one that was no secret when its day came, from what had been told before and the rules alone."""
    told, secrets = publish(groups, few=1)
    possible = solve_turning(groups, told)
    for cell in secrets:
        if len(possible[cell]) == 1:
            before = {other: parts for other, parts in told.items() if other[1] < cell[1]}
            assert solved_from(groups, before, cell), cell


def test_the_change_of_two_neighbours_hides_the_sum_above_them() -> None:
    """Each has one new term: the day's sum less yesterday's would tell both."""
    groups = [term("m1", ("d1", "d2"), 9, 9), term("m2", ("d1", "d2"), 9, 9), term("m3", ("d1", "d2"), 9, 9)]
    groups += [term("m1", ("d2",), 1, 0), term("m2", ("d2",), 1, 0), term("m3", ("d2",), 6, 6)]
    told = {cell for group in groups for cell in group.cells if cell[1] == "d1"}
    sums = {cell: parts for cell, parts in totals(groups).items() if cell[1] == "d2"}
    before = {(area, "d2"): totals(groups)[area, "d1"] for area in ("m1", "m2", "m3", "p1", "p2", "nation")}
    hidden = hidden_cells(groups, secret_cells(sums, before), told=told)
    assert {("m1", "d2"), ("m2", "d2"), ("p1", "d2")} <= hidden


def test_what_everybody_knows_hides_nothing_else() -> None:
    groups = [Group((("m1", "all"),), (("p1", "all"),), 0, 3, (False, False)), group("m2", ("all",), 9, 9)]
    assert hide(groups) == {("m1", "all")}
