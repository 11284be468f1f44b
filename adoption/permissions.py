"""Who may see an area's offices by name, note calls, and print its report."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib.prepared import prepared
from offices.models import Area, Office
from offices.permissions import SEES_ALL, offices_of_member
from offices.queries import areas_of


def areas_visible_to(user: User) -> QuerySet[Area]:
    """Officers: the areas they look after. Helpdesk, operators and auditors: all. Others: none."""
    if not user.is_active:
        return Area.objects.none()
    if user.role in SEES_ALL:
        return Area.objects.order_by("code")
    return areas_of(user) if user.role == Role.OFFICER else Area.objects.none()


_any_area = prepared(lambda code: Area.objects.filter(code=code))
_own_area = prepared(lambda user_id, code: areas_of(user_id).filter(code=code))


def area_visible_to(user: User, code: str) -> Area | None:
    """The area of this code if it is among ``areas_visible_to``; None for every other."""
    if user.is_active and user.role in SEES_ALL:
        return _any_area.first(code)
    return _own_area.first(user.pk, code) if user.is_active and user.role == Role.OFFICER else None


def areas_noted_by(user: User) -> QuerySet[Area]:
    """The areas in which a person may note calls: an officer's own."""
    return areas_of(user) if user.is_active and user.role == Role.OFFICER else Area.objects.none()


def offices_with_neighbours_for(user: User, on: date) -> QuerySet[Office]:
    """The offices whose neighbourhood a person may look at: their own."""
    return offices_of_member(user, on)
