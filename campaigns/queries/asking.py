"""What the check and the filing need of the number that is asked about, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from campaigns.queries.answers import provisional_applications
from careplan_portal.lib.prepared import prepared
from licenses.models import status_on
from licenses.rules import ACTIVE_FREE, ACTIVE_PAID
from offices.models import Office


@dataclass(frozen=True, slots=True)
class AskedOffice:
    """`uses`: whether it uses the system on the day, which is public, as on WAM NET. `rival_at`: when the newest
    filing came that still waits for proof of identity, None without one; to be said without naming anybody."""

    office: Office | None = None
    uses: bool = False
    rival_at: datetime | None = None


# What a visitor is told of an office, which has three times as many columns.
_TOLD = ("business_number", "name", "address", "unlisted", "scope", "closed_on")

# The status is read of the licence that stands beside the office under the name of its own table.
_asked: Any = prepared(
    lambda number, today: Office.objects.filter(business_number=number)
    .select_related("municipality", "prefecture", "license")
    .only(*_TOLD, "municipality__name", "prefecture__name", "license__renewal_mode")
    .annotate(
        status=status_on(today),
        rival_at=Subquery(
            provisional_applications().filter(office=OuterRef("pk")).order_by("-filed_at").values("filed_at")[:1]
        ),
    )
)  # fmt: skip


def office_asked(number: str, today: date) -> AskedOffice:
    """The office of this (normalised) number on `today`; without one the register and the public know nothing of it."""
    found = _asked.first(number, today)
    if found is None:
        return AskedOffice()
    return AskedOffice(found, found.status in (ACTIVE_FREE, ACTIVE_PAID), found.rival_at)
