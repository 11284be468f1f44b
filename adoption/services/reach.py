"""The nightly count of partners within reach, for every municipality at once."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from adoption.enums import CARE_MANAGER, PROVIDER
from adoption.models import AreaReach
from adoption.queries.around import OTHER, Spot, spots
from adoption.rules.reach import NEAR_KM, around_areas
from careplan_portal.lib.dates import day_before


def reach_make_due(*, today: date) -> int:
    """Yesterday's, in place of an earlier day's; 0 when it is there already."""
    day = day_before(today)
    return 0 if AreaReach.objects.filter(day=day).exists() else reach_make(day=day)


@transaction.atomic
def reach_make(*, day: date) -> int:
    """Count for a day, in place of what is there. Returns the number of rows."""
    found = spots(day)
    codes = sorted({spot.area_code for spot in found if spot.area_code})
    rows = [row for cut in (CARE_MANAGER, PROVIDER) for row in _rows(day, cut, found, codes)]
    AreaReach.objects.all().delete()
    AreaReach.objects.bulk_create(rows)
    return len(rows)


def _rows(day: date, cut: str, found: list[Spot], codes: list[str]) -> list[AreaReach]:
    numbers = {code: number for number, code in enumerate(codes)}
    there = [index for index, spot in enumerate(found) if OTHER[cut] in spot.sides]
    place = {index: at for at, index in enumerate(there)}
    mine = [(index, spot) for index, spot in enumerate(found) if cut in spot.sides and spot.area_code]
    sums = around_areas(
        [(spot.at, numbers[spot.area_code]) for _, spot in mine],
        [(found[index].at, found[index].uses) for index in there],
        [place.get(index, -1) for index, _ in mine],
        NEAR_KM,
    )
    return [
        AreaReach(
            area_code=codes[number], cut=cut, day=day, offices=a.offices, reached=a.reached, pairs=a.pairs,
            pairs_using=a.pairs_using, around=a.around, around_using=a.around_using,
        )
        for number, a in sums.items()
    ]  # fmt: skip
