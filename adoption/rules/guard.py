"""What of a guarded split may be published (DOMAIN, "Figures").

Whether an office uses the system is public; how (free or paid), how it ended (stopped or lapsed), and
whether it has filed for the Free Pass, is not. A *cell* is a published sum: an area, a cut of its
offices, a day. Its total is public, so its two parts are shown or hidden together.

1. A part of 1 to 4 hides the cell. So does a part that differs by 1 to 4 from the cell's last
   published one: the difference is a sum over few offices, too.
2. Other cells are hidden where sums would give a hidden one away, of this day or of an earlier one.
   What shows that they would not is a *witness*: a few offices whose parts can be exchanged so that
   everything published, on all days, stays as it is while the hidden cell changes. Then nobody can
   work it out, from however many sums.

What is unknown is a term's pricing (or one ending): it is the same on every day that the term covers.
Terms with the same published cells of their municipality form a row, those with the same published
cells above it (prefecture, nation) a column; every published cell is a union of rows or of columns.
A group of terms is an edge between its row and its column: one of its terms can turn from the second
part to the first (one way along the edge) or back (the other way). A ring of such turns leaves the
sums of all rows and columns alone. So a hidden cell has a witness when from one end of one of its
groups a way leads to the other end through groups outside the cell. Rows and columns without a
published cell need no balance: they are one free place.

Some terms cannot have been anything else, as everybody knows who knows the rules (a term that started
outside every window is paid): they turn nowhere. A cell made of such terms alone has no secret.

The rule is sufficient, not necessary: it hides somewhat more than it must, and needs no solver.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

FEW = 4
"""The largest number that is hidden; zero and larger ones are shown."""

POOL, PARTNERS = 8, 60
"""So many groups of a cell, and partners of each, are looked at for the cheapest exchange."""

Cell = tuple[str, str]  # area, cut (with its day, where there are several)
Parts = tuple[int, int]
Place = tuple[str, frozenset[Cell]]
FREE: Place = ("free", frozenset())


@dataclass(frozen=True, slots=True)
class Group:
    """Terms (or endings, or offices) that belong to the same cells, `near` of their municipality and
    `far` above it: how many of the one part, how many of the other. `turns` says whether those of the
    first part could be of the second, and whether those of the second could be of the first."""

    near: tuple[Cell, ...]
    far: tuple[Cell, ...]
    first: int
    second: int
    turns: tuple[bool, bool] = (True, True)

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.near + self.far

    @property
    def turns_down(self) -> bool:
        """One of the first part can turn into the second."""
        return self.first > 0 and self.turns[0]

    @property
    def turns_up(self) -> bool:
        return self.second > 0 and self.turns[1]


def is_few(number: int, few: int = FEW) -> bool:
    """Whether a guarded number is 1 to `few`, so that it is hidden."""
    return 1 <= number <= few


def must_hide(parts: Parts, before: Parts | None = None, few: int = FEW) -> bool:
    """Rule 1, for a cell's parts now and as last published (None: never)."""
    changes = (abs(now - then) for now, then in zip(parts, before or parts, strict=True))
    return any(is_few(number, few) for number in (*parts, *changes))


def totals(groups: Iterable[Group]) -> dict[Cell, Parts]:
    """Every cell's parts."""
    sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for group in groups:
        for cell in group.cells:
            sums[cell][0] += group.first
            sums[cell][1] += group.second
    return {cell: (first, second) for cell, (first, second) in sums.items()}


def secret_cells(sums: Mapping[Cell, Parts], before: Mapping[Cell, Parts], few: int = FEW) -> frozenset[Cell]:
    """The cells that rule 1 hides; `before` holds what was last published of each."""
    return frozenset(cell for cell, parts in sums.items() if must_hide(parts, before.get(cell), few))


def hidden_cells(
    groups: Sequence[Group],
    secret: Collection[Cell],
    *,
    told: Collection[Cell] = (),
    untold: Collection[Cell] = (),
) -> frozenset[Cell]:
    """The cells whose parts are not published; all others may be.

    `secret` are those that must not be worked out, of today and of earlier days. `told` were published
    earlier: that cannot be undone. `untold` were hidden earlier, and stay so. The answer holds the
    other cells, those of today. What was told before and cannot be kept any more is let go. The same
    input always hides the same cells."""
    return _Guard(groups, frozenset(secret), frozenset(told), frozenset(untold)).run()


def _worth(cell: Cell) -> int:
    """An area as a whole is asked for more often than its services and months: it is kept rather than these."""
    return 4 if cell[1].startswith("all") else 1


