"""Billing month by month: what is recorded, what waits, what is expected."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from careplan_portal.lib.dates import day_before, month_start, next_month_start
from licenses.enums import BillKind
from licenses.models import BillLine, PolicyEvent
from licenses.queries.forecast import paid, renewals_expected, yen
from licenses.rules import Policy

# Charges that no line has yet, by the month they belong to (services.billing makes the lines).
WAITING_SQL = """
SELECT (date_trunc('month', greatest(t.starts_on, t.recorded_on)) + interval '1 month')::date, count(*), sum(t.fee_yen)
FROM licenses_licenseterm t
WHERE t.pricing = 'paid' AND t.fee_yen > 0 AND t.origin <> 'takeover'
  AND NOT EXISTS (SELECT FROM licenses_billline b WHERE b.term_id = t.id AND b.kind = 'charge')
GROUP BY 1 ORDER BY 1
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
