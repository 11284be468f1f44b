"""The guard attacked from outside: everything that the public and an officer can get is gathered from
pages' files of every level, cut and day, and solved for what is hidden."""

import csv
import io
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from math import lcm

import pytest
from django.test import Client

from adoption.enums import NATION
from adoption.rules.guard import is_few
from adoption.services.snapshots import snapshot_make
from adoption.services.splits import splits_publish_due
from offices.models import OfficeService
from tests.adoption import slow
from tests.adoption.conftest import MATSUE, SHIMANE, TOTTORI, TOTTORI_CITY, YONAGO, free, open_office, paid

DAYS = (date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31))
TODAY = date(2025, 9, 1)
PLACES = (NATION, TOTTORI, SHIMANE, YONAGO, TOTTORI_CITY, MATSUE)
SERVICES = {"43": "居宅介護支援", "15": "通所介護", "11": "訪問介護"}
Cell = tuple[str, str]
DayCell = tuple[date, Cell]


@dataclass(frozen=True)
class Kind:
    """Offices that nobody outside can tell apart but by name: one municipality, the same services, a month
    in which they started. Whoever looks every day knows that of every number."""

    municipality: str
    services: tuple[str, ...]
    started: date

    def cells(self) -> set[DayCell]:
        """Every sum that it is in, on each of the days."""
        prefecture = {YONAGO: TOTTORI, TOTTORI_CITY: TOTTORI, MATSUE: SHIMANE}[self.municipality]
        sides = {"cm" if code == "43" else "pr" for code in self.services}
        cuts = {"all", *sides, *self.services, f"y{self.started.year - 1999}{self.started:%m}"}
        days = [day for day in DAYS if day >= self.started]
        return {(day, (area, cut)) for day in days for area in (self.municipality, prefecture, NATION) for cut in cuts}


@pytest.fixture(params=[1, 2])
def seed(request: pytest.FixtureRequest, db: None, settings: object) -> int:
    settings.PORTAL_TODAY = TODAY  # type: ignore[attr-defined]
    luck = random.Random(request.param)
    for month in (6, 7, 8):
        for place in (YONAGO, TOTTORI_CITY, MATSUE):
            for _ in range(luck.choice((30, 45, 60)) if month == 6 else luck.choice((0, 1, 9, 25))):
                office = open_office(place, luck.choice((("43",), ("15",), ("11",), ("43", "11"))))
                act = free if luck.random() < 0.7 else paid
                act(office, date(2025, month, luck.randrange(2, 28)))
    for day in DAYS:
        snapshot_make(day=day)
    splits_publish_due(today=TODAY)
    return int(request.param)


def published(client: Client) -> Iterator[tuple[DayCell, int, int]]:
    """Every split that any file or page of any place, cut and day tells, with the end of the month it is of."""
    names = {name: code for code, name in SERVICES.items()}
    for place, day in product(PLACES, DAYS):
        for row in rows_of(client, place, day, "services"):
            if row["フリーパス"] not in ("", "非公表"):
                month = next(d for d in DAYS if f"{d:%Y-%m}" == row["内わけの月末"])
                yield (month, (place, names[row["サービス種類"]])), int(row["フリーパス"]), int(row["有償"])
        for row in rows_of(client, place, day, "endings"):
            if row["フリーパス"] not in ("", "非公表"):
                month = next(d for d in DAYS if f"{d:%Y-%m}" == row["内わけの月末"])
                cut = "y" + row["更新月"][2:].replace("-", "")
                yield (month, (place, cut)), int(row["フリーパス"]), int(row["有償"])
        for cut in ("all", "cm", "pr"):
            page = client.get(f"/adoption/{place}/?cut={cut}&on={day}").content.decode()
            shown = _figure(page)
            if shown is not None:
                month = next(d for d in DAYS if f"{d.month}月{d.day}日の値" in page)
                yield (month, (place, cut)), *shown


