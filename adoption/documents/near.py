"""A drawing of who is near: rings by distance around the office, no ground map."""

from __future__ import annotations

import math
from dataclasses import dataclass

from adoption.queries.reach import Neighbourhood

RADIUS = 200
MOST = 60
"""More dots than this are drawn without numbers."""


STEPS = {1.0: 0.5, 3.0: 1.0, 5.0: 1.0, 10.0: 2.5}
"""How far apart the rings are, by the radius, in km."""


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    number: str
    uses: bool
    label: str


@dataclass(frozen=True, slots=True)
class Ring:
    r: float
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class NearMap:
    title: str
    dots: tuple[Dot, ...]
    rings: tuple[Ring, ...]
    size: int


def near_map(found: Neighbourhood) -> NearMap:
    """North is up; one unit is the same distance in every direction."""
    office = found.office
    assert office.latitude is not None
    assert office.longitude is not None
    dots = []
    for number, one in enumerate(found.neighbours, 1):
        assert one.office.latitude is not None
        assert one.office.longitude is not None
        east = (one.office.longitude - office.longitude) * math.cos(math.radians(office.latitude))
        north = one.office.latitude - office.latitude
        length = math.hypot(east, north) or 1.0
        # The direction from the degrees, the distance from the list, so that both agree.
        reach = one.km / found.km * RADIUS
        label = str(number) if found.total <= MOST else ""
        x, y = round(east / length * reach, 1), round(-north / length * reach, 1)
        dots.append(Dot(x, y, label, one.uses, one.office.name))
    step = STEPS.get(found.km, found.km / 2)
    marks = [step * n for n in range(1, round(found.km / step) + 1)]
    # The word stands on the ring at the south-west.
    reaches = [round(mark / found.km * RADIUS, 1) for mark in marks]
    rings = tuple(Ring(r, round(r * math.sqrt(0.5), 1), f"{mark:g} km") for r, mark in zip(reaches, marks, strict=True))
    title = f"{found.km:g} km以内の{found.other_name}{found.total}か所のうち{found.using}か所が利用中。一覧と同じです。"
    return NearMap(title, tuple(dots), rings, RADIUS)
