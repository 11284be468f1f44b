"""Offices of an area by name, with whether each uses the system. For who may see the area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from adoption.enums import ALL, SIDES
from adoption.models import AreaCall
from adoption.queries.places import Place, municipality_codes
from adoption.rules.reach import FAR_KM, box_around, within
from careplan_portal.lib.japan import business_number, kana
from licenses.models import License
from licenses.rules import ACTIVE_FREE, ACTIVE_PAID
from offices.enums import IN_SCOPE
from offices.models import Area, Office, OfficeService
from offices.rules.catalogue import service_kinds


def licences_in_use(on: date) -> Q:
    """A condition on Office: a valid term covers the day, whether or not the night has run."""
    due = License.objects.filter(terms__closing="", terms__ends_on__lt=on).with_status(on)
    # After the night there are none or few; they are asked for apart, because the status rule's SQL
    # names its table and fits into no inner query.
    renewed = list(due.filter(Q(status__in=(ACTIVE_FREE, ACTIVE_PAID))).values_list("office", flat=True))
    covered = License.objects.filter(terms__starts_on__lte=on, terms__ends_on__gte=on).values("office")
    return Q(pk__in=covered) | Q(pk__in=renewed)


def area_offices(
    place: Place, on: date, *, text: str = "", municipality: str = "", cut: str = ALL, uses: str = ""
) -> QuerySet[Office]:
    """Offices in scope of a place on a day, by municipality and name, narrowed as asked; each with its
    services in scope (`counted_services`). Filters that fit nothing find nothing."""
    codes = set(municipality_codes(place))
    if municipality:
        codes &= {municipality}
    found = Office.objects.in_scope_on(on).filter(municipality__rolled_up__in=codes)
    if text:
        number = business_number.normalize(text)
        found = found.filter(Q(search_key__contains=kana.search_key(text)) | Q(business_number__startswith=number))
    if cut and cut != ALL:
        found = found.filter(pk__in=services_in_cut(cut, on).values("office"))
    if uses == "yes":
        found = found.filter(licences_in_use(on))
    elif uses == "no":
        found = found.exclude(licences_in_use(on))
    return found.select_related("municipality__rolled_up").order_by(
        "municipality__rolled_up", "kana", "business_number"
    )


def services_in_cut(cut: str, on: date) -> QuerySet[OfficeService]:
    """Listed services of a side or of one kind, as the figures count them."""
    listed = OfficeService.objects.filter(service_type__in_scope__in=IN_SCOPE)
    listed = listed.filter(Q(listed_until__isnull=True) | Q(listed_until__gte=on))
    return listed.filter(service_type__side=SIDES[cut]) if cut in SIDES else listed.filter(service_type=cut)


def service_names(office_ids: Iterable[int], on: date) -> dict[int, list[str]]:
    """Names of the services in scope of some offices, in the order of codes."""
    rows = (
        OfficeService.objects.filter(office__in=list(office_ids), service_type__in_scope__in=IN_SCOPE)
        .filter(Q(listed_until__isnull=True) | Q(listed_until__gte=on))
        .values_list("office", "service_type")
        .order_by("office", "service_type")
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for office, code in rows:
        found.setdefault(office, []).append(service_kinds()[str(code)].name)
    return found


# --- whom to talk to next --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """An office that does not use the system, with how many of the other side within 10 km do, and of
    how many. `with_corporation`: another office of its corporation uses it. `call` is the last note."""

    office: Office
    services: tuple[str, ...]
    other: str
    using: int
    around: int
    with_corporation: bool
    call: AreaCall | None

    @property
    def reason(self) -> str:
        """Why this one, in a sentence."""
        say = f"10 km以内の{self.other}{self.around:,}か所のうち、{self.using:,}か所がもう使っています"
        return f"同じ法人の事業所が使っています。{say}" if self.with_corporation else say


@dataclass(frozen=True, slots=True)
class _Spot:
    pk: int
    at: tuple[float, float]
    care_manager: bool
    provider: bool
    uses: bool


def candidates(area: Area, place: Place, on: date, *, limit: int, municipality: str = "") -> list[Candidate]:
    """Offices of an area that do not use the system, those first whose joining reaches most users of the
    other side within 10 km; offices without a position cannot be ranked and are left out. Six queries."""
    waiting_ids = list(
        area_offices(place, on, municipality=municipality, uses="no")
        .filter(latitude__isnull=False)
        .order_by()
        .values_list("pk", flat=True)
    )
    waiting = _spots(Office.objects.filter(pk__in=waiting_ids), on, set())
    if not waiting:
        return []
    box = box_around([s.at[0] for s in waiting], [s.at[1] for s in waiting], FAR_KM)
    around = Office.objects.in_scope_on(on).filter(
        latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)
    )
    using = set(around.filter(licences_in_use(on)).order_by().values_list("pk", flat=True))
    ranked = _ranked(waiting, _spots(around, on, using))
    return _candidates(area, ranked[:limit], on)


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


Ranked = tuple[int, str, int, int]
"""Office, the other side's name, how many of it use the system, how many there are."""


def _ranked(waiting: Sequence[_Spot], around: Sequence[_Spot]) -> list[Ranked]:
    found: dict[int, Ranked] = {}
    for mine, theirs, name in (("care_manager", "provider", "サービス"), ("provider", "care_manager", "居宅")):
        spots = [spot for spot in waiting if getattr(spot, mine)]
        others = [spot for spot in around if getattr(spot, theirs)]
        total = within([s.at for s in spots], [o.at for o in others], FAR_KM)
        using = within([s.at for s in spots], [o.at for o in others if o.uses], FAR_KM)
        for spot, all_there, in_use in zip(spots, total, using, strict=True):
            # Who stands on both sides is not its own partner.
            row = (spot.pk, name, in_use, all_there - getattr(spot, theirs))
            if spot.pk not in found or row[2] > found[spot.pk][2]:
                found[spot.pk] = row
    return sorted(found.values(), key=lambda row: (-row[2], -row[3], row[0]))


def _candidates(area: Area, ranked: Sequence[Ranked], on: date) -> list[Candidate]:
    ids = [row[0] for row in ranked]
    offices = Office.objects.select_related("municipality").in_bulk(ids)
    corporations = {office.corporation_id for office in offices.values() if office.corporation_id}
    using = set(
        Office.objects.filter(licences_in_use(on), corporation__in=corporations).values_list("corporation", flat=True)
    )
    services, calls = service_names(ids, on), last_calls(area, ids)
    return [
        Candidate(
            offices[pk], tuple(services.get(pk, ())), other, in_use, around, offices[pk].corporation_id in using, calls.get(pk)
        )
        for pk, other, in_use, around in ranked
    ]  # fmt: skip


def last_calls(area: Area, office_ids: Iterable[int]) -> dict[int, AreaCall]:
    """The newest note of an area about each of these offices."""
    rows = (
        AreaCall.objects.filter(area=area, office__in=list(office_ids))
        .select_related("by")
        .order_by("office", "-on", "-pk")
        .distinct("office")
    )
    return {call.office_id: call for call in rows}
