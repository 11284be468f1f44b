"""What of a guarded split may be published (DOMAIN, "Figures").

Whether an office uses the system is public; how (free or paid), and how it ended (stopped or
lapsed), is not. A *cell* is a published sum: an area and a cut of its offices. Its total is public,
so its two parts are shown or hidden together.

1. A part of 1 to 4 hides the cell. So does a part that differs by 1 to 4 from the cell's last
   published one: the difference is a sum over few offices, too. A cell that was hidden at the last
   publication and has not changed stays hidden: shown now, it would tell what it was then, and with
   it what it was hidden for.
2. Other cells are hidden where sums would give a hidden one away. What shows that they would not
   is a *witness*: a few offices whose parts can be exchanged so that everything published stays as
   it is while the hidden cell changes. Then nobody can work it out, from however many sums.

Offices with the same published cells of their municipality form a row, those with the same
published cells above it (prefecture, nation) a column; every published cell is a union of rows or
of columns. A group of offices is an edge between its row and its column: one of its offices can
turn from the second part to the first (one way along the edge) or back (the other way). A ring of
such turns leaves the sums of all rows and columns alone. So a hidden cell has a witness when from
one end of one of its groups a way leads to the other end through groups outside the cell. Rows and
columns without a published cell need no balance: they are one free place.

The rule is sufficient, not necessary: it hides somewhat more than it must, and needs no solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

FEW = 4
"""The largest number that is hidden; zero and larger ones are shown."""

POOL, PARTNERS = 8, 60
"""So many groups of a cell, and partners of each, are looked at for the cheapest exchange."""

Cell = tuple[str, str]  # area, cut
Parts = tuple[int, int]
Place = tuple[str, frozenset[Cell]]
FREE: Place = ("free", frozenset())


@dataclass(frozen=True, slots=True)
class Group:
    """Offices that belong to the same cells, `near` of their municipality and `far` above it: how many
    of the one part, how many of the other."""

    near: tuple[Cell, ...]
    far: tuple[Cell, ...]
    first: int
    second: int

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.near + self.far


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


def hidden_cells(
    groups: Sequence[Group],
    before: Mapping[Cell, Parts] | None = None,
    hidden_before: Mapping[Cell, Parts] | None = None,
    few: int = FEW,
) -> frozenset[Cell]:
    """The cells whose parts are not published; all others may be. `before` holds what was last
    published of each cell, `hidden_before` the parts of those that the last publication hid. The same
    input always hides the same cells."""
    return _Guard(groups, before or {}, hidden_before or {}, few).run()


class _Guard:
    def __init__(
        self, groups: Sequence[Group], before: Mapping[Cell, Parts], hidden_before: Mapping[Cell, Parts], few: int
    ) -> None:
        self.groups = [group for group in groups if group.first or group.second]
        self.parts = totals(self.groups)
        self.weight = {cell: sum(parts) for cell, parts in self.parts.items()}
        self.members: dict[Cell, list[int]] = defaultdict(list)
        for index, group in enumerate(self.groups):
            for cell in group.cells:
                self.members[cell].append(index)
        self.secret = {
            cell
            for cell, parts in self.parts.items()
            if must_hide(parts, before.get(cell), few) or hidden_before.get(cell) == parts
        }
        self.hidden: set[Cell] = set()
        self.published = [set(group.cells) for group in self.groups]
        self._hide(self.secret)

    def run(self) -> frozenset[Cell]:
        unsafe = self._without_witness(self.secret)
        while unsafe:
            # One a place and round: what is hidden for one often serves the next.
            places: set[str] = set()
            for cell in unsafe:
                if cell[0] not in places:
                    places.add(cell[0])
                    self._hide(self._cheapest(cell))
            # Hiding more only ever makes cells safer, so the safe ones need no second look.
            unsafe = self._without_witness(unsafe)
        return frozenset(self.hidden)

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

    def _cheapest(self, cell: Cell) -> set[Cell]:
        mine = set(self.members[cell])
        best = set().union(*(self.published[index] for index in mine))
        cost = self._price(best)
        for index in sorted(mine, key=lambda index: (len(self.published[index]), index))[:POOL]:
            for other in self._partners(index, mine):
                apart = self.published[index] ^ self.published[other]
                price = self._price(apart)
                if price < cost:
                    best, cost = apart, price
        return best

    def _price(self, cells: Iterable[Cell]) -> int:
        return sum(self.weight[cell] for cell in cells)

    def _partners(self, index: int, mine: set[int]) -> Iterator[int]:
        """Groups outside the cell that could change places with one inside it, those that share the
        narrowest published cells with it first."""
        group, seen = self.groups[index], 0
        for published in sorted(self.published[index], key=lambda cell: (len(self.members[cell]), cell)):
            for other in self.members[published]:
                far = self.groups[other]
                if other not in mine and ((group.first and far.second) or (group.second and far.first)):
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
            if group.second:
                self._way(row, column, index)
            if group.first:
                self._way(column, row, index)

    def _way(self, start: Place, end: Place, index: int) -> None:
        self.ways[start].append((end, index))
        self.back[end].append((start, index))

    def hold(self, members: Sequence[int]) -> bool:
        """Whether a ring goes through one of the groups and otherwise outside all of them."""
        inside = set(members)
        for index in members:
            group, (row, column) = self.groups[index], self.ends[index]
            if group.second and self._leads(column, row, inside):
                return True
            if group.first and self._leads(row, column, inside):
                return True
        return False

    def _leads(self, start: Place, end: Place, without: set[int]) -> bool:
        """Whether a way goes from one place to the other through groups that are not `without`. Looked for
        from both ends at once, the smaller side first: one end is often closed after a step."""
        if start == end:
            return True
        seen: tuple[set[Place], set[Place]] = ({start}, {end})
        fronts, ways = [{start}, {end}], (self.ways, self.back)
        while fronts[0] and fronts[1]:
            side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
            reached = {
                place
                for here in fronts[side]
                for place, index in ways[side].get(here, ())
                if index not in without and place not in seen[side]
            }
            if reached & seen[1 - side]:
                return True
            seen[side].update(reached)
            fronts[side] = reached
        return False


def _place(kind: str, cells: Iterable[Cell], hidden: set[Cell]) -> Place:
    published = frozenset(cell for cell in cells if cell not in hidden)
    return (kind, published) if published else FREE
