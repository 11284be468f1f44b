"""Billing month by month: what is recorded, what waits, what is expected."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from careplan_portal.lib.dates import day_before, month_start, next_month_start
from licenses.enums import BillKind
from licenses.models import BillLine, PolicyEvent
from licenses.queries.forecast import paid, renewals_expected, yen
from licenses.rules import Policy

# Lines of one paper: drawing takes memory by the line (500: some 300 MB in a worker).
VOLUME = 500
# Charges that no line has yet, by the month they belong to (services.billing makes the lines).
WAITING_SQL = """
SELECT (date_trunc('month', greatest(t.starts_on, t.recorded_on)) + interval '1 month')::date, count(*), sum(t.fee_yen)
FROM licenses_licenseterm t
WHERE t.pricing = 'paid' AND t.fee_yen > 0 AND t.origin <> 'takeover'
  AND NOT EXISTS (SELECT FROM licenses_billline b WHERE b.term_id = t.id AND b.kind = 'charge')
GROUP BY 1 ORDER BY 1
"""
# The first month of which a charge or a correction is not recorded yet.
EARLIEST_SQL = """
SELECT min(first) FROM (
  SELECT date_trunc('month', greatest(t.starts_on, t.recorded_on)) + interval '1 month' AS first
  FROM licenses_licenseterm t
  WHERE t.pricing = 'paid' AND t.fee_yen > 0 AND t.origin <> 'takeover'
    AND NOT EXISTS (SELECT FROM licenses_billline b WHERE b.term_id = t.id AND b.kind = 'charge')
  UNION ALL
  SELECT date_trunc('month', greatest(e.recorded_on, b.recorded_on)) + interval '1 month'
  FROM licenses_billline b JOIN licenses_licenseevent e ON e.term_id = b.term_id AND e.kind = 'term_made_free'
  WHERE b.kind = 'charge'
    AND NOT EXISTS (SELECT FROM licenses_billline c WHERE c.term_id = b.term_id AND c.kind = 'correction')
) waiting
"""


@dataclass(frozen=True, slots=True)
class BillMonth:
    """A month's lines. `waiting` are charges that have begun and are not recorded yet; `expected` are
    renewals that will begin before the month, if nobody does anything."""

    first: date
    charges: int = 0
    corrections: int = 0
    yen: int = 0
    waiting: int = 0
    waiting_yen: int = 0
    expected: int = 0
    expected_yen: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.charges or self.corrections or self.waiting or self.expected)


def bill_months(today: date, fees: Policy, *, ahead: int = 3) -> list[BillMonth]:
    """Every month with lines or charges, and the next `ahead`, the last first."""
    recorded = {row["month"]: row for row in _recorded()}
    with connection.cursor() as cursor:
        cursor.execute(WAITING_SQL)
        waiting = {first: (count, int(total)) for first, count, total in cursor.fetchall()}
    coming = [next_month_start(today)]
    while len(coming) < ahead:
        coming.append(next_month_start(coming[-1]))
    expected = {first: _expected(first, today, fees) for first in coming}
    firsts = sorted({*recorded, *waiting, *coming, month_start(today)}, reverse=True)
    return [
        _month(first, recorded.get(first), waiting.get(first, (0, 0)), expected.get(first, (0, 0))) for first in firsts
    ]


def bill_month(first: date, today: date, fees: Policy) -> BillMonth:
    """One month as `bill_months` shows it."""
    found = next((one for one in bill_months(today, fees) if one.first == first), None)
    if found is not None:
        return found
    if first <= today:
        return BillMonth(first)
    expected = _expected(first, today, fees)
    return BillMonth(first, expected=expected[0], expected_yen=expected[1])


def _recorded() -> list[dict[str, Any]]:
    rows = (
        BillLine.objects.order_by()
        .values("month")
        .annotate(
            charges=Count("pk", filter=Q(kind=BillKind.CHARGE)),
            corrections=Count("pk", filter=Q(kind=BillKind.CORRECTION)),
            total=Sum("yen"),
        )
    )
    return [dict(row) for row in rows]


def _expected(first: date, today: date, fees: Policy) -> tuple[int, int]:
    """Renewals after today that begin in the month before `first`: they are billed on it."""
    begins = max(month_start(day_before(first)), date.fromordinal(today.toordinal() + 1))
    counted = renewals_expected(begins, day_before(first), fees.ends_on)
    return paid(counted), yen(counted, fees)


def _month(first: date, row: dict[str, Any] | None, waiting: tuple[int, int], expected: tuple[int, int]) -> BillMonth:
    lines = row or {"charges": 0, "corrections": 0, "total": 0}
    return BillMonth(first, lines["charges"], lines["corrections"], lines["total"], *waiting, *expected)


def bill_lines(first: date) -> QuerySet[BillLine]:
    """The recorded lines of a month with everything that is printed of them, in order."""
    return (
        BillLine.objects.filter(month=first)
        .select_related("term__license__office__corporation")
        .order_by("term__license__office__business_number", "pk")
    )


def bill_months_due(today: date) -> list[date]:
    """The months up to `today` of which something may not be recorded yet, the first first; always the month
    of today. A night that did not run loses none of them."""
    with connection.cursor() as cursor:
        cursor.execute(EARLIEST_SQL)
        earliest = cursor.fetchone()[0]
    months = [min(earliest.date(), month_start(today)) if earliest else month_start(today)]
    while next_month_start(months[-1]) <= today:
        months.append(next_month_start(months[-1]))
    return months


@dataclass(frozen=True, slots=True)
class BillPaper:
    """A volume of a month's list as a paper: `number` from 1, `lines` of it. Lines are only ever added at the end,
    so these three name one state, and a full volume never changes."""

    first: date
    number: int
    lines: int

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "bills" / f"{self.first:%Y-%m}-{self.number:02d}-{self.lines}.pdf"

    @property
    def is_there(self) -> bool:
        return self.path.is_file()

    @property
    def is_whole_month(self) -> bool:
        """Whether no other volume can be there or come."""
        return self.number == 1 and self.lines < VOLUME


def bill_papers(first: date) -> list[BillPaper]:
    """The volumes of a month's recorded lines, made or not; none for a month without lines."""
    lines = BillLine.objects.filter(month=first).count()
    starts = range(0, lines, VOLUME)
    return [BillPaper(first, number, min(VOLUME, lines - start)) for number, start in enumerate(starts, 1)]


