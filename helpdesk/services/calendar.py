"""The helpdesk's own closing days. Dues of open inquiries follow at once."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from helpdesk.models import ClosingDay, Inquiry
from helpdesk.queries.inquiries import closing_days
from helpdesk.rules.hours import due_at, is_working_day
from licenses.services import Refused


@transaction.atomic
def closing_day_set(*, day: date, reason: str, today: date, acting: Acting) -> ClosingDay:
    """Close the helpdesk on `day`. Raises Refused for a past day or one that is closed anyhow."""
    if day < today:
        raise Refused("past", "過ぎた日は、休みにできません。")
    if not is_working_day(day, closing_days(today)):
        raise Refused("closed", "この日は、もう休みです。")
    assert acting.user_id is not None
    row = ClosingDay.objects.create(day=day, reason=reason.strip(), by_id=acting.user_id, at=clock.now())
    _dues_renew(today)
    return row


@transaction.atomic
def closing_day_withdraw(*, closing_day_id: int, today: date, acting: Acting) -> ClosingDay:
    """Open the helpdesk on that day after all; a past day stays as it was. Twice changes nothing."""
    row = ClosingDay.objects.select_for_update(of=("self",)).get(pk=closing_day_id)
    if row.withdrawn_at is not None:
        return row
    if row.day < today:
        raise Refused("past", "過ぎた日は、変えられません。")
    row.withdrawn_at, row.withdrawn_by_id = clock.now(), acting.user_id
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _dues_renew(today)
    return row


def _dues_renew(today: date) -> None:
    closed = closing_days()
    for inquiry in Inquiry.objects.open().select_for_update(of=("self",)):
        due = due_at(inquiry.received_at, closed)
        if due != inquiry.due_at:
            inquiry.due_at = due
            inquiry.save(update_fields=["due_at"])
