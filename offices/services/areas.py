"""Areas and the officers who look after them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from offices.enums import EventKind, MunicipalityKind
from offices.models import Area, Municipality, OfficeEvent
from offices.services.refusal import OfficeRefused


@transaction.atomic
def area_save(*, code: str, name: str, municipalities: Iterable[str], acting: Acting) -> Area:
    """Make an area or change it. ``municipalities`` are six-digit codes of municipalities; a ward
    belongs to its city's area. Raises OfficeRefused."""
    wanted = set(municipalities)
    known = set(
        Municipality.objects.filter(pk__in=wanted, kind=MunicipalityKind.MUNICIPALITY).values_list("pk", flat=True)
    )
    if not wanted or wanted - known:
        raise OfficeRefused("municipalities", "市区町村を選んでください（区ではなく市で選びます）。", "municipalities")
    Area.objects.update_or_create(code=code, defaults={"name": name.strip()})
    area = Area.objects.select_for_update().get(code=code)
    before = set(area.municipalities.values_list("pk", flat=True))
    area.municipalities.set(Municipality.objects.filter(pk__in=wanted))
    OfficeEvent.objects.create(
        area=area,
        kind=EventKind.AREA_CHANGED,
        at=clock.now(),
        by_id=acting.user_id,
        reason=acting.reason,
        details={"name": area.name, "added": sorted(wanted - before), "removed": sorted(before - wanted)},
    )
    return area


@transaction.atomic
def officer_assign(*, area_id: int, user_id: int, acting: Acting) -> None:
    """Let an officer look after the area. Doing it twice changes nothing. Raises OfficeRefused for an
    account of another role."""
    area, user = Area.objects.select_for_update().get(pk=area_id), User.objects.get(pk=user_id)
    if user.role != Role.OFFICER:
        raise OfficeRefused("other_role", "担当地域を持てるのは、自治体担当者だけです。", "user")
    if area.officers.filter(pk=user_id).exists():
        return
    area.officers.add(user)
    _event(area, EventKind.OFFICER_ASSIGNED, user_id, acting)


@transaction.atomic
def officer_remove(*, area_id: int, user_id: int, acting: Acting) -> None:
    """End an officer's look at the area. Doing it twice changes nothing."""
    area = Area.objects.select_for_update().get(pk=area_id)
    if not area.officers.filter(pk=user_id).exists():
        return
    area.officers.remove(user_id)
    _event(area, EventKind.OFFICER_REMOVED, user_id, acting)


def _event(area: Area, kind: EventKind, user_id: int, acting: Acting) -> None:
    OfficeEvent.objects.create(
        area=area, kind=kind, at=clock.now(), by_id=acting.user_id, reason=acting.reason, details={"user": user_id}
    )
