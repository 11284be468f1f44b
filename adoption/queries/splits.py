"""What was published of guarded splits. Nothing else of them leaves this app."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from adoption.enums import ALL
from adoption.models import PublishedSplit, SplitRun


@dataclass(frozen=True, slots=True)
class Shown:
    """The two parts of a split as published for the end of a month."""

    day: date
    first: int
    second: int


def last_published(split: str, *, before: date) -> dict[tuple[str, str], tuple[int, int]]:
    """Of every cell (area, cut) what was last published before a day; hidden ones do not count."""
    rows = (
        PublishedSplit.objects.filter(split=split, day__lt=before, first__isnull=False)
        .order_by("area_code", "cut", "-day")
        .distinct("area_code", "cut")
        .values_list("area_code", "cut", "first", "second")
    )
    return {(area, cut): (first or 0, second or 0) for area, cut, first, second in rows}


def newest_split_day(on: date) -> date | None:
    """The last end of a month up to `on` whose splits were published."""
    return SplitRun.objects.filter(day__lte=on).order_by("-day").values_list("day", flat=True).first()


def shown_splits(split: str, area_codes: Iterable[str], on: date) -> dict[str, Shown]:
    """What was last published up to a day, by cut, of at most a year; cuts of which everything was
    hidden are left out, and cuts without anybody. For a union: the sums of the newest end of a month
    of which no member's part is hidden, so a union tells nothing that its members do not."""
    rows = PublishedSplit.objects.filter(
        split=split, area_code__in=list(area_codes), day__lte=on, day__gt=on - timedelta(days=366)
    ).values_list("cut", "day", "first", "second")
    sums = _sums(((cut, day), first, second) for cut, day, first, second in rows)
    found: dict[str, Shown] = {}
    for (cut, day), parts in sums.items():
        if cut not in found or day > found[cut].day:
            found[cut] = Shown(day, *parts)
    return found


def split_course(split: str, area_codes: Iterable[str], days: Iterable[date]) -> dict[date, Shown | None]:
    """The split of all offices for each of these ends of months: None where it is hidden, left out
    where it was never published."""
    published = set(SplitRun.objects.filter(day__in=list(days)).values_list("day", flat=True))
    rows = list(
        PublishedSplit.objects.filter(
            split=split, area_code__in=list(area_codes), cut=ALL, day__in=published
        ).values_list("day", "first", "second")
    )
    sums, seen = _sums(rows), {row[0] for row in rows}
    return {
        day: Shown(day, *sums[day]) if day in sums else None if day in seen else Shown(day, 0, 0)
        for day in sorted(published)
    }


def _sums(rows: Iterable[tuple[Any, int | None, int | None]]) -> dict[Any, tuple[int, int]]:
    sums: dict[Any, tuple[int, int]] = {}
    hidden = set()
    for key, first, second in rows:
        if first is None or second is None:
            hidden.add(key)
        else:
            before = sums.get(key, (0, 0))
            sums[key] = before[0] + first, before[1] + second
    return {key: parts for key, parts in sums.items() if key not in hidden}
