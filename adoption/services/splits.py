"""Publishing guarded splits: once for each end of a month, by the rules of `rules.guard`.

Not daily: from one day to the next a single office changes, and who started or ended is public, so
daily splits would tell its pricing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from adoption.enums import ALL, NATION, Split
from adoption.models import PublishedSplit, SnapshotRun, SplitRun
from adoption.queries.live import OfficeGroup, office_groups
from adoption.queries.splits import last_published
from adoption.rules.guard import Cell, Group, Parts, hidden_cells, totals
from careplan_portal.lib.dates import month_end

_ANY_NUMBER = 7_310_003  # advisory lock: one publication at a time


def splits_publish_due(*, today: date) -> int:
    """Publish the splits of every end of a month that has figures and no splits yet, oldest first;
    returns how many. What was published stays: a later correction shows in the next ones."""
    published = SplitRun.objects.order_by("-day").values_list("day", flat=True).first()
    runs = SnapshotRun.objects.filter(day__lt=today, **({"day__gt": published} if published else {}))
    due = [run for run in runs.order_by("day") if run.day == month_end(run.day)]
    for run in due:
        splits_publish(day=run.day, known_on=run.known_on)
    return len(due)


@transaction.atomic
def splits_publish(*, day: date, known_on: date) -> SplitRun | None:
    """Decide and write down what is published of `day`; None when that was done before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ANY_NUMBER])
    if SplitRun.objects.filter(day__gte=day).exists():
        return None
    previous = SplitRun.objects.order_by("-day").first()
    found = office_groups(day, known_on)
    then = office_groups(previous.day, previous.known_on) if previous else []
    cells = hidden = 0
    for split, groups_of in ((Split.PRICING, _pricing), (Split.ENDED, _ended)):
        groups = groups_of(found)
        sums = totals(groups)
        hidden_then = _hidden_then(split, previous, totals(groups_of(then)))
        secret = hidden_cells(groups, last_published(split, before=day), hidden_then)
        cells, hidden = cells + len(sums), hidden + len(secret)
        PublishedSplit.objects.bulk_create(
            _row(split, day, cell, None if cell in secret else sums[cell]) for cell in sums
        )
    return SplitRun.objects.create(day=day, known_on=known_on, cells=cells, hidden=hidden)


def _hidden_then(split: Split, previous: SplitRun | None, parts: dict[Cell, Parts]) -> dict[Cell, Parts]:
    if previous is None:
        return {}
    rows = PublishedSplit.objects.filter(split=split, day=previous.day, first=None).values_list("area_code", "cut")
    return {cell: parts[cell] for cell in rows if cell in parts}


def _row(split: Split, day: date, cell: Cell, parts: Parts | None) -> PublishedSplit:
    first, second = parts or (None, None)
    return PublishedSplit(split=split, area_code=cell[0], cut=cell[1], day=day, first=first, second=second)


def _pricing(found: Iterable[OfficeGroup]) -> list[Group]:
    return [Group(*_cells(group, (ALL, *group.cuts)), group.free, group.paid) for group in found]


def _ended(found: Iterable[OfficeGroup]) -> list[Group]:
    """How use ended is published for areas as a whole, not by service."""
    return [Group(*_cells(group, (ALL,)), group.stopped, group.lapsed) for group in found]


def _cells(group: OfficeGroup, cuts: Iterable[str]) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Its cells in its municipality, and above it."""
    names = list(cuts)
    near = [group.area_code] if group.area_code else []
    far = [code for code in (group.prefecture_code, NATION) if code]
    return tuple((a, cut) for a in near for cut in names), tuple((a, cut) for a in far for cut in names)
