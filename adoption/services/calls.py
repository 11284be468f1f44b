"""Noting that an officer talked to an office, and taking a note back."""

from datetime import date

from django.db import IntegrityError, transaction

from adoption.models import AreaCall, AreaCallUndoing
from careplan_portal.lib.acting import Acting
from offices.models import Area, Office


def call_record(*, area: Area, office: Office, on: date, way: str, outcome: str, acting: Acting) -> AreaCall:
    """Keep who talked to an office, when, how, and what came of it. The row is its own event: it only
    grows. Raises ValueError without a person."""
    if acting.user_id is None:
        raise ValueError("a call is somebody's")
    return AreaCall.objects.create(
        area=area,
        office=office,
        on=on,
        way=way,
        outcome=outcome,
        by_id=acting.user_id,
        acting_as=acting.role,
        reason=acting.reason,
    )


def call_undo(*, call: AreaCall, acting: Acting) -> bool:
    """Take a note back: nothing is deleted, a row says who did. False where it was taken back before.
    Raises ValueError without a person."""
    if acting.user_id is None:
        raise ValueError("a note is taken back by somebody")
    try:
        with transaction.atomic():
            AreaCallUndoing.objects.create(call=call, by_id=acting.user_id, acting_as=acting.role, reason=acting.reason)
    except IntegrityError:
        return False
    return True
