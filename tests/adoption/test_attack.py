"""The guard attacked from outside: everything that the public and an officer can get is gathered from
pages' files of every level, cut and day, and solved for what is hidden."""

import csv
import io
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True)
class Kind:
    """Offices that nobody outside can tell apart but by name: one municipality, the same services."""

    municipality: str
    services: tuple[str, ...]

    def cells(self) -> set[Cell]:
        prefecture = {YONAGO: TOTTORI, TOTTORI_CITY: TOTTORI, MATSUE: SHIMANE}[self.municipality]
        sides = {"cm" if code == "43" else "pr" for code in self.services}
        cuts = {"all", *sides, *self.services}
        return {(area, cut) for area in (self.municipality, prefecture, NATION) for cut in cuts}


@pytest.fixture(params=[1, 2])
def seed(request: pytest.FixtureRequest, db: None, settings: object) -> int:
    settings.PORTAL_TODAY = TODAY  # type: ignore[attr-defined]
    luck = random.Random(request.param)
    for month in (6, 7, 8):
        for place in (YONAGO, TOTTORI_CITY, MATSUE):
            for _ in range(luck.choice((14, 20, 26)) if month == 6 else luck.choice((0, 1, 5, 8))):
                office = open_office(place, luck.choice((("43",), ("15",), ("11",), ("43", "11"))))
                act = free if luck.random() < 0.7 else paid
                act(office, date(2025, month, luck.randrange(2, 28)))
    for day in DAYS:
        snapshot_make(day=day)
    splits_publish_due(today=TODAY)
    return int(request.param)


def published(client: Client) -> Iterator[tuple[date, Cell, int, int]]:
    """Every split that any file of any place, cut and day tells, with the end of the month it is of."""
    names = {name: code for code, name in SERVICES.items()}
    for place in PLACES:
        for day in DAYS:
            body = client.get(f"/adoption/{place}/cards/services.csv?on={day}").content.decode("utf-8-sig")
            for row in csv.DictReader(io.StringIO(body)):
                if row["フリーパス"] not in ("", "非公表"):
                    month = next(d for d in DAYS if f"{d:%Y-%m}" == row["内わけの月末"])
                    yield month, (place, names[row["サービス種類"]]), int(row["フリーパス"]), int(row["有償"])
            for cut in ("all", "cm", "pr"):
                page = client.get(f"/adoption/{place}/?cut={cut}&on={day}").content.decode()
                shown = _figure(page)
                if shown is not None:
                    month = next(d for d in DAYS if f"{d.month}月{d.day}日の値" in page)
                    yield month, (place, cut), *shown


def _figure(page: str) -> tuple[int, int] | None:

    found = re.search(r'フリーパス利用中</dt><dd class="fig-num m-0">([\d,]+)<small>', page)
    rest = re.search(r"有償は([\d,]+)事業所", page)
    return (int(found.group(1)), int(rest.group(1))) if found and rest else None


def kinds_on(day: date) -> dict[Kind, int]:
    """What everybody may know: how many offices of each kind use the system (each one by its number)."""
    ledger, found = slow.Ledger(), defaultdict(int)
    for office in slow.in_scope(day):
        if ledger.state_of(office, day, day).pricing:
            services = OfficeService.objects.filter(office=office).values_list("service_type", flat=True)
            found[Kind(str(office.municipality_id), tuple(sorted(str(s) for s in services)))] += 1
    return dict(found)


class Solver:
    """Bounds of every kind's free offices, tightened by every published sum until nothing moves, then
    proved by search: a hidden cell is solved when all worlds agree on it."""

    def __init__(self, kinds: dict[Kind, int], sums: dict[Cell, int]) -> None:
        self.kinds, self.most = list(kinds), list(kinds.values())
        self.equations = [([i for i, k in enumerate(self.kinds) if cell in k.cells()], s) for cell, s in sums.items()]

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

    def values(self, cell: Cell, real: int) -> set[int]:
        """The real value of a cell, and another one that agrees with everything published, if there is one."""
        members = [i for i, k in enumerate(self.kinds) if cell in k.cells()]
        found = {real}
        for value in range(sum(self.most[i] for i in members) + 1):
            if value == real:
                continue
            self.equations.append((members, value))
            try:
                if self.world([0] * len(self.most), self.most[:], [200_000]) is not None:
                    return found | {value}
            finally:
                self.equations.pop()
        return found


def test_no_hidden_split_can_be_solved_from_all_levels_cuts_and_days(client: Client, seed: int) -> None:
    told: dict[date, dict[Cell, int]] = defaultdict(dict)
    for day, cell, first, second in published(client):
        assert not is_few(first)
        assert not is_few(second)
        assert told[day].setdefault(cell, first) == first
    secrets = 0
    for day in DAYS:
        counted = slow.figures(day, day)
        solver = Solver(kinds_on(day), told[day])
        for cell, numbers in counted.items():
            if is_few(numbers["free"]) or is_few(numbers["paid"]):
                secrets += 1
                assert cell not in told[day]
                assert len(solver.values(cell, numbers["free"])) > 1, (day, cell, numbers)
    assert secrets > 5
    assert sum(map(len, told.values())) > 2


def test_the_solver_wins_where_nothing_is_guarded(client: Client, seed: int) -> None:
    """With every sum but the small ones told, it finds some: so the test above can fail."""
    day, solved = DAYS[-1], 0
    counted = slow.figures(day, day)
    cells = {cell for kind in kinds_on(day) for cell in kind.cells()}
    small = {c for c in cells if is_few(counted[c]["free"]) or is_few(counted[c]["paid"])}
    solver = Solver(kinds_on(day), {c: counted[c]["free"] for c in cells - small})
    for cell in sorted(small):
        solved += len(solver.values(cell, counted[cell]["free"])) == 1
    assert solved


def test_the_public_files_hold_no_other_split(client: Client, seed: int) -> None:
    """Endpoint, open data and list tell using and not using, and nothing of pricing."""
    for url in ("/api/v1/adoption/?level=municipality&on=2025-08-31&format=csv", "/adoption/data/municipalities.csv"):
        response = client.get(url)
        body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
        heads = body.decode("utf-8-sig").splitlines()[0]
        assert not any(word in heads for word in ("free", "paid", "フリーパス", "有償", "停止", "期限切れ"))
