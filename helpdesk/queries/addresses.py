"""Where an office's people are reached: so that a stop by telephone is confirmed to who was there before."""

from __future__ import annotations

from datetime import date

from campaigns.models import FreePassApplication
from offices.models import Membership


def mail_addresses(office_id: int, on: date) -> list[str]:
    """Every address the office is known by on a day: its members', and those of whoever filed for
    it and was proved or still may be; each once, in lower case."""
    members = Membership.objects.current(on).filter(office_id=office_id, user__is_active=True)
    applicants = FreePassApplication.objects.filter(
        office_id=office_id, withdrawn_on=None, expired_on=None, superseded_on=None
    ).exclude(applicant_email="")
    found = [
        *members.order_by("pk").values_list("user__email", flat=True),
        *applicants.order_by("pk").values_list("applicant_email", flat=True),
    ]
    return list(dict.fromkeys(address.lower() for address in found))
