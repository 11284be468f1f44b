"""What will become of all licences if nobody does anything: counted in the database, for previews.

SQL twin of `rules.outlook`: a test holds both against one table of cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from careplan_portal.lib.dates import day_after, day_before, month_start, next_month_start, year_from
from licenses import rules
from licenses.rules import Fee, Policy

# Renewals of the licences whose last end is not recorded. `n` counts them from 0; the yearly day of
# a licence that renews on 29 February is 1 March from then on (R2). A set-aside record promises nothing.
RENEWALS_SQL = """
SELECT r.renewal, CASE WHEN r.n = 0 AND v.kind = 'free_pass' THEN 'renewed_free' ELSE 'renewed_paid' END, count(*)
FROM licenses_licenseterm t
JOIN licenses_license l ON l.id = t.license_id
JOIN offices_office o ON o.id = l.office_id
LEFT JOIN licenses_licensereservation v ON v.license_id = l.id AND v.state = 'open'
CROSS JOIN LATERAL (
  SELECT t.ends_on + 1 + CASE WHEN to_char(t.ends_on + 1, 'MMDD') = '0229' THEN 1 ELSE 0 END AS yearly) a
CROSS JOIN LATERAL (
  SELECT n, CASE n WHEN 0 THEN t.ends_on + 1 ELSE (a.yearly + make_interval(years => n))::date END AS renewal
  FROM generate_series(0, greatest(0, extract(year FROM %(last)s::date)::int - extract(year FROM t.ends_on)::int)) n) r
WHERE t.closing = '' AND t.stop_requested_on IS NULL
  AND (l.renewal_mode = 'auto' OR v.kind = 'free_pass' OR v.kind = 'paid' AND r.n = 0)
  AND r.renewal BETWEEN %(first)s AND %(last)s
  AND (o.closed_on IS NULL OR o.closed_on > r.renewal)
  AND (%(ends_on)s::date IS NULL OR r.renewal <= %(ends_on)s)
  AND NOT EXISTS (SELECT FROM licenses_setaside s WHERE s.license_id = l.id AND s.resolved_on IS NULL)
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Renewals:
    """How many licences renew on a day, and how: `renewed_free` or `renewed_paid`."""

    on: date
    kind: str
    count: int


def renewals_expected(first: date, last: date, programme_ends_on: date | None) -> list[Renewals]:
    """The renewals of these days (inclusive) if nobody does anything, by day (R9, R10, R15); at most
    one a licence within a year."""
    with connection.cursor() as cursor:
        cursor.execute(RENEWALS_SQL, {"first": first, "last": last, "ends_on": programme_ends_on})
        return [Renewals(*row) for row in cursor.fetchall()]


def paid(renewals: Sequence[Renewals]) -> int:
    """How many of them are paid ones."""
    return sum(one.count for one in renewals if one.kind == rules.RENEWED_PAID)


def free(renewals: Sequence[Renewals]) -> int:
    """How many of them are free ones."""
    return sum(one.count for one in renewals if one.kind == rules.RENEWED_FREE)


def yen(renewals: Sequence[Renewals], fees: Policy) -> int:
    """What the paid ones come to, in whole yen. Raises BadRecord where no fee is in force."""
    return sum(one.count * fees.fee_on(one.on).yen for one in renewals if one.kind == rules.RENEWED_PAID)


@dataclass(frozen=True, slots=True)
class FeeEffect:
    """What a fee from a day on would do: licences that renew paid from `first` to `last` (both
    inclusive: until the next fee on file, a year at most), and what they come to before and after."""

    first: date
    last: date
    licenses: int
    yen_now: int
    yen_then: int


def fee_effect(fee: Fee, fees: Policy) -> FeeEffect:
    """Preview of a new or changed fee; nothing is written. Terms that are open keep their amount."""
    later = min((one.starts_on for one in fees.fees if one.starts_on > fee.starts_on), default=None)
    last = year_from(fee.starts_on).ends_on
    if later is not None:
        last = min(last, day_before(later))
    counted = renewals_expected(fee.starts_on, last, fees.ends_on)
    return FeeEffect(fee.starts_on, last, paid(counted), yen(counted, fees), yen(counted, with_fee(fees, fee)))


def with_fee(fees: Policy, fee: Fee) -> Policy:
    """The policy as it would be with this fee on file."""
    others = [one for one in fees.fees if one.starts_on != fee.starts_on]
    return Policy(tuple(sorted((*others, fee), key=lambda one: one.starts_on)), fees.ends_on)


@dataclass(frozen=True, slots=True)
class EndEffect:
    """What another last day of the programme would do to the licences that would go on: how many of
    them end within the year after it that do not now, and the other way round."""

    ending: int
    promised: int
    going_on: int


def end_effect(ends_on: date | None, fees: Policy) -> EndEffect:
    """Preview of the programme's last day (R15); nothing is written. `promised` are those of the ending
    ones whose free year is reserved."""
    now, then = fees.ends_on, ends_on
    ending = _lost(after=then, limit=now) if then is not None and (now is None or then < now) else []
    going_on = _lost(after=now, limit=then) if now is not None and (then is None or then > now) else []
    return EndEffect(paid(ending) + free(ending), free(ending), paid(going_on) + free(going_on))


def _lost(*, after: date, limit: date | None) -> list[Renewals]:
    """Renewals in the year after a last day: each licence that goes on has one there."""
    year = year_from(day_after(after))
    return renewals_expected(year.starts_on, year.ends_on, limit)


@dataclass(frozen=True, slots=True)
class Month:
    """Paid renewals expected in a month, what they come to, and the day they are billed."""

    first: date
    licenses: int
    yen: int
    billed_on: date


def months_expected(today: date, fees: Policy, count: int = 6) -> list[Month]:
    """The paid renewals after `today`, this month and the `count` - 1 that follow."""
    firsts = [month_start(today)]
    while len(firsts) < count:
        firsts.append(next_month_start(firsts[-1]))
    last = day_before(next_month_start(firsts[-1]))
    counted = renewals_expected(day_after(today), last, fees.ends_on)
    return [_month(first, [one for one in counted if month_start(one.on) == first], fees) for first in firsts]


def _month(first: date, counted: Sequence[Renewals], fees: Policy) -> Month:
    return Month(first, paid(counted), yen(counted, fees), next_month_start(first))