class _Guard:
    def __init__(
        self, groups: Sequence[Group], secret: frozenset[Cell], told: frozenset[Cell], untold: frozenset[Cell]
    ) -> None:
        self.groups = [group for group in groups if group.first or group.second]
        self.told, self.untold = told, untold
        self.weight = {cell: sum(parts) * _worth(cell) for cell, parts in totals(self.groups).items()}
        self.members: dict[Cell, list[int]] = defaultdict(list)
        for index, group in enumerate(self.groups):
            for cell in group.cells:
                self.members[cell].append(index)
        # What everybody knows is no secret, and has no witness.
        self.secret = {
            cell
            for cell in secret
            if any(self.groups[i].turns_up or self.groups[i].turns_down for i in self.members[cell])
        }
        self.hidden: set[Cell] = set()
        self.published = [set(group.cells) for group in self.groups]
        self._hide(untold | (secret - told))

    def run(self) -> frozenset[Cell]:
        unsafe = self._without_witness(self.secret)
        while unsafe:
            # One a place and round: what is hidden for one often serves the next.
            places: set[str] = set()
            lost: set[Cell] = set()
            for cell in unsafe:
                if cell[0] not in places:
                    places.add(cell[0])
                    cheapest = self._cheapest(cell)
                    self._hide(cheapest or ())
                    if cheapest is None:
                        lost.add(cell)
            # Hiding more only ever makes cells safer, so the safe ones need no second look.
            unsafe = self._without_witness(cell for cell in unsafe if cell not in lost)
        return frozenset(self.hidden - self.untold)

    def _hide(self, cells: Iterable[Cell]) -> None:
        for cell in set(cells) - self.hidden:
            self.hidden.add(cell)
            for index in self.members[cell]:
                self.published[index].discard(cell)

    # rule 2: is there a witness?

    def _without_witness(self, cells: Iterable[Cell]) -> list[Cell]:
        rings = _Rings(self.groups, self.hidden)
        unsafe = [cell for cell in cells if not rings.hold(self.members[cell])]
        return sorted(unsafe, key=lambda cell: (self.weight[cell], cell))

    # and if not: the pair of offices that the fewest published offices tell apart

    def _cheapest(self, cell: Cell) -> set[Cell] | None:
        """None where nothing is left to hide. Nothing has to be where what was hidden for another serves."""
        mine = set(self.members[cell])
        reach = set().union(*(self.published[index] for index in mine))
        best = reach - self.told
        # With told ones left, hiding the others is the last resort.
        cost = math.inf if reach & self.told else self._price(best)
        for index in sorted(mine, key=lambda index: (len(self.published[index]), index))[:POOL]:
            for other in self._partners(index, mine):
                apart = self.published[index] ^ self.published[other]
                price = self._price(apart)
                if price < cost and not apart & self.told:
                    best, cost = apart, price
        return None if cost == math.inf and not best else best

    def _price(self, cells: Iterable[Cell]) -> float:
        return sum(self.weight[cell] for cell in cells)

    def _partners(self, index: int, mine: set[int]) -> Iterator[int]:
        """Groups outside the cell that could change places with one inside it, those that share the
        narrowest published cells with it first."""
        group, seen = self.groups[index], 0
        for published in sorted(self.published[index], key=lambda cell: (len(self.members[cell]), cell)):
            for other in self.members[published]:
                far = self.groups[other]
                fits = (group.turns_down and far.turns_up) or (group.turns_up and far.turns_down)
                if other not in mine and fits:
                    yield other
                    seen += 1
                    if seen >= PARTNERS:
                        return


class _Rings:
    """Rows, columns and the ways between them, for what is hidden at the moment."""

    def __init__(self, groups: Sequence[Group], hidden: set[Cell]) -> None:
        self.groups = groups
        self.ends = [(_place("row", g.near, hidden), _place("column", g.far, hidden)) for g in groups]
        self.ways: dict[Place, list[tuple[Place, int]]] = defaultdict(list)
        self.back: dict[Place, list[tuple[Place, int]]] = defaultdict(list)
        for index, (group, (row, column)) in enumerate(zip(groups, self.ends, strict=True)):
            if group.turns_up:
                self._way(row, column, index)
            if group.turns_down:
                self._way(column, row, index)

    def _way(self, start: Place, end: Place, index: int) -> None:
        self.ways[start].append((end, index))
        self.back[end].append((start, index))

    def hold(self, members: Sequence[int]) -> bool:
        """Whether a ring goes through one of the groups and otherwise outside all of them."""
        inside = set(members)
        for index in members:
            group, (row, column) = self.groups[index], self.ends[index]
            if group.turns_up and self._leads(column, row, inside):
                return True
            if group.turns_down and self._leads(row, column, inside):
                return True
        return False

    def _leads(self, start: Place, end: Place, without: set[int]) -> bool:
        """Whether a way goes from one place to the other through groups that are not `without`. Looked for
        from both ends at once, where there is less to look at first: one end is often closed after a step."""
        if start == end:
            return True
        seen: tuple[set[Place], set[Place]] = ({start}, {end})
        fronts, ways = [[start], [end]], (self.ways, self.back)
        while fronts[0] and fronts[1]:
            # The nation's places have ways to everywhere: they are left for the last.
            work = [sum(len(ways[side].get(place, ())) for place in fronts[side]) for side in (0, 1)]
            side = 0 if work[0] <= work[1] else 1
            reached: list[Place] = []
            for here in fronts[side]:
                for place, index in ways[side].get(here, ()):
                    if place in seen[side] or index in without:
                        continue
                    if place in seen[1 - side]:
                        return True
                    seen[side].add(place)
                    reached.append(place)
            fronts[side] = reached
        return False


def _place(kind: str, cells: Iterable[Cell], hidden: set[Cell]) -> Place:
    published = frozenset(cell for cell in cells if cell not in hidden)
    return (kind, published) if published else FREE
