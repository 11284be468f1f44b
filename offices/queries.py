"""Everything that is read of the register, for screens and for other apps."""

from __future__ import annotations

from datetime import date

from offices.enums import IN_SCOPE
from offices.models import Office
from offices.rules.catalogue import ScopeAnswer, scope_of_codes

__all__ = ["ScopeAnswer", "has_service_in_scope", "scope_of_codes"]


def has_service_in_scope(office_id: int, on: date) -> bool | None:
    """Whether the office has a service inside the data standard (R11); None when no service of it
    is known. ``on`` is the day asked; services carry no history, so it only names the question."""
    scope = Office.objects.filter(pk=office_id).values_list("scope", flat=True).first()
    return None if not scope else scope in IN_SCOPE
