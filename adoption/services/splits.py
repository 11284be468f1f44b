"""Publishing guarded splits: once for each end of a month, by the rules of `rules.guard`.

Not daily: from one day to the next a single office changes, and who started or ended is public, so
daily splits would tell its pricing. And never against what earlier months told: the guard looks at the
publications of a year together, because a term has one pricing on all its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import connection, transaction

from adoption.enums import ALL, NATION, Split
from adoption.models import PublishedSplit, SnapshotRun, SplitRun
from adoption.queries.splits import last_published
from adoption.queries.terms import EndedGroup, TermGroup, ended_groups, term_groups
from adoption.rules.cuts import GONE, KEPT, RENEWS, on_day, without_day
from adoption.rules.guard import Cell, Group, Parts, hidden_cells, secret_cells, totals
from careplan_portal.lib.dates import month_end

_ANY_NUMBER = 7_310_003  # advisory lock: one publication at a time

TOGETHER = 12
"""So many earlier publications are looked at with a new one: no term reaches further back."""


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
    rows = [*_pricing(day, known_on), *_ended(day, known_on)]
    PublishedSplit.objects.bulk_create(rows, batch_size=5000)
    hidden = sum(row.first is None for row in rows)
    return SplitRun.objects.create(day=day, known_on=known_on, cells=len(rows), hidden=hidden)


# --- free and paid -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Past:
    """Cells of earlier publications, each with its day: told ones, and those that are secrets themselves."""

    runs: Sequence[tuple[date, date]]
    told: frozenset[Cell]
    secret: frozenset[Cell]


def _past(day: date) -> _Past:
    runs = list(SplitRun.objects.filter(day__lt=day).order_by("-day").values_list("day", "known_on")[:TOGETHER])
    rows = PublishedSplit.objects.filter(split=Split.PRICING, day__in=[d for d, _ in runs])
    told, secret = set(), set()
    for area, cut, on, first, is_secret in rows.values_list("area_code", "cut", "day", "first", "is_secret"):
        if first is not None:
            told.add((area, on_day(cut, on)))
        elif is_secret:
            secret.add((area, on_day(cut, on)))
    return _Past(sorted(runs), frozenset(told), frozenset(secret))


def _pricing(day: date, known_on: date) -> list[PublishedSplit]:
    past = _past(day)
    groups = _term_cells(term_groups([*past.runs, (day, known_on)]), day, past.told | past.secret)
    before = {
        (area, on_day(cut, day)): parts for (area, cut), parts in last_published(Split.PRICING, before=day).items()
    }
    sums = {cell: parts for cell, parts in totals(groups).items() if cell[1].endswith(on_day("", day))}
    secret = secret_cells(sums, before)
    hidden = hidden_cells(groups, secret | past.secret, told=past.told, untold=past.secret)
    return _rows(Split.PRICING, day, sums, hidden, secret)


def _term_cells(found: Iterable[TermGroup], day: date, earlier: frozenset[Cell]) -> list[Group]:
    """Groups for the guard: today's cells, and of earlier days those that matter."""

    @cache
    def cells(area: str, cuts: tuple[str, ...]) -> tuple[Cell, ...]:
        today = on_day("", day)
        return tuple((area, cut) for cut in cuts if area and (cut.endswith(today) or (area, cut) in earlier))

    def group(one: TermGroup, cuts: tuple[str, ...], free: bool, turns: bool) -> Group:
        far = cells(one.prefecture_code, cuts) + cells(NATION, cuts)
        parts = (one.count, 0) if free else (0, one.count)
        return Group(cells(one.area_code, cuts), far, *parts, (turns, turns))

    groups = []
    for one in found:
        if one.is_mixed:
            # Told as paid once, and as free later: nobody can think otherwise.
            paid_days = tuple(d for d in one.days if d not in one.free_days)
            groups.append(group(one, _cuts(one, paid_days), False, False))
            groups.append(group(one, _cuts(one, one.free_days) + _turned(one), True, False))
            continue
        free = bool(one.free_days) if one.days else bool(one.turned_free)
        groups.append(group(one, _cuts(one, one.days) + _turned(one), free, one.turns))
    return groups


def _cuts(one: TermGroup, days: Iterable[date]) -> tuple[str, ...]:
    names = (ALL, *one.cuts, RENEWS + one.renews)
    return tuple(on_day(cut, day) for day in days for cut in names)


def _turned(one: TermGroup) -> tuple[str, ...]:
    """What became of a term, in the publication of the month in which it would have been renewed."""
    if one.turned_on is None:
        return ()
    return (on_day((KEPT if one.kept else GONE) + one.renews, one.turned_on),)


# --- stopped and lapsed --------------------------------------------------------------------------------


def _ended(day: date, known_on: date) -> list[PublishedSplit]:
    """How use ended is published for areas as a whole, not by service. An ending belongs to one month."""
    groups = [_ended_cells(one) for one in ended_groups(day, known_on)]
    sums = totals(groups)
    secret = secret_cells(sums, last_published(Split.ENDED, before=day))
    return _rows(Split.ENDED, day, sums, hidden_cells(groups, secret), secret)


def _ended_cells(one: EndedGroup) -> Group:
    near = ((one.area_code, ALL),) if one.area_code else ()
    far = tuple((code, ALL) for code in (one.prefecture_code, NATION) if code)
    return Group(near, far, one.stopped, one.lapsed, (one.turns, True))


def _rows(
    split: str, day: date, sums: Mapping[Cell, Parts], hidden: frozenset[Cell], secret: frozenset[Cell]
) -> list[PublishedSplit]:
    return [
        PublishedSplit(
            split=split, area_code=cell[0], cut=without_day(cell[1]), day=day, total=sum(parts),
            first=None if cell in hidden else parts[0], second=None if cell in hidden else parts[1],
            is_secret=cell in secret,
        )
        for cell, parts in sums.items()
    ]  # fmt: skip
