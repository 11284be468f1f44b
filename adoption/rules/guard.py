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

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

FEW = 4
"""The largest number that is hidden; zero and larger ones are shown."""

POOL = 400
"""So many groups of offices are looked at for the cheapest exchange."""

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
        self.members: dict[Cell, list[int]] = defaultdict(list)
        for index, group in enumerate(self.groups):
            for cell in group.cells:
                self.members[cell].append(index)
        self.secret = {
            cell
            for cell, parts in self.parts.items()
            if must_hide(parts, before.get(cell), few) or hidden_before.get(cell) == parts
        }
        self.hidden = set(self.secret)

    def run(self) -> frozenset[Cell]:
        unsafe = self._without_witness(self.secret)
        while unsafe:
            # One a place and round: what is hidden for one often serves the next.
            places: set[str] = set()
            for cell in unsafe:
                if cell[0] not in places:
                    places.add(cell[0])
                    self.hidden |= self._cheapest(cell)
            # Hiding more only ever makes cells safer, so the safe ones need no second look.
            unsafe = self._without_witness(unsafe)
        return frozenset(self.hidden)

    # rule 2: is there a witness?

    def _published(self, index: int) -> frozenset[Cell]:
        return frozenset(cell for cell in self.groups[index].cells if cell not in self.hidden)

    def _place(self, cells: tuple[Cell, ...], kind: str) -> Place:
        published = frozenset(cell for cell in cells if cell not in self.hidden)
        return (kind, published) if published else FREE

    def _without_witness(self, cells: Iterable[Cell]) -> list[Cell]:
        self.ends = [(self._place(g.near, "row"), self._place(g.far, "column")) for g in self.groups]
        self.ways: dict[Place, list[tuple[Place, int]]] = defaultdict(list)
        for index, (group, (row, column)) in enumerate(zip(self.groups, self.ends, strict=True)):
            if group.second:
                self.ways[row].append((column, index))
            if group.first:
                self.ways[column].append((row, index))
        unsafe = [cell for cell in cells if not self._has_witness(cell)]
        return sorted(unsafe, key=lambda cell: (sum(self.parts[cell]), cell))

    def _has_witness(self, cell: Cell) -> bool:
        inside = set(self.members[cell])
        for index in self.members[cell]:
            group, (row, column) = self.groups[index], self.ends[index]
            if (group.second and self._leads(column, row, inside)) or (
                group.first and self._leads(row, column, inside)
            ):
                return True
        return False

    def _leads(self, start: Place, end: Place, without: set[int]) -> bool:
        """Whether a way goes from one place to the other, through groups outside the cell."""
        if start == end:
            return True
        seen, waiting = {start}, deque([start])
        while waiting:
            for place, index in self.ways.get(waiting.popleft(), ()):
                if index in without or place in seen:
                    continue
                if place == end:
                    return True
                seen.add(place)
                waiting.append(place)
        return False

    # and if not: the pair of offices that the fewest published offices tell apart

    def _cheapest(self, cell: Cell) -> set[Cell]:
        mine = set(self.members[cell])
        alone = {published for index in mine for published in self._published(index)}
        best, cost = alone, sum(sum(self.parts[published]) for published in alone)
        for index in sorted(mine)[:POOL]:
            for other in self._partners(index, mine):
                apart = set(self._published(index) ^ self._published(other))
                price = sum(sum(self.parts[published]) for published in apart)
                if price < cost:
                    best, cost = apart, price
        return best

    def _partners(self, index: int, mine: set[int]) -> Iterator[int]:
        """Groups outside the cell that could change places with one inside it, those that share the
        narrowest published cells with it first."""
        group, seen = self.groups[index], 0
        for published in sorted(self._published(index), key=lambda c: (len(self.members[c]), str(c))):
            for other in self.members[published]:
                far = self.groups[other]
                if other not in mine and ((group.first and far.second) or (group.second and far.first)):
                    yield other
                    seen += 1
                    if seen >= POOL:
                        return