def rows_of(client: Client, place: str, day: date, card: str) -> list[dict[str, str]]:
    response = client.get(f"/adoption/{place}/cards/{card}.csv?on={day}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def _figure(page: str) -> tuple[int, int] | None:

    found = re.search(r'フリーパス利用中</dt><dd class="fig-num m-0">([\d,]+)<small>', page)
    rest = re.search(r"有償は([\d,]+)事業所", page)
    return (int(found.group(1)), int(rest.group(1))) if found and rest else None


def kinds_of_offices(only: str = "") -> dict[Kind, int]:
    """What everybody may know: how many offices of each kind use the system (each one by its number). And what
    nobody may: how many of them are `only` free."""
    ledger, found = slow.Ledger(), defaultdict(int)
    for office in slow.in_scope(DAYS[-1]):
        if ledger.state_of(office, DAYS[-1], DAYS[-1]).pricing:
            services = OfficeService.objects.filter(office=office).values_list("service_type", flat=True)
            (term,) = ledger.terms[ledger.license_of[office.pk]]
            month = term.starts_on.replace(day=1)
            found[Kind(str(office.municipality_id), tuple(sorted(str(s) for s in services)), month)] += only in (
                "",
                term.pricing,
            )
    return dict(found)


class Solver:
    """A hidden cell is solved when all worlds that agree with everything published agree on it. Another world
    is looked for among the real one's neighbours (what can move without any sum changing, by elimination),
    and where there is none by search: bounds of every kind's free offices, tightened by every sum."""

    def __init__(self, kinds: dict[Kind, int], sums: Mapping[DayCell, int]) -> None:
        self.kinds, self.most = list(kinds), list(kinds.values())
        self.equations = [([i for i, k in enumerate(self.kinds) if cell in k.cells()], s) for cell, s in sums.items()]
        self._walked: list[tuple[int, ...]] = []

    def narrow(self, low: list[int], high: list[int]) -> bool:
        moved = True
        while moved:
            moved = False
            for members, total in self.equations:
                lows, highs = sum(low[i] for i in members), sum(high[i] for i in members)
                if not lows <= total <= highs:
                    return False
                for i in members:
                    new_low = max(low[i], total - (highs - high[i]))
                    new_high = min(high[i], total - (lows - low[i]))
                    if (new_low, new_high) != (low[i], high[i]):
                        low[i], high[i], moved = new_low, new_high, True
                        if new_low > new_high:
                            return False
                        lows, highs = sum(low[j] for j in members), sum(high[j] for j in members)
        return True

    def world(self, low: list[int], high: list[int], budget: list[int]) -> list[int] | None:
        if not self.narrow(low, high):
            return None
        open_ = [i for i in range(len(low)) if low[i] < high[i]]
        if not open_:
            return low
        pick = min(open_, key=lambda i: high[i] - low[i])
        for value in range(low[pick], high[pick] + 1):
            budget[0] -= 1
            if budget[0] < 0:
                raise RuntimeError("the search gave up")
            lows, highs = low[:], high[:]
            lows[pick] = highs[pick] = value
            if (found := self.world(lows, highs, budget)) is not None:
                return found
        return None

    def is_solved(self, cell: DayCell, world: Mapping[Kind, int]) -> bool:
        """`world`: how many of each kind are free, really."""
        members = [i for i, k in enumerate(self.kinds) if cell in k.cells()]
        real = [world.get(kind, 0) for kind in self.kinds]
        value = sum(real[i] for i in members)
        if any(sum(other[i] for i in members) != value for other in self.worlds(tuple(real))):
            return False
        if not any(sum(move[i] for i in members) for move in self.moves):
            return True  # it is a sum of sums
        return not any(self._has_world(members, value + step) for step in (-1, 1, -2, 2))

    def _has_world(self, members: list[int], value: int) -> bool:
        if not 0 <= value <= sum(self.most[i] for i in members):
            return False
        self.equations.append((members, value))
        try:
            return self.world([0] * len(self.most), self.most[:], [2_000]) is not None
        finally:
            self.equations.pop()

    def worlds(self, real: tuple[int, ...]) -> list[tuple[int, ...]]:
        """A walk from the real world through others that agree with every sum."""
        if not self._walked:
            luck, here = random.Random(1), real
            for move in luck.choices(self.moves, k=1500) if self.moves else ():
                sign = luck.choice((-1, 1))
                there = tuple(x + sign * d for x, d in zip(here, move, strict=True))
                if all(0 <= x <= most for x, most in zip(there, self.most, strict=True)):
                    here = there
                    self._walked.append(here)
        return self._walked

    @cached_property
    def moves(self) -> list[list[int]]:
        """Changes that leave every sum alone: they span all there are."""
        rows = [[int(i in set(members)) for i in range(len(self.most))] for members, _ in self.equations]
        base = null_space(rows, len(self.most))
        near = [
            [a + s * b for a, b in zip(one, two, strict=True)] for one, two in combinations(base, 2) for s in (1, -1)
        ]
        return base + [move for move in near if sum(map(abs, move)) <= 6]


def null_space(rows: list[list[int]], width: int) -> list[list[int]]:
    """Whole-number vectors that span what the rows do not see, by elimination over fractions."""
    matrix, pivots = [[Fraction(x) for x in row] for row in rows], []
    for column in range(width):
        found = next((r for r in range(len(pivots), len(matrix)) if matrix[r][column]), None)
        if found is None:
            continue
        at = len(pivots)
        matrix[at], matrix[found] = matrix[found], matrix[at]
        matrix[at] = [x / matrix[at][column] for x in matrix[at]]
        for r, row in enumerate(matrix):
            if r != at and row[column]:
                matrix[r] = [x - row[column] * y for x, y in zip(row, matrix[at], strict=True)]
        pivots.append(column)
    vectors = []
    for free_column in (c for c in range(width) if c not in pivots):
        vector = [Fraction(0)] * width
        vector[free_column] = Fraction(1)
        for at, column in enumerate(pivots):
            vector[column] = -matrix[at][free_column]
        scale = lcm(*(x.denominator for x in vector))
        vectors.append([int(x * scale) for x in vector])
    return vectors


def is_solved(kinds: dict[str, tuple[int, set[str]]], sums: Mapping[str, int], name: str, real: int) -> bool:
    """Whether a kind's number follows from sums: kinds by name, how many there are and the sums they are in."""

    class Named(Solver):
        def __init__(self) -> None:
            self.kinds, self.most = [], [most for most, _ in kinds.values()]
            self.equations = [
                ([i for i, (_, cells) in enumerate(kinds.values()) if cell in cells], s) for cell, s in sums.items()
            ]

    place = list(kinds).index(name)
    solver = Named()
    for value in range(kinds[name][0] + 1):
        if value == real:
            continue
        solver.equations.append(([place], value))
        if solver.world([0] * len(solver.most), solver.most[:], [200_000]) is not None:
            return False
        solver.equations.pop()
    return True


def secrets() -> set[DayCell]:
    """Cells with a small part."""
    found = set()
    for day in DAYS:
        parts = {cell: (n["free"], n["paid"]) for cell, n in slow.figures(day, day).items()} | slow.months(day, day)
        found |= {(day, cell) for cell, (free, paid) in parts.items() if is_few(free) or is_few(paid)}
    return found


def test_no_hidden_split_can_be_solved_from_all_levels_cuts_and_days_together(client: Client, seed: int) -> None:
    told: dict[DayCell, int] = {}
    for cell, first, second in published(client):
        assert not is_few(first)
        assert not is_few(second)
        assert told.setdefault(cell, first) == first
    kinds, world, hidden = kinds_of_offices(), kinds_of_offices("free_pass"), secrets()
    solver = Solver(kinds, told)
    assert not set(told) & hidden
    for cell in hidden:
        if solver.is_solved(cell, world):
            # No secret when its day came: what had been told before, and who started when, told it already.
            before = Solver(kinds, {other: sums for other, sums in told.items() if other[0] < cell[0]})
            assert before.is_solved(cell, world), cell
    assert len(hidden) > 5
    assert len(told) > 5


def test_the_solver_wins_where_nothing_is_guarded(client: Client, seed: int) -> None:
    """With every sum but the small ones told, it finds some: so the test above can fail."""
    kinds, world, hidden = kinds_of_offices(), kinds_of_offices("free_pass"), secrets()
    cells = {cell for kind in kinds for cell in kind.cells()}
    counted = {day: {c: n["free"] for c, n in slow.figures(day, day).items()} for day in DAYS}
    sums = {cell: counted[cell[0]][cell[1]] for cell in cells - hidden if not cell[1][1].startswith("y")}
    solver = Solver(kinds, sums)
    assert any(solver.is_solved(cell, world) for cell in sorted(hidden & cells))


def test_the_public_files_hold_no_other_split(client: Client, seed: int) -> None:
    """Endpoint, open data and list tell using and not using, and nothing of pricing."""
    for url in ("/api/v1/adoption/?level=municipality&on=2025-08-31&format=csv", "/adoption/data/municipalities.csv"):
        response = client.get(url)
        body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
        heads = body.decode("utf-8-sig").splitlines()[0]
        assert not any(word in heads for word in ("free", "paid", "フリーパス", "有償", "停止", "期限切れ"))
