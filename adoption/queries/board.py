"""All that one page of figures needs, in a handful of queries whatever the place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Q

from adoption.enums import ALL, CARE_MANAGER, NATION, PROVIDER, SIDES, Split
from adoption.models import AreaDay
from adoption.queries.figures import NUMBERS, Run, country_on, course_days
from adoption.queries.live import Figures
from adoption.queries.places import Place, public_places
from adoption.queries.splits import Shown, newest_split_day, shown_splits, split_course
from adoption.rules.wording import Leader
from careplan_portal.lib.dates import day_before, month_start
from offices.rules.catalogue import service_kinds


@dataclass(frozen=True, slots=True)
class Board:
    """A place on a day in one cut. `days` are the ends of months before it and itself; `course` holds
    the place and those above it by code (own place: its code), each day's figures; `cells` are the
    day's figures in every cut. `pricing` is what was last published of it by cut (a cut without a row:
    hidden), `ended` by end of month (None: hidden)."""

    place: Place
    run: Run
    cut: str
    days: tuple[date, ...]
    course: dict[str, dict[date, Figures]]
    cells: dict[str, Figures]
    leaders: tuple[Leader, ...]
    country: dict[str, Figures]
    split_day: date | None
    pricing: dict[str, Shown]
    ended: dict[date, Shown | None]

    @property
    def now(self) -> Figures:
        return self.cells.get(self.cut) or Figures(self.place.code, self.cut, 0, 0)

    @property
    def own(self) -> dict[date, Figures]:
        return self.course[self.place.code]

    def on(self, day: date) -> Figures | None:
        return self.own.get(day)

    @property
    def month_ago(self) -> Figures | None:
        """The end of the month before the day's, where anything is known of it."""
        day = day_before(month_start(self.run.day))
        return self.on(day) if self.since and self.since[0] <= day else None

    @property
    def since(self) -> tuple[date, Figures] | None:
        """The first of the days that anything is known of, with its figures: before the nation's first
        licence nothing is. None where that day is the newest."""
        nation = self.course.get(NATION, self.own)
        first = next((day for day in self.own if nation[day].offices_using), self.run.day)
        return (first, self.own[first]) if first < self.run.day else None

    @property
    def known(self) -> dict[date, Figures]:
        """The place's days from that first one on: none in use before it would be a claim that nobody can make."""
        first = self.since[0] if self.since else self.run.day
        return {day: figures for day, figures in self.own.items() if day >= first}

    @property
    def above(self) -> list[Place]:
        """What the place is compared with: its prefecture and the nation."""
        codes = [self.place.prefecture_code, NATION]
        return [public_places()[code] for code in codes if code and code not in (self.place.code, *self.place.members)]


def board(place: Place, run: Run, cut: str = ALL) -> Board:
    """Everything of a place on a day. Six queries, and one a process for the day's comparison."""
    days = course_days(run)
    codes = {*place.members, NATION, *([place.prefecture_code] if place.prefecture_code else [])}
    rows = _rows(codes, days, cut)
    cells = _cells(place, run)
    split_day = newest_split_day(run.day)
    pricing = shown_splits(Split.PRICING, place.members, split_day) if split_day else {}
    summed = {name: _sum(place.code, name, found) for name, found in cells.items()}
    return Board(
        place=place,
        run=run,
        cut=cut,
        days=tuple(days),
        course=_courses(place, rows, cut, days),
        cells=summed,
        leaders=_leaders(place, cells, summed, cut),
        country=country_on(run, cut),
        split_day=split_day,
        pricing=pricing,
        ended=split_course(Split.ENDED, place.members, days) if cut == ALL else {},
    )


def _rows(codes: Iterable[str], days: list[date], cut: str) -> dict[date, dict[str, Figures]]:
    """The figures of one cut by day and area. A day with figures has the nation's row of everybody, so a
    place without a row of the cut had no such office then, were it even the whole nation."""
    found: dict[date, dict[str, Figures]] = {}
    wanted = Q(cut=cut, area_code__in=list(codes)) | Q(cut=ALL, area_code=NATION)
    for day, *row in AreaDay.objects.filter(wanted, day__in=days).values_list("day", "area_code", "cut", *NUMBERS):
        of_day = found.setdefault(day, {})
        if row[1] == cut:
            of_day[row[0]] = Figures(*row)
    return found


def _courses(
    place: Place, rows: dict[date, dict[str, Figures]], cut: str, days: list[date]
) -> dict[str, dict[date, Figures]]:
    courses: dict[str, dict[date, Figures]] = {place.code: {}}
    for day in (day for day in days if day in rows):
        found = rows[day]
        courses[place.code][day] = _sum(place.code, cut, [found[code] for code in place.members if code in found])
        for code in {place.prefecture_code, NATION} - {"", place.code}:
            courses.setdefault(code, {})[day] = found.get(code) or Figures(code, cut, 0, 0)
    return courses


def _cells(place: Place, run: Run) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = defaultdict(list)
    rows = AreaDay.objects.filter(day=run.day, area_code__in=place.members).order_by("cut", "area_code")
    for row in rows.values_list("area_code", "cut", *NUMBERS):
        found[row[1]].append(Figures(*row))
    return found


def _sum(code: str, cut: str, found: Iterable[Figures]) -> Figures:
    totals = dict.fromkeys(NUMBERS, 0)
    for figures in found:
        for name in NUMBERS:
            totals[name] += getattr(figures, name)
    return Figures(code, cut, **totals)


def _leaders(place: Place, cells: dict[str, list[Figures]], summed: dict[str, Figures], cut: str) -> tuple[Leader, ...]:
    """Services (of the cut) by the pairs that their waiting offices would make with offices of the other
    side in the same municipality that use the system; for places made of municipalities."""
    if place.level not in ("municipality", "area"):
        return ()
    using = {side: {f.area_code: f.offices_using for f in cells.get(side, ())} for side in (CARE_MANAGER, PROVIDER)}
    leaders = []
    for code, found in cells.items():
        kind = service_kinds().get(code)
        if kind is None or cut not in (ALL, code, _SIDE_CUTS[kind.side]):
            continue
        other = using[PROVIDER if kind.side == "care_manager" else CARE_MANAGER]
        pairs = sum((f.offices_in_scope - f.offices_using) * other.get(f.area_code, 0) for f in found)
        total = summed[code]
        if waiting := total.offices_in_scope - total.offices_using:
            leaders.append(Leader(kind.name, waiting, pairs, total.rate))
    return tuple(sorted(leaders, key=lambda one: (-one.pairs, -one.waiting, one.name)))


_SIDE_CUTS = {str(side): cut for cut, side in SIDES.items()}

assert {field.name for field in fields(Figures)} == {"area_code", "cut", *NUMBERS}
