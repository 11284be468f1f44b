"""Whom to talk to next in an area: offices that do not use the system yet, and what came of talking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from adoption.enums import ALL
from adoption.models import AreaCall
from adoption.queries.offices import area_offices, licences_in_use, service_names
from adoption.queries.places import Place
from adoption.rules.reach import FAR_KM, NEAR_KM, box_around, within
from offices.enums import IN_SCOPE
from offices.models import Area, Office, OfficeService


@dataclass(frozen=True, slots=True)
class Candidate:
    """An office that does not use the system, with how many of the other side within 10 km do, of how
    many, and how many of those within 3 km. `with_corporation`: another office of its corporation uses
    it. `call` is the last note."""

    office: Office
    services: tuple[str, ...]
    other: str
    using: int
    around: int
    near: int
    with_corporation: bool
    call: AreaCall | None

    @property
    def reason(self) -> str:
        """Why this one: what is its own first, then the number that ranks it."""
        own = "同じ法人の事業所が使っています。" if self.with_corporation else ""
        close = f"すぐ近く（3 km以内）で{self.near:,}か所、" if self.near else "3 km以内にはありませんが、"
        return f"{own}{close}10 km以内の{self.other}{self.around:,}か所のうち、{self.using:,}か所がもう使っています"

    @property
    def phone(self) -> str:
        """The number of the register; what somebody gave for an office that is not in it is theirs."""
        return "" if self.office.unlisted else self.office.phone


@dataclass(frozen=True, slots=True)
class Following:
    """`waiting`: nobody of the area has talked to them yet, best first; `total` is how many there are.
    `called`: somebody has, and they do not use the system yet, newest note first."""

    waiting: Sequence[Candidate]
    total: int
    called: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class _Spot:
    pk: int
    at: tuple[float, float]
    care_manager: bool
    provider: bool
    uses: bool


def following(area: Area, place: Place, on: date, *, limit: int, municipality: str = "", cut: str = ALL) -> Following:
    """Offices of an area that do not use the system, those first whose joining reaches most users of the
    other side within 10 km, then within 3; offices without a position cannot be ranked and are left out.
    Who was talked to stands apart. Seven queries."""
    waiting_ids = list(
        area_offices(place, on, municipality=municipality, cut=cut, uses="no")
        .filter(latitude__isnull=False)
        .order_by()
        .values_list("pk", flat=True)
    )
    waiting = _spots(Office.objects.filter(pk__in=waiting_ids), on, set())
    if not waiting:
        return Following((), 0, ())
    box = box_around([s.at[0] for s in waiting], [s.at[1] for s in waiting], FAR_KM)
    around = Office.objects.in_scope_on(on).filter(
        latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)
    )
    using = set(around.filter(licences_in_use(on)).order_by().values_list("pk", flat=True))
    ranked = _ranked(waiting, _spots(around, on, using))
    calls = last_calls(area, [row[0] for row in ranked])
    fresh = [row for row in ranked if row[0] not in calls]
    called = sorted((row for row in ranked if row[0] in calls), key=lambda row: calls[row[0]].sorting, reverse=True)
    found = _candidates([*fresh[:limit], *called[:limit]], calls, on)
    shown = len(fresh[:limit])
    return Following(found[:shown], len(fresh), found[shown:])


def _spots(offices: QuerySet[Office], on: date, using: set[int]) -> list[_Spot]:
    rows = list(offices.order_by("pk").values_list("pk", "latitude", "longitude"))
    sides: dict[int, set[str]] = {}
    services = OfficeService.objects.filter(
        office__in=offices.order_by().values("pk"), service_type__in_scope__in=IN_SCOPE
    )
    services = services.filter(Q(listed_until__isnull=True) | Q(listed_until__gte=on))
    for pk, side in services.order_by().values_list("office", "service_type__side").distinct():
        sides.setdefault(pk, set()).add(str(side))
    return [
        _Spot(pk, (lat, lon), "care_manager" in sides.get(pk, ()), "provider" in sides.get(pk, ()), pk in using)
        for pk, lat, lon in rows
        if lat is not None and lon is not None
    ]


Ranked = tuple[int, str, int, int, int]
"""Office, the other side's name, how many of it use the system, how many there are, how many use it near."""


def _ranked(waiting: Sequence[_Spot], around: Sequence[_Spot]) -> list[Ranked]:
    found: dict[int, Ranked] = {}
    for mine, theirs, name in (("care_manager", "provider", "サービス"), ("provider", "care_manager", "居宅")):
        spots = [spot for spot in waiting if getattr(spot, mine)]
        others = [spot for spot in around if getattr(spot, theirs)]
        total = within([s.at for s in spots], [o.at for o in others], FAR_KM)
        using = within([s.at for s in spots], [o.at for o in others if o.uses], FAR_KM)
        near = within([s.at for s in spots], [o.at for o in others if o.uses], NEAR_KM)
        for spot, all_there, in_use, close in zip(spots, total, using, near, strict=True):
            # Who stands on both sides is not its own partner.
            row = (spot.pk, name, in_use, all_there - getattr(spot, theirs), close)
            if spot.pk not in found or row[2] > found[spot.pk][2]:
                found[spot.pk] = row
    return sorted(found.values(), key=lambda row: (-row[2], -row[4], -row[3], row[0]))


def _candidates(ranked: Sequence[Ranked], calls: dict[int, AreaCall], on: date) -> list[Candidate]:
    ids = [row[0] for row in ranked]
    offices = Office.objects.select_related("municipality").in_bulk(ids)
    corporations = {office.corporation_id for office in offices.values() if office.corporation_id}
    using = set(
        Office.objects.filter(licences_in_use(on), corporation__in=corporations).values_list("corporation", flat=True)
    )
    services = service_names(ids, on)
    return [
        Candidate(
            offices[pk], tuple(services.get(pk, ())), other, in_use, around, near, offices[pk].corporation_id in using, calls.get(pk)
        )
        for pk, other, in_use, around, near in ranked
    ]  # fmt: skip


def last_calls(area: Area, office_ids: Iterable[int]) -> dict[int, AreaCall]:
    """The newest note of an area about each of these offices that was not taken back."""
    rows = (
        AreaCall.objects.filter(area=area, office__in=list(office_ids), undoing=None)
        .select_related("by")
        .order_by("office", "-on", "-pk")
        .distinct("office")
    )
    return {call.office_id: call for call in rows}


def call_to_undo(area: Area, pk: int) -> AreaCall | None:
    """A note of an area that can still be taken back."""
    return AreaCall.objects.filter(area=area, undoing=None, pk=pk).select_related("office").first()
