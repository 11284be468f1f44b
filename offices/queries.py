"""Everything that is read of the register, for screens and for other apps."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from offices.enums import IN_SCOPE
from offices.models import Invitation, Membership, Office
from offices.rules.catalogue import ScopeAnswer, scope_of_codes

__all__ = ["ScopeAnswer", "has_service_in_scope", "invitations_open", "members_of", "scope_of_codes"]


def has_service_in_scope(office_id: int, on: date) -> bool | None:
    """Whether the office has a service inside the data standard (R11); None when no service of it
    is known. ``on`` is the day asked; services carry no history, so it only names the question."""
    scope = Office.objects.filter(pk=office_id).values_list("scope", flat=True).first()
    return None if not scope else scope in IN_SCOPE


def members_of(office_id: int, on: date) -> QuerySet[Membership]:
    """Who acts for the office on the day ``on``, the manager first."""
    members = Membership.objects.current(on).filter(office=office_id)
    return members.select_related("user", "office").order_by("role", "joined_on", "pk")


def invitations_open(office_id: int) -> QuerySet[Invitation]:
    """Invitations to the office that were neither used nor taken back, the newest first; they may
    have expired."""
    return Invitation.objects.filter(office=office_id, accepted_by=None, withdrawn_at=None)
