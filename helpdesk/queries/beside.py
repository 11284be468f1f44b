"""An office as the helpdesk opens it: with what one has to know beside its licence before one says anything, in one
statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from careplan_portal.lib.japan.business_number import normalize
from careplan_portal.lib.prepared import prepared
from faq.queries import stamp_beside
from helpdesk.queries.contacts import calls_begun, holds_since, letters_needed, promised_to
from notices.queries import bounces_of_office
from offices.enums import VanishedState
from offices.models import Office, VanishedOffice
from offices.queries import members_of, office_services

SERVICES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Beside:
    """`services` the first few by name (one more than is shown says that there are others); `promised` days on which
    somebody said they would come back, the oldest first; `faq_stamp` says which questions are published
    (faq.queries.current); the others as in rules.concerns.Known."""

    services: Sequence[str]
    vanished_on: date | None
    bounced: Sequence[str]
    unconfirmed: bool
    has_members: bool
    promised: Sequence[date]
    faq_stamp: UUID | None


def _with_beside(offices: QuerySet[Office], today: Any) -> QuerySet[Office]:
    """The offices with the fields of `Beside` under the names of `_FIELDS`."""
    office: Any = OuterRef("pk")
    name = Coalesce(NullIf("service_name", Value("")), "service_type__name")
    gone = VanishedOffice.objects.filter(office=office, state=VanishedState.PENDING)
    known = (
        ArraySubquery(office_services(office).annotate(label=name).values("label")[: SERVICES_SHOWN + 1]),
        Subquery(gone.values("as_of")[:1]),
        ArraySubquery(bounces_of_office(office).values("address")),
        Exists(letters_needed(office)),
        Exists(members_of(office, today)),
        ArraySubquery(promised_to(office).values("follow_up_on")),
        stamp_beside(),
    )
    return offices.annotate(**dict(zip(_FIELDS, known, strict=True)))


_FIELDS = tuple(f"beside_{field.name}" for field in fields(Beside))
_of_id = prepared(lambda office_id, today: _with_beside(Office.objects.filter(pk=office_id), today))


def _seen_by(number: Any, today: Any, user_id: Any, since: Any) -> QuerySet[Office]:
    offices = Office.objects.select_related("corporation").filter(business_number=number)
    return _with_beside(offices, today).annotate(seen_on_call=Exists(calls_begun(user_id, since)))


_of_number = prepared(_seen_by)


@dataclass(frozen=True, slots=True)
class Seen:
    """An office with what `beside` tells of it; `on_call`: who looks may have a call under way, about any office."""

    office: Office
    on_call: bool


def office_seen(typed: str, today: date, user_id: int, now: datetime) -> Seen | None:
    """The office of a number in any spelling, for the person who looks; None when there is none."""
    found = _of_number.first(normalize(typed), today, user_id, holds_since(now))
    return Seen(found, found.seen_on_call) if found else None  # type: ignore[attr-defined]


def beside(office: Office, today: date) -> Beside:
    """What stands beside it: as it was read with it (`office_seen`), or read now. Raises Office.DoesNotExist."""
    found: Office | None = office
    if _FIELDS[0] not in office.__dict__:
        found = _of_id.first(office.pk, today)
    if found is None:
        raise Office.DoesNotExist
    known = Beside(*(getattr(found, name) for name in _FIELDS))
    return replace(known, bounced=tuple(dict.fromkeys(known.bounced)))
