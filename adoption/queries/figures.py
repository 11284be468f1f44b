"""Figures as they were written down by night; of a day without any, straight from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q

from adoption.enums import ALL
from adoption.models import AreaDay, SnapshotRun
from adoption.queries.live import Figures, live_figures
from adoption.queries.places import Place, level_places
from careplan_portal.lib.dates import EARLIEST, day_before, month_end, month_start
from careplan_portal.lib.prepared import prepared

NUMBERS = tuple(field.name for field in fields(Figures))[2:]


@dataclass(frozen=True, slots=True)
class Run:
    """Which figures are shown: their day, until when knowledge counts, and when they were made."""

    day: date
    known_on: date
    made_at: datetime
    by_service: bool

    @property
    def is_as_known_then(self) -> bool:
        return self.known_on == self.day


_runs_before = prepared(lambda today: SnapshotRun.objects.filter(day__lt=today).order_by("-day"))


def newest_run(today: date) -> Run | None:
    """The newest figures before `today`; None before the first night."""
    return _run(_runs_before.first(today))


def run_on(day: date) -> Run | None:
    """The figures of exactly that day; None where none were made."""
    return _run(SnapshotRun.objects.filter(day=day).first())


def _run(row: SnapshotRun | None) -> Run | None:
    return Run(row.day, row.known_on, row.made_at, row.by_service) if row else None


def run_days(today: date) -> list[date]:
    """Days that a reader may choose: the last two weeks' and the ends of months, newest first."""
    days = SnapshotRun.objects.filter(day__lt=today).order_by("-day").values_list("day", flat=True)
    recent = Q(day__gte=today - timedelta(days=14))
    ends = [
        month_end(today.replace(year=year, month=month, day=1))
        for year in range(EARLIEST.year, today.year + 1)
        for month in range(1, 13)
    ]
    return list(days.filter(recent | Q(day__in=ends)))


# --- one day, every area -------------------------------------------------------------------------


def country_on(run: Run, cut: str = ALL) -> dict[str, Figures]:
    """Every area's figures of a day in one cut; areas without an office are left out. Kept in the
    process: nearly every page compares, and a day's figures change only when they are made anew."""
    return _country(run.day, cut, run.made_at)


@lru_cache(maxsize=48)
def _country(day: date, cut: str, made_at: datetime) -> dict[str, Figures]:
    rows = AreaDay.objects.filter(day=day, cut=cut).values_list("area_code", "cut", *NUMBERS)
    return {row[0]: Figures(*row) for row in rows}


def level_on(level: str, on: date, today: date) -> list[tuple[Place, Figures]]:
    """Every prefecture or municipality with its figures on a day, in order of code; zeros where no
    office is in scope. From the night's figures, or from the ledger as known `today`."""
    run = run_on(on) if on < today else None
    found = country_on(run) if run else {f.area_code: f for f in live_figures(on, max(on, today))}
    return [(place, found.get(place.code) or Figures(place.code, ALL, 0, 0)) for place in level_places(level)]


def course_days(run: Run, months: int = 13) -> list[date]:
    """The ends of the months before a day, oldest first, and the day itself."""
    found, day = [run.day], day_before(month_start(run.day))
    for _ in range(months - 1):
        found.append(day)
        day = day_before(month_start(day))
    return sorted(found)


def same_size(place: Place, country: dict[str, Figures], count: int = 5) -> Sequence[str]:
    """Codes of the municipalities with the nearest number of offices in scope, from half to twice as many;
    the place left out."""
    mine = sum(country[code].offices_in_scope for code in place.members if code in country)
    others = [f for p in level_places("municipality") if p.code not in place.members and (f := country.get(p.code))
              and mine <= 2 * f.offices_in_scope <= 4 * mine]  # fmt: skip
    return [f.area_code for f in sorted(others, key=lambda f: (abs(f.offices_in_scope - mine), f.area_code))[:count]]
