"""Every number of every card, counted again office by office, on random days and places."""

import math
import random
import statistics
from datetime import date, timedelta

import pytest

from adoption.documents.card import Card
from adoption.documents.cards import cards_of
from adoption.documents.page import figs, sentences
from adoption.documents.sheets import HIDDEN
from adoption.enums import NATION
from adoption.queries.board import Board, board, course_days
from adoption.queries.figures import run_on
from adoption.queries.places import Place, municipality_codes, public_places
from adoption.services.filings import filings_publish_due
from adoption.services.reach import reach_make
from adoption.services.snapshots import snapshot_make
from adoption.services.splits import splits_publish_due
from campaigns.models import FreePassApplication
from careplan_portal.lib.dates import month_end
from offices.models import Office
from offices.rules.catalogue import service_kinds
from tests.adoption import slow
from tests.adoption.conftest import FIRST, MATSUE, SAPPORO, SHIMANE, TOTTORI, TOTTORI_CITY, YONAGO, Country, application

UNION = Place("union", "中部広域", "area", TOTTORI, (YONAGO, TOTTORI_CITY))
PLACES = [public_places()[code] for code in (NATION, TOTTORI, SHIMANE, YONAGO, TOTTORI_CITY, MATSUE, SAPPORO)]
Counts = dict[tuple[str, str], dict[str, int]]


class World:
    """What the slow count says of each day that a page of the day shows."""

    def __init__(self, day: date, known: date) -> None:
        self.days = {}
        self._months: dict[date, dict[tuple[str, str], tuple[int, int]]] = {}
        for shown in [*sorted({day, *(month_end(day - timedelta(days=31 * n)) for n in range(1, 15))})]:
            if FIRST <= shown <= day:
                self.days[shown] = slow.figures(shown, min(shown, known))

    def months(self, day: date) -> dict[tuple[str, str], tuple[int, int]]:
        if day not in self._months:
            self._months[day] = slow.months(day, day)
        return self._months[day]

    def count(self, place: Place, cut: str, name: str, day: date) -> int:
        return sum(self.days[day].get((code, cut), {}).get(name, 0) for code in place.members)

    def rate(self, place: Place, cut: str, day: date) -> float | None:
        scope = self.count(place, cut, "offices_in_scope", day)
        return self.count(place, cut, "offices_using", day) / scope if scope else None


@pytest.mark.parametrize("seed", [41, 42])
def test_every_number_on_every_card(country: Country, seed: int) -> None:
    country(seed, offices=70)
    luck = random.Random(seed)
    day = FIRST + timedelta(days=luck.randrange(200, 400))
    world = World(day, day)
    for shown in world.days:
        snapshot_make(day=shown)
    splits_publish_due(today=day + timedelta(days=1))
    _applications(luck, day)
    filings_publish_due(today=day + timedelta(days=1))
    reach_make(day=day)
    run = run_on(day)
    assert run is not None
    for place in [*PLACES, UNION]:
        for cut in ("all", luck.choice(("cm", "pr", "43", "15"))):
            found = board(place, run, cut)
            assert set(found.own) == {d for d in course_days(run) if d in world.days}
            for card in cards_of(found, day + timedelta(days=1)):
                CHECKS[card.key](card, found, world)
            _figs(found, world)


def _course(card: Card, found: Board, world: World) -> None:
    for day in found.own.keys() - found.known.keys():  # months before anything is known are no zeros
        assert world.count(found.place, found.cut, "offices_using", day) == 0
    for day, line in zip(sorted(found.known, reverse=True), card.sheet.lines, strict=True):
        _, using, scope, *rates = line.cells
        assert using == world.count(found.place, found.cut, "offices_using", day)
        assert scope == world.count(found.place, found.cut, "offices_in_scope", day)
        assert rates == [world.rate(place, found.cut, day) for place in (found.place, *found.above)]


