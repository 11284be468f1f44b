"""All licences in groups of the same facts: as many decisions as there are groups, for previews over
the whole ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from licenses.rules import FREE_PASS, LAPSED, RENEWED, LicenseFacts, Reservation, Term

# The open term decides; an earlier free one only that the Free Pass is used up. Set-aside records are
# left out, and offices that have closed by the day.
GROUPS_SQL = """
SELECT o.scope, o.closed_on, l.renewal_mode, r.kind, t.starts_on, t.ends_on, t.pricing, t.fee_yen,
  t.stop_requested_on IS NOT NULL, f.id IS NOT NULL AND f.id IS DISTINCT FROM t.id, count(*)
FROM licenses_license l
JOIN offices_office o ON o.id = l.office_id AND (o.closed_on IS NULL OR o.closed_on > %s)
LEFT JOIN licenses_licenseterm t ON t.license_id = l.id AND t.closing = ''
LEFT JOIN licenses_licenseterm f ON f.license_id = l.id AND f.pricing = 'free_pass'
LEFT JOIN licenses_licensereservation r ON r.license_id = l.id AND r.state = 'open'
WHERE NOT EXISTS (SELECT FROM licenses_setaside s WHERE s.license_id = l.id AND s.resolved_on IS NULL)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
# Stands for a free year of long ago: its days do not matter any more.
_USED = (date(2000, 1, 1), date(2000, 12, 31), FREE_PASS, 0)


@dataclass(frozen=True, slots=True)
class Group:
    """`count` licences of which the rules know the same; `scope` is their office's."""

    facts: LicenseFacts
    scope: str
    count: int


def license_groups(today: date) -> Iterator[Group]:
    """Every licence of an office that is open on `today`, in no order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(GROUPS_SQL, [today])
        yield from map(_group, cursor.fetchall())


def _group(row: tuple[Any, ...]) -> Group:
    scope, closed_on, mode, reserved, starts_on, ends_on, pricing, fee_yen, stop, used, count = row
    terms: tuple[Term, ...] = ()
    if used:
        terms = (Term(*_USED, closing=RENEWED if starts_on else LAPSED),)
    if starts_on is None:
        return Group(LicenseFacts(terms, mode, None, closed_on), scope, count)
    last = Term(starts_on, ends_on, pricing, fee_yen, stop_requested=stop)
    reservation = Reservation(reserved, last.renewal_on) if reserved else None
    return Group(LicenseFacts((*terms, last), mode, reservation, closed_on), scope, count)
