"""Which offices a person may see and act for."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib.prepared import prepared
from offices.models import Membership, Office

# Those who see every office; each look of theirs is recorded (accounts.services.access_record).
SEES_ALL = frozenset({Role.HELPDESK, Role.OPERATOR, Role.AUDITOR})


def offices_of_member(user: User, on: date) -> QuerySet[Office]:
    """The offices a person is a member of on the day ``on``; for everybody but office staff none."""
    if not user.is_active or user.role != Role.OFFICE_STAFF:
        return Office.objects.none()
    return Office.objects.filter(pk__in=Membership.objects.current(on).filter(user=user).values("office"))


_own = prepared(
    lambda on, user_id, number: Office.objects.filter(
        pk__in=Membership.objects.current(on).filter(user=user_id).values("office"), business_number=number
    ).select_related("corporation", "municipality")
)


_is_own = prepared(lambda on, user_id, office_id: Membership.objects.current(on).filter(user=user_id, office=office_id))


def is_member(user: User, office_id: int, on: date) -> bool:
    """Whether the office is one of ``offices_of_member``."""
    return user.is_active and user.role == Role.OFFICE_STAFF and _is_own.exists(on, user.pk, office_id)


def own_office(user: User, number: str, on: date) -> Office | None:
    """The office of this business number if the person is a member of it on the day ``on``; None for every other."""
    if not user.is_active or user.role != Role.OFFICE_STAFF:
        return None
    return _own.first(on, user.pk, number)


def offices_visible_to(user: User, on: date) -> QuerySet[Office]:
    """The offices whose licence, documents and history a person may see on the day ``on``.

    Office staff: their own. Helpdesk, operators and auditors: all, and each look is recorded. Officers:
    none in this sense; what they see of an area is the adoption app's.
    """
    if user.is_active and user.role in SEES_ALL:
        return Office.objects.all()
    return offices_of_member(user, on)
