"""Whom a night may have to tell something about their licence: found in sets, not one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from licenses.models import LicenseTerm
from offices.models import Membership, Office

# A superset of what rules.notices_due decides: a licence whose running term ends soon enough, or whose term began
# or ended a short while ago, and that lacks the notice. `nearest` is the nearest lead time that is due.
DUE_SQL = """
SELECT l.office_id FROM licenses_licenseterm t
JOIN licenses_license l ON l.id = t.license_id
JOIN offices_office o ON o.id = l.office_id AND o.closed_on IS NULL
CROSS JOIN LATERAL (
  SELECT min(lead) AS lead FROM unnest(%(leads)s::int[]) lead WHERE t.ends_on - lead <= %(today)s) nearest
WHERE t.closing = '' AND t.starts_on <= %(today)s AND t.ends_on >= %(today)s AND t.ends_on <= %(horizon)s
  AND (nearest.lead IS NOT NULL AND NOT EXISTS (SELECT FROM notices_notice n
      WHERE n.kind = 'reminder' AND n.office_id = l.office_id AND n.subject = t.starts_on || '/' || nearest.lead)
    OR date_trunc('month', t.ends_on + 1)::date <= %(today)s AND NOT EXISTS (SELECT FROM notices_notice n
      WHERE n.kind = 'renewal_month' AND n.office_id = l.office_id AND n.subject = t.starts_on::text))
UNION
SELECT l.office_id FROM licenses_licenseterm t JOIN licenses_license l ON l.id = t.license_id
WHERE t.closing = '' AND t.origin = 'renewal' AND t.starts_on BETWEEN %(since)s AND %(today)s
  AND NOT EXISTS (SELECT FROM notices_notice n
    WHERE n.kind = 'renewed' AND n.office_id = l.office_id AND n.subject = t.starts_on::text)
UNION
SELECT l.office_id FROM licenses_licenseevent e JOIN licenses_license l ON l.id = e.license_id
JOIN licenses_licenseterm t ON t.id = e.term_id
WHERE e.kind IN ('stopped', 'lapsed') AND e.effective_on BETWEEN %(since)s AND %(today)s
  AND NOT EXISTS (SELECT FROM notices_notice n
    WHERE n.kind = 'ended' AND n.office_id = l.office_id AND n.subject = t.starts_on::text)
ORDER BY 1
"""


def offices_to_tell(leads: Sequence[int], today: date, days_back: int) -> list[int]:
    """Offices that may have a notice due on `today` and not told yet. One query."""
    # A renewal month begins up to 30 days before the last day of its term.
    horizon = today + timedelta(days=max(*leads, 31))
    values: Any = {"leads": list(leads), "today": today, "horizon": horizon, "since": today - timedelta(days=days_back)}
    with connection.cursor() as cursor:
        cursor.execute(DUE_SQL, values)
        return [office_id for (office_id,) in cursor.fetchall()]


def offices_by_id(office_ids: Sequence[int]) -> list[Office]:
    """These offices in order of id. One query."""
    return list(Office.objects.filter(pk__in=office_ids).order_by("pk"))


def notice_addresses(office_ids: Sequence[int], today: date) -> dict[int, tuple[str, ...]]:
    """The mail addresses of each office's members who get its notices and may sign in. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Membership.objects.current(today).filter(
        office_id__in=office_ids, receives_notices=True, user__is_active=True
    )
    for office_id, address in rows.order_by("office_id", "pk").values_list("office_id", "user__email"):
        found[office_id].append(address)
    return {office_id: tuple(addresses) for office_id, addresses in found.items()}


def recorded_days(office_ids: Sequence[int]) -> dict[int, date]:
    """The day on which each office's open term was recorded: with its first day it decides when it is billed."""
    rows = LicenseTerm.objects.filter(license__office_id__in=office_ids, closing="")
    return dict(rows.values_list("license__office_id", "recorded_on"))
