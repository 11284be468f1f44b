"""The nightly figures. Each day is written whole or not at all; writing it again gives the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from adoption.enums import ALL, CARE_MANAGER, PROVIDER
from adoption.models import AreaDay, SnapshotRun
from adoption.queries.live import FIGURES_SQL, parameters
from careplan_portal.lib.dates import ONE_DAY, day_before, days, month_end, month_start

SERVICE_DAYS = 62
"""For so many days figures by service stay daily; before that the ends of months stay."""
MISSED_NIGHTS = 62
"""So many missed nights are made up for day by day."""
MONTHS_BACK = 13
"""A year's course is drawn from the ends of so many months."""

_ANY_NUMBER = 7_310_002  # advisory lock: one snapshot at a time

INSERT_SQL = f"""
INSERT INTO adoption_areaday (day, cut, area_code, offices_in_scope, offices_using, free, paid,
  started, stopped, lapsed, pairs, pairs_using) {FIGURES_SQL}
"""
PLACES_SQL = """
INSERT INTO adoption_areaplace (area_code, latitude, longitude)
SELECT m.rolled_up_id, avg(o.latitude), avg(o.longitude) FROM offices_office o
JOIN offices_municipality m ON m.code = o.municipality_id
WHERE o.latitude IS NOT NULL AND o.scope IN ('yes', 'short_stay') GROUP BY m.rolled_up_id
ON CONFLICT (area_code) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude
"""


@transaction.atomic
def snapshot_make(*, day: date, known_on: date | None = None) -> int:
    """Write the figures of `day` as known on `known_on` (default: on that day), in place of those
    that are there. Returns the number of rows. Raises ValueError for knowledge before the day."""
    known_on = known_on or day
    if known_on < day:
        raise ValueError("a day cannot be known before it is over")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ANY_NUMBER])
        # Its hash tables hold a row an office: they fit into memory, if they may, and the planner, who
        # cannot see how large inner parts come out, would sort them all instead.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off")
        cursor.execute("DELETE FROM adoption_areaday WHERE day = %s", [day])
        cursor.execute(INSERT_SQL, parameters(day, known_on))
        rows: int = cursor.rowcount
    SnapshotRun.objects.update_or_create(day=day, defaults={"known_on": known_on, "by_service": True})
    return rows


def snapshots_due(today: date) -> list[tuple[date, date]]:
    """(day, known on) of the figures that are missing: every day since the last ones up to
    yesterday, each as known then; and ends of the last months, as known now, where the portal was
    not there yet to know them."""
    yesterday = day_before(today)
    made = set(SnapshotRun.objects.values_list("day", flat=True))
    # A later day than yesterday is there when a demo's clock was set back: it counts for nothing.
    last = max((day for day in made if day <= yesterday), default=day_before(yesterday))
    first = max(last + ONE_DAY, yesterday - timedelta(days=MISSED_NIGHTS - 1))
    missed = [(day, day) for day in days(first, yesterday) if day not in made]
    return [(day, yesterday) for day in _month_ends(yesterday) if day not in made] + missed


def _month_ends(yesterday: date) -> Iterator[date]:
    day = day_before(month_start(yesterday))
    for _ in range(MONTHS_BACK):
        yield month_end(day)
        day = day_before(month_start(day))


def snapshots_make_due(*, today: date) -> dict[str, int]:
    """The night's part: what is due, where offices are, and less detail for old days. A second run
    finds nothing due."""
    due = snapshots_due(today)
    # A missed month's end is made once, as a missed night, where it is both.
    for day, known_on in sorted(dict(due).items()):
        snapshot_make(day=day, known_on=known_on)
    with connection.cursor() as cursor:
        cursor.execute(PLACES_SQL)
    return {"days": len(dict(due)), "thinned": snapshots_thin(today=today)}


@transaction.atomic
def snapshots_thin(*, today: date) -> int:
    """Drop figures by service of days older than SERVICE_DAYS that end no month; returns how many
    days. They can be made again from the ledger at any time."""
    before = today - timedelta(days=SERVICE_DAYS)
    old = [
        day
        for day in SnapshotRun.objects.filter(day__lt=before, by_service=True).values_list("day", flat=True)
        if day != month_end(day)
    ]
    AreaDay.objects.filter(day__in=old).exclude(cut__in=[ALL, CARE_MANAGER, PROVIDER]).delete()
    return SnapshotRun.objects.filter(day__in=old).update(by_service=False)
