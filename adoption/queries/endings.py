"""Renewal months: who comes up next, and what became of the earlier ones. As published (services.splits)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from adoption.enums import Split
from adoption.models import PublishedSplit
from adoption.queries.splits import Shown, shown_splits
from adoption.rules.cuts import GONE, KEPT, RENEWS, month_cut, month_of
from careplan_portal.lib.dates import next_month_start


@dataclass(frozen=True, slots=True)
class Month:
    """A renewal month: offices in all, and their split (None: hidden, or last published of others)."""

    first_day: date
    offices: int
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Offices whose renewal date lay in a month: in all and of those kept; `free_kept` and `free_gone` had a
    free year before (None: hidden)."""

    first_day: date
    kept: int
    gone: int
    free_kept: int | None
    free_gone: int | None

    @property
    def offices(self) -> int:
        return self.kept + self.gone

    @property
    def free(self) -> int | None:
        return None if self.free_kept is None or self.free_gone is None else self.free_kept + self.free_gone


def months_to_come(area_codes: Iterable[str], published_on: date, count: int = 12) -> list[Month]:
    """The renewal months after a publication's, one by one, each with all offices of the day of that
    publication. Two queries."""
    codes = list(area_codes)
    shown, totals = shown_splits(Split.PRICING, codes, published_on), _totals(codes, published_on, published_on)
    months, day = [], published_on
    for _ in range(count):
        day = next_month_start(day)
        cut = month_cut(RENEWS, day)
        offices = totals.get(cut, 0)
        split = shown.get(cut) if offices else Shown(published_on, 0, 0)
        # A split of an earlier end of a month with another sum is of other offices.
        months.append(Month(day, offices, split if split and split.first + split.second == offices else None))
    return months


def cohorts(area_codes: Iterable[str], published_on: date) -> list[Cohort]:
    """The renewal months of the year up to a publication that had anybody, newest first. Two queries."""
    codes = list(area_codes)
    shown = shown_splits(Split.PRICING, codes, published_on)
    totals = _totals(codes, published_on - timedelta(days=366), published_on)
    months = {month_of(cut) for cut in totals if cut[0] in (KEPT, GONE)}
    return [_cohort(month, totals, shown) for month in sorted(months, reverse=True)]


def _cohort(month: date, totals: dict[str, int], shown: dict[str, Shown]) -> Cohort:
    kept, gone = (totals.get(month_cut(kind, month), 0) for kind in (KEPT, GONE))
    return Cohort(month, kept, gone, *(_free(month_cut(kind, month), totals, shown) for kind in (KEPT, GONE)))


def _free(cut: str, totals: dict[str, int], shown: dict[str, Shown]) -> int | None:
    if not totals.get(cut):
        return 0
    return shown[cut].first if cut in shown else None


def _totals(codes: list[str], first: date, last: date) -> dict[str, int]:
    """Offices by renewal-month cut; each of the kept and gone belongs to one publication."""
    rows = PublishedSplit.objects.filter(split=Split.PRICING, area_code__in=codes, day__range=(first, last))
    rows = rows.filter(cut__regex=f"^[{RENEWS}{KEPT}{GONE}][0-9]")
    return dict(rows.order_by().values_list("cut").annotate(Sum("total")))
