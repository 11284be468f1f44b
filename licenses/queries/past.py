"""A licence as it stood on a day that is over: for what reached the portal late, a form on paper first of all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from licenses import rules
from licenses.enums import TURNS, EventKind, ReservationState
from licenses.models import License, LicenseEvent, LicenseReservation
from licenses.queries.standing import Standing, load_facts, standing, stands
from licenses.rules import Policy, Reservation

# What happens at a term's end whether or not anybody does anything (R9, R10, R15).
BY_ITSELF = (*TURNS, EventKind.RESERVATION_RELEASED)


def acted_since(office_id: int, day: date) -> LicenseEvent | None:
    """The first act on the office's licence that was recorded after `day`; None where only terms ended and began. Each
    act changes a term, a reservation or a stop, which are what an answer of `day` was made from."""
    events = LicenseEvent.objects.filter(license__office_id=office_id, recorded_on__gt=day)
    return events.exclude(kind__in=BY_ITSELF).order_by("recorded_on", "pk").first()


def standing_past(office_id: int, day: date, fees: Policy) -> Standing:
    """The licence as it stood on `day`, where nobody acted on it since (`acted_since`)."""
    license_id = License.objects.filter(office_id=office_id).values_list("pk", flat=True).first()
    if license_id is None:
        return standing(office_id, day, fees=fees)
    (loaded,) = load_facts([license_id])
    ended = LicenseReservation.objects.filter(
        license=license_id, state__in=[ReservationState.USED, ReservationState.RELEASED], renewal_on__gt=day
    ).first()
    was = Reservation(ended.kind, ended.renewal_on) if ended else None
    return stands(replace(loaded, facts=rules.before_turns(loaded.facts, day, was)), fees, day, 1)
