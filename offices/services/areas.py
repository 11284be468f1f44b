"""Areas and the officers who look after them."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from accounts.services import user_second_factor_reset
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
    area.administrators.remove(user_id)
    _event(area, EventKind.OFFICER_REMOVED, user_id, acting)


@transaction.atomic
def administrator_set(*, area_id: int, user_id: int, administers: bool, acting: Acting) -> None:
    """Let an officer of the area help colleagues who lost their second factor, or not any more. Doing it twice
    changes nothing. Raises OfficeRefused for somebody who does not look after the area."""
    area = Area.objects.select_for_update().get(pk=area_id)
    if not area.officers.filter(pk=user_id).exists():
        raise OfficeRefused("not_an_officer", "先に、この地域の担当者にしてください。", "user")
    if area.administrators.filter(pk=user_id).exists() == administers:
        return
    if administers:
        area.administrators.add(user_id)
        _event(area, EventKind.ADMINISTRATOR_APPOINTED, user_id, acting)
    else:
        area.administrators.remove(user_id)
        _event(area, EventKind.ADMINISTRATOR_DISMISSED, user_id, acting)


@transaction.atomic
def colleague_second_factor_reset(*, user_id: int, acting: Acting) -> User:
    """An area's administrator lets a colleague start again who lost phone and keys: the old ones are forgotten, all
    sessions end, the person is told by mail. Raises PermissionDenied unless both look after one of the areas that
    ``acting`` administers, and for oneself."""
    administered = Area.objects.select_for_update(of=("self",)).filter(
        administrators=acting.user_id, officers=acting.user_id
    )
    colleague = User.objects.filter(pk=user_id, role=Role.OFFICER, is_active=True, areas__in=list(administered)).first()
    actor = User.objects.filter(pk=acting.user_id or 0, role=Role.OFFICER, is_active=True)
    if colleague is None or not actor.exists():
        raise PermissionDenied("同じ地域の担当者だけを、やり直せるようにできます。")
    user_second_factor_reset(user=colleague, acting=acting)
    return colleague


def _event(area: Area, kind: EventKind, user_id: int, acting: Acting) -> None:
    OfficeEvent.objects.create(
        area=area, kind=kind, at=clock.now(), by_id=acting.user_id, reason=acting.reason, details={"user": user_id}
    )
