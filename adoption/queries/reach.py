"""The neighbourhood of one office: who of the other side is near, and uses the system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, FloatField, Value
from django.db.models.functions import ASin, Cos, Least, Radians, Sin, Sqrt

from adoption.enums import CARE_MANAGER, PROVIDER, SIDES
from adoption.queries.offices import services_in_cut
from adoption.rules.comparing import half_of, missing_to_half
from adoption.rules.reach import EARTH_KM, NEAR_KM, box_around
from licenses.queries import offices_using
from offices.models import Office

RINGS = (1.0, NEAR_KM, 5.0, 10.0)
OTHER_NAMES = {CARE_MANAGER: "居宅介護支援など", PROVIDER: "サービス事業所"}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An office of the other side: `km` in a straight line; whether it uses the system is public."""

    office: Office
    km: float
    uses: bool


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """`other` is the side looked at (cm or pr). Offices in order of distance."""

    office: Office
    other: str
    km: float
    neighbours: tuple[Neighbour, ...]

    @property
    def other_name(self) -> str:
        return OTHER_NAMES[self.other]

    @property
    def total(self) -> int:
        return len(self.neighbours)

    @property
    def using(self) -> int:
        return sum(1 for one in self.neighbours if one.uses)

    @property
    def rate(self) -> float | None:
        return self.using / self.total if self.total else None

    @property
    def half(self) -> int:
        return half_of(self.total)

    @property
    def missing(self) -> int:
        return missing_to_half(self.total, self.using)


def other_sides(office: Office, on: date) -> list[str]:
    """The sides that an office's partners stand on: who provides looks at care managers, and the
    other way round; who does both has both."""
    mine = [cut for cut in SIDES if services_in_cut(cut, on).filter(office=office).exists()]
    found = [PROVIDER if cut == CARE_MANAGER else CARE_MANAGER for cut in mine]
    return sorted(found) or [CARE_MANAGER]


def neighbourhood(office: Office, on: date, *, other: str, km: float = NEAR_KM) -> Neighbourhood | None:
    """Offices in scope of the side `other` within `km` on a day; None when the office's position is not
    known. Two queries."""
    if office.latitude is None or office.longitude is None:
        return None
    box = box_around([office.latitude], [office.longitude], km)
    found = (
        Office.objects.in_scope_on(on)
        .filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))
        .filter(pk__in=services_in_cut(other, on).values("office"))
        .exclude(pk=office.pk)
        .annotate(km=_distance(office.latitude, office.longitude))
        .filter(km__lte=km)
        .select_related("municipality")
        .order_by("km", "business_number")
    )
    offices = list(found)
    using = offices_using([one.pk for one in offices], on)
    return Neighbourhood(office, other, km, tuple(Neighbour(o, o.km, o.pk in using) for o in offices))


def _distance(latitude: float, longitude: float) -> Any:
    """Haversine as SQL, the twin of rules.reach.kilometres."""
    here = Value(latitude, output_field=FloatField())
    lat = Sin((Radians(F("latitude")) - Radians(here)) / 2)
    lon = Sin((Radians(F("longitude")) - Radians(Value(longitude, output_field=FloatField()))) / 2)
    half = lat * lat + Cos(Radians(here)) * Cos(Radians(F("latitude"))) * lon * lon
    return 2 * EARTH_KM * ASin(Sqrt(Least(half, Value(1.0))))