def bill_paper_lines(paper: BillPaper) -> QuerySet[BillLine]:
    """A volume's lines in the order in which they were recorded."""
    start = VOLUME * (paper.number - 1)
    lines = BillLine.objects.filter(month=paper.first).select_related("term__license__office__corporation")
    return lines.order_by("pk")[start : start + paper.lines]


@dataclass(frozen=True, slots=True)
class Told:
    """A change of fees or of the programme's end in words, with who, when and why."""

    event: PolicyEvent
    what: str


def policy_history(limit: int = 50) -> list[Told]:
    """The latest changes first."""
    return [Told(event, _words(event)) for event in PolicyEvent.objects.select_related("actor").order_by("-pk")[:limit]]


def _words(event: PolicyEvent) -> str:
    if event.subject == "programme":
        before, after = (_end((side or {}).get("ends_on")) for side in (event.before, event.after))
        return f"事業の最後の日　{before} → {after}"
    after = _amount(event.after)
    since = f"{event.after['starts_on']}からの金額"
    return f"{since}　{_amount(event.before)} → {after}" if event.before else f"{since}を決めた　{after}"


def _end(day: str | None) -> str:
    return day or "決めていない"


def _amount(fee: dict[str, object]) -> str:
    until = f"{fee['decided_until']}まで決定" if fee.get("decided_until") else "終わりなし"
    return f"{fee['yen']:,}円（{until}）"
