"""Small real rows for tests, with invented names and numbers."""

from datetime import date
from itertools import count
from typing import Any

from accounts.enums import Role
from accounts.models import User
from licenses.enums import Origin
from licenses.models import License, LicenseReservation, LicenseTerm
from licenses.rules import LicenseFacts
from offices.enums import MembershipRole
from offices.models import Membership, Office

_serial = count(1)


def make_office(**fields: Any) -> Office:
    """An open office with a service in scope; its number has the right shape, not always the
    right check digit."""
    serial = next(_serial)
    defaults = {
        "business_number": f"317{serial:07d}",
        "name": f"デイサービス みなと{serial}",
        "address": "鳥取県米子市みなと町1丁目2番3号",
        "phone": "0859-00-0123",
        "scope": "yes",
    }
    return Office.objects.create(**defaults | fields)


def make_license(facts: LicenseFacts, recorded_on: date = date(2025, 6, 1)) -> License:
    """The rows that hold these facts, as an act would have left them."""
    office = make_office(closed_on=facts.closed_on)
    first = facts.terms[0].starts_on if facts.terms else None
    license = License.objects.create(office=office, first_licensed_on=first, renewal_mode=facts.renewal_mode)
    for term in facts.terms:
        LicenseTerm.objects.create(
            license=license,
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            pricing=term.pricing,
            fee_yen=term.fee_yen,
            origin=Origin.FIRST,
            stop_requested_on=term.starts_on if term.stop_requested else None,
            closing=term.closing,
            recorded_on=recorded_on,
        )
    if facts.reservation:
        LicenseReservation.objects.create(
            license=license,
            kind=facts.reservation.kind,
            renewal_on=facts.reservation.renewal_on,
            filed_on=facts.terms[-1].starts_on,
        )
    return license


def make_user(role: Role = Role.OFFICE_STAFF, **fields: Any) -> User:
    """Somebody who may sign in (client.force_login)."""
    serial = next(_serial)
    return User.objects.create_user(
        **{"email": f"person{serial}@example.jp", "name": f"山根 {serial}", "role": role} | fields
    )


def make_member(office: Office, *, manager: bool = False, user: User | None = None, **fields: Any) -> User:
    """A member of the office since 2025-06-01."""
    user = user or make_user()
    role = MembershipRole.MANAGER if manager else MembershipRole.STAFF
    defaults = {"user": user, "office": office, "role": role, "joined_on": date(2025, 6, 1)}
    Membership.objects.create(**defaults | fields)
    return user
