"""How far partners within reach use the system, by area: made by night (services.reach), read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from adoption.enums import CARE_MANAGER, PROVIDER
from adoption.models import AreaReach
from adoption.queries.live import OFFICES_SQL, parameters
from adoption.queries.places import Place, municipality_codes
from adoption.rules.reach import Around

SPOTS_SQL = f"""
WITH {OFFICES_SQL}
SELECT o.area, p.latitude, p.longitude, o.free OR o.paid, s.manages, s.provides
FROM office o JOIN side s ON s.office_id = o.id JOIN offices_office p ON p.id = o.id
WHERE p.latitude IS NOT NULL AND p.longitude IS NOT NULL ORDER BY o.id
"""

OTHER = {CARE_MANAGER: PROVIDER, PROVIDER: CARE_MANAGER}


@dataclass(frozen=True, slots=True)
class Spot:
    """An office in scope with its position: its municipality (may be empty), use, and sides."""

    area_code: str
    at: tuple[float, float]
    uses: bool
    sides: tuple[str, ...]


def spots(day: date) -> list[Spot]:
    """Every office in scope whose position is known."""
    with connection.cursor() as cursor:
        cursor.execute(SPOTS_SQL, parameters(day, day))
        return [
            Spot(area, (lat, lon), uses, tuple(c for c, is_in in ((CARE_MANAGER, manages), (PROVIDER, provides)) if is_in))
            for area, lat, lon, uses, manages, provides in cursor.fetchall()
        ]  # fmt: skip


def reach_of(place: Place) -> dict[str, tuple[date, Around]]:
    """By side: the day and the sums over the place's municipalities. Partners around are told for a single
    municipality only, because those of two overlap (0 otherwise)."""
    codes = municipality_codes(place)
    sums: dict[str, tuple[date, list[int]]] = {}
    rows = AreaReach.objects.filter(area_code__in=codes).order_by("cut", "area_code")
    names = ("offices", "reached", "pairs", "pairs_using", "around", "around_using")
    for cut, day, *numbers in rows.values_list("cut", "day", *names):
        before = sums.get(cut, (day, [0] * len(names)))[1]
        sums[cut] = day, [a + b for a, b in zip(before, numbers, strict=True)]
    single = len(codes) == 1
    return {
        cut: (day, Around(*numbers[:4], *(numbers[4:] if single else (0, 0)))) for cut, (day, numbers) in sums.items()
    }