def _places(card: Card, found: Board, world: World) -> None:
    by_name = {place.name: place for place in public_places().values() if place.level != "nation"}
    for line in card.sheet.lines:
        name, using, scope, rate = line.cells
        place = by_name[name]
        if place.code not in line.url:
            continue  # two municipalities of one name: the address tells which
        assert using == world.count(place, found.cut, "offices_using", found.run.day)
        assert scope == world.count(place, found.cut, "offices_in_scope", found.run.day)
        assert rate == world.rate(place, found.cut, found.run.day)


def _services(card: Card, found: Board, world: World) -> None:
    codes = {kind.name: code for code, kind in service_kinds().items()}
    for line in card.sheet.lines:
        name, _, using, scope, rate, free, paid, month = line.cells
        cut, day = codes[name], found.run.day
        assert using == world.count(found.place, cut, "offices_using", day)
        assert scope == world.count(found.place, cut, "offices_in_scope", day)
        assert rate == world.rate(found.place, cut, day)
        if free not in (HIDDEN, None):
            then = next(d for d in world.days if f"{d:%Y-%m}" == month and d == month_end(d))
            assert (free, paid) == tuple(world.count(found.place, cut, key, then) for key in ("free", "paid"))


def _flows(card: Card, found: Board, world: World) -> None:
    days = sorted(found.known)
    for day, before, line in zip(reversed(days), [*reversed(days[:-1]), None], card.sheet.lines, strict=True):
        _, started, gone, other, net, scope, stopped, lapsed = line.cells
        assert gone == sum(world.count(found.place, found.cut, name, day) for name in ("stopped", "lapsed"))
        assert started == world.count(found.place, found.cut, "started", day)
        if before is not None:
            then = world.count(found.place, found.cut, "offices_using", before)
            assert net == world.count(found.place, found.cut, "offices_using", day) - then
            assert started - gone + other == net
            listed = world.count(found.place, found.cut, "offices_in_scope", before)
            assert scope == world.count(found.place, found.cut, "offices_in_scope", day) - listed
        for name, cell in (("stopped", stopped), ("lapsed", lapsed)):
            if cell not in (HIDDEN, None):
                assert cell == world.count(found.place, "all", name, day)


def _compare(card: Card, found: Board, world: World) -> None:
    day = found.run.day
    by_name = {place.full_name: place for place in public_places().values()}
    for line in card.sheet.lines:
        name, kind, using, scope, rate = line.cells
        if kind == "中央値":
            level = [p for p in public_places().values() if p.level == "municipality"]
            if not name.startswith("全国"):
                level = [p for p in level if p.prefecture_name == name.removesuffix("の中央値")]
            rates = [r for p in level if (r := world.rate(p, found.cut, day)) is not None]
            assert rate == (statistics.median(rates) if rates else None)
            continue
        place = found.place if kind == "この地域" else by_name[name]
        assert (using, scope) == tuple(
            world.count(place, found.cut, k, day) for k in ("offices_using", "offices_in_scope")
        )
        assert rate == world.rate(place, found.cut, day)


