"""What of a guarded split may be published (DOMAIN, "Figures").

Whether an office uses the system is public; how (free or paid), and how it ended (stopped or
lapsed), is not. A *cell* is a published sum: an area and a cut of its offices. Its total is public,
so its two parts are shown or hidden together.

1. A part of 1 to 4 hides the cell. So does a part that differs by 1 to 4 from the cell's last
   published one: the difference is a sum over few offices, too.
2. Other cells are hidden where sums would give a hidden one away. What shows that they would not
   is a *witness*: two offices of different parts, one inside the hidden cell and one outside, that
   belong to the very same published cells. Exchange their parts, and everything published stays as
   it is while the hidden cell changes: so nobody can work it out, from however many sums. An office
   in no published cell at all is a witness by itself. Cells without a witness get one by hiding the
   cells that tell the two cheapest offices apart.

The rule is sufficient, not necessary: it hides somewhat more than it must, and needs no solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

FEW = 4
"""The largest number that is hidden; zero and larger ones are shown."""

POOL = 400
"""So many groups of offices are looked at for the cheapest exchange."""

Cell = tuple[str, str]  # area, cut
Parts = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Offices that belong to the same cells: how many of the one part, how many of the other."""

    cells: tuple[Cell, ...]
    first: int
    second: int


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
    groups: Sequence[Group], before: Mapping[Cell, Parts] | None = None, few: int = FEW
) -> frozenset[Cell]:
    """The cells whose parts are not published; all others may be. `before` holds what was last
    published of each cell. The same input always hides the same cells."""
    return _Guard(groups, before or {}, few).run()


class _Guard:
    def __init__(self, groups: Sequence[Group], before: Mapping[Cell, Parts], few: int) -> None:
        self.groups = [group for group in groups if group.first or group.second]
        self.parts = totals(self.groups)
        self.members: dict[Cell, list[int]] = defaultdict(list)
        for index, group in enumerate(self.groups):
            for cell in group.cells:
                self.members[cell].append(index)
        self.secret = {cell for cell, parts in self.parts.items() if must_hide(parts, before.get(cell), few)}
        self.hidden = set(self.secret)

    def run(self) -> frozenset[Cell]:
        while unsafe := self._unsafe():
            for cell in unsafe:
                self.hidden |= self._cheapest(cell)
        return frozenset(self.hidden)

    # rule 2: is there a witness?

    def _published(self, index: int) -> frozenset[Cell]:
        return frozenset(cell for cell in self.groups[index].cells if cell not in self.hidden)

    def _unsafe(self) -> list[Cell]:
        keys = [self._published(index) for index in range(len(self.groups))]
        whole: dict[frozenset[Cell], list[int]] = defaultdict(lambda: [0, 0])
        for key, group in zip(keys, self.groups, strict=True):
            whole[key][0] += group.first
            whole[key][1] += group.second
        unsafe = [cell for cell in self.secret if not self._has_witness(cell, keys, whole)]
        return sorted(unsafe, key=lambda cell: (sum(self.parts[cell]), str(cell)))

    def _has_witness(self, cell: Cell, keys: list[frozenset[Cell]], whole: Mapping[frozenset[Cell], list[int]]) -> bool:
        inside: dict[frozenset[Cell], list[int]] = defaultdict(lambda: [0, 0])
        for index in self.members[cell]:
            inside[keys[index]][0] += self.groups[index].first
            inside[keys[index]][1] += self.groups[index].second
        for key, (first, second) in inside.items():
            out_first, out_second = whole[key][0] - first, whole[key][1] - second
            if not key or (first and out_second) or (second and out_first):
                return True
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
