"""What one has to know of an office beside its licence before one says anything, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from careplan_portal.lib.prepared import prepared
from helpdesk.queries.contacts import letters_needed, promised_to
from notices.queries import bounces_of_office
from offices.enums import VanishedState
from offices.models import Office, VanishedOffice
from offices.queries import members_of, office_services

SERVICES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Beside:
    """`services` the first few by name (one more than is shown says that there are others); `promised` days on which
    somebody said they would come back, the oldest first; the others as in rules.concerns.Known."""

    services: Sequence[str]
    vanished_on: date | None
    bounced: Sequence[str]
    unconfirmed: bool
    has_members: bool
    promised: Sequence[date]


def _beside(office_id: Any, today: Any) -> QuerySet[Office, tuple[Any, ...]]:
    office: Any = OuterRef("pk")
    name = Coalesce(NullIf("service_name", Value("")), "service_type__name")
    gone = VanishedOffice.objects.filter(office=office, state=VanishedState.PENDING)
    return Office.objects.filter(pk=office_id).values_list(
        ArraySubquery(office_services(office).annotate(label=name).values("label")[: SERVICES_SHOWN + 1]),
        Subquery(gone.values("as_of")[:1]),
        ArraySubquery(bounces_of_office(office).values("address")),
        Exists(letters_needed(office)),
        Exists(members_of(office, today)),
        ArraySubquery(promised_to(office).values("follow_up_on")),
    )


_read = prepared(_beside)


def beside(office_id: int, today: date) -> Beside:
    """Raises Office.DoesNotExist."""
    row = _read.first(office_id, today)
    if row is None:
        raise Office.DoesNotExist
    services, vanished_on, bounced, *rest = row
    return Beside(services, vanished_on, tuple(dict.fromkeys(bounced)), *rest)
