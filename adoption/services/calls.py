"""Noting that an officer talked to an office."""

from datetime import date

from adoption.models import AreaCall
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