def _figs(found: Board, world: World) -> None:
    day = found.run.day
    using, scope = (world.count(found.place, found.cut, key, day) for key in ("offices_using", "offices_in_scope"))
    rate, half, pairs, _ = figs(found)
    assert rate.bold == f"{using:,} / {scope:,}事業所"
    assert half.bold == f"半分は{-(-scope // 2):,}事業所"
    where, moving, third = sentences(found)
    assert f"対象{scope:,}事業所" in str(where) or not scope
    if scope and using < -(-scope // 2):
        assert f"あと{-(-scope // 2) - using:,}事業所で半分" in str(moving)
    if found.place.level == "municipality":
        every, both = slow.pairs(day, day, found.place.code)
        assert pairs.bold == (f"{both:,} / {every:,}組" if every else "組がありません")
        if found.leaders:
            assert found.leaders[0].name in str(third)


def _applications(luck: random.Random, day: date) -> None:
    """Filings of the last weeks, by some of the offices."""
    for office in luck.sample(list(Office.objects.all()), 40):
        application(office, day - timedelta(days=luck.randrange(1, 40)))


def _endings(card: Card, found: Board, world: World) -> None:
    published = found.split_day
    assert published is not None
    for line in card.sheet.lines:
        month, offices, free, paid, of = line.cells
        cut = "y" + month[2:4] + month[5:]
        assert offices == sum(sum(world.months(published).get((code, cut), (0, 0))) for code in found.place.members)
        if free != HIDDEN:
            then = next((d for d in world.days if f"{d:%Y-%m}" == of and d == month_end(d)), None)
            assert then is not None
            real = [world.months(then).get((code, cut), (0, 0)) for code in found.place.members]
            assert (free, paid) == (sum(r[0] for r in real), sum(r[1] for r in real))


def _cohorts(card: Card, found: Board, world: World) -> None:
    for line in card.sheet.lines:
        month, offices, kept, rate, free, free_kept, free_gone = line.cells
        then = next(d for d in world.days if f"{d:%Y-%m}" == month and d == month_end(d))
        k, x = (
            [world.months(then).get((code, f"{kind}{month[2:4]}{month[5:]}"), (0, 0)) for code in found.place.members]
            for kind in "kx"
        )
        assert kept == sum(sum(parts) for parts in k)
        assert offices == kept + sum(sum(parts) for parts in x)
        assert rate == kept / offices
        for cell, real in ((free_kept, k), (free_gone, x), (free, k + x)):
            assert cell in (HIDDEN, sum(parts[0] for parts in real))


def _filings(card: Card, found: Board, world: World) -> None:
    in_scope = list(slow.in_scope(found.run.day))
    names = {code: place.name for code, place in public_places().items()}
    for line in card.sheet.lines:
        sunday, filed, rate, *others = line.cells
        codes = [found.place.members, *([code] for code in [c for c in ("", *[p.code for p in found.above]) if c])]
        told = (
            [(filed, rate)] + [(None, cell) for cell in others[-len(found.above) :]] if found.above else [(filed, rate)]
        )
        assert [head.text for head in card.sheet.heads][-len(found.above) :] == [
            names[p.code] for p in found.above
        ] or (not found.above)
        for members, (count, share) in zip(codes, told, strict=True):
            mine = [o for o in in_scope if set(slow.areas_of(o)) & set(members)]
            since = sunday - timedelta(days=6)
            real = {a.office_id for a in FreePassApplication.objects.filter(filed_on__range=(since, sunday))}
            number = sum(office.pk in real for office in mine)
            if count not in (None, HIDDEN):
                assert count == number > 4
            if share not in (None, HIDDEN):
                open_then = [o for o in mine if o.closed_on is None or o.closed_on > sunday]
                assert share == 1000 * sum(office.pk in real for office in open_then) / len(open_then)


def _reach(card: Card, found: Board, world: World) -> None:
    rows = {line.cells[0]: line.cells[2:] for line in card.sheet.lines}
    for side, other, name in (("cm", "pr", "居宅"), ("pr", "cm", "サービス")):
        if name in rows:
            codes = municipality_codes(found.place)
            told = slow.reach(found.run.day, set(codes), side, other)
            offices, reached, rate, *around = rows[name]
            assert (offices, reached) == told[:2]
            assert rate == (told[3] / told[2] if told[2] else None)
            if len(codes) == 1:
                total, using = told[4:]
                assert around == [total, using, max(-(-total // 2) - using, 0)]


def _planner(card: Card, found: Board, world: World) -> None:
    using, scope = (
        world.count(found.place, found.cut, k, found.run.day) for k in ("offices_using", "offices_in_scope")
    )
    for line in card.sheet.lines:
        share, new, cost, rate, left = line.cells
        per_cent = int(share.removesuffix("％"))
        assert new == math.ceil((scope - using) * per_cent / 100)
        assert rate == (using + new) / scope
        assert left == max(math.ceil(scope / 2) - using - new, 0)
        assert cost == new * 10500


CHECKS = {
    "course": _course, "map": _places, "places": _places, "services": _services, "flows": _flows, "compare": _compare,
    "endings": _endings, "cohorts": _cohorts, "filings": _filings, "reach": _reach, "planner": _planner,
    "outside": lambda card, found, world: None,
}  # fmt: skip
