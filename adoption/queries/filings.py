"""Who filed for the Free Pass, by week: what was published of it, and what that is decided from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F

from adoption.enums import ALL, NATION, Split
from adoption.models import PublishedSplit
from adoption.rules.sizes import size_of
from campaigns.models import FreePassApplication
from offices.models import Office

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Filed:
    """A municipality's offices in scope at the end of a week, and how many of them filed in it."""

    area_code: str
    prefecture_code: str
    offices: int
    filed: int

    @property
    def size(self) -> str:
        return size_of(self.offices) if self.area_code else ""


def week_end(day: date) -> date:
    """The last Sunday up to a day."""
    return day - timedelta(days=day.isoweekday() % 7)


def filed_in_week(sunday: date) -> list[Filed]:
    """Offices by municipality, those that filed from Monday to `sunday`. Two queries."""
    offices = Office.objects.in_scope_on(sunday)
    applications = FreePassApplication.objects.filter(filed_on__gt=sunday - WEEK, filed_on__lte=sunday)
    totals = _by_place(offices)
    filed = _by_place(offices.filter(pk__in=applications.values("office")))
    return [Filed(*place, offices=count, filed=filed.get(place, 0)) for place, count in sorted(totals.items())]


def _by_place(offices: object) -> dict[tuple[str, str], int]:
    rows = offices.order_by().values_list("municipality__rolled_up", F("prefecture")).annotate(Count("pk"))  # type: ignore[attr-defined]
    return {(str(area or ""), str(prefecture or "")): count for area, prefecture, count in rows}


@dataclass(frozen=True, slots=True)
class Week:
    """What was published of a week: offices in scope, and how many filed (None: hidden, fewer than five)."""

    sunday: date
    offices: int
    filed: int | None

    @property
    def rate(self) -> float | None:
        """Filings a thousand offices in scope; None where hidden."""
        return None if self.filed is None or not self.offices else 1000 * self.filed / self.offices


def newest_week(on: date) -> date | None:
    """The last Sunday up to `on` whose filings were published."""
    rows = PublishedSplit.objects.filter(split=Split.FILED, area_code=NATION, cut=ALL, day__lte=on)
    return rows.order_by("-day").values_list("day", flat=True).first()


def weeks_of(members: Mapping[str, Iterable[str]], last: date, count: int) -> dict[str, list[Week]]:
    """For each key the sum of its members' weeks, oldest first: hidden where one of them is. One query."""
    codes = {code: key for key, found in members.items() for code in found}
    first = last - (count - 1) * WEEK
    rows = PublishedSplit.objects.filter(split=Split.FILED, cut=ALL, area_code__in=codes, day__range=(first, last))
    sums: dict[str, dict[date, Week]] = {key: {} for key in members}
    for code, day, total, filed in rows.order_by("day").values_list("area_code", "day", "total", "first"):
        before = sums[codes[code]].get(day, Week(day, 0, 0))
        known = None if filed is None or before.filed is None else before.filed + filed
        sums[codes[code]][day] = Week(day, before.offices + total, known)
    return {key: list(found.values()) for key, found in sums.items()}
