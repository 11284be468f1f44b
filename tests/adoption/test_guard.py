"""The guard, attacked: small worlds are solved exhaustively for what it hides."""

from collections.abc import Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from adoption.rules.guard import Cell, Group, Parts, hidden_cells, must_hide, totals

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
    hidden = hidden_cells(groups, few=2)
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
    hidden = hidden_cells(groups)
    assert ("m1", "all") in hidden
    assert ("m2", "all") in hidden
    assert ("p1", "all") not in hidden
    assert ("m3", "all") not in hidden


def test_large_numbers_and_zero_are_shown() -> None:
    groups = [group("m1", CUTS[0], 0, 9), group("m2", CUTS[0], 9, 0)]
    assert hidden_cells(groups) == frozenset()


def test_a_small_change_since_the_last_publication_hides() -> None:
    groups = [group("m1", CUTS[0], 30, 30), group("m2", CUTS[0], 30, 30)]
    before: dict[Cell, Parts] = {("m1", "all"): (31, 30)}
    assert ("m1", "all") in hidden_cells(groups, before)
    assert ("m1", "all") not in hidden_cells(groups, {("m1", "all"): (36, 24)})
    assert must_hide((5, 9)) is False
    assert must_hide((4, 9)) is True


@settings(max_examples=60, deadline=None)
@given(GROUPS)
def test_the_same_input_hides_the_same_cells_in_any_order(groups: list[Group]) -> None:
    assert hidden_cells(groups, few=2) == hidden_cells(list(groups), few=2)
    assert hidden_cells(groups, few=2) <= set(totals(groups))
