"""A drawing of who is near: rings by distance around the office, no ground map."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

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


APART = 25.0
"""So far apart are the middles of numbered dots, which are 24 wide."""
EDGE = 212.0


def _apart(dots: list[Dot]) -> list[Dot]:
    """Dots that would cover one another or the office itself, pushed aside until each number can be read."""
    places = [(dot.x, dot.y) for dot in dots]
    for _ in range(200):
        moved = False
        for one in range(len(places)):
            for other in range(-1, one):
                moved |= _push(places, one, other)
        if not moved:
            break
    return [replace(dot, x=round(x, 1), y=round(y, 1)) for dot, (x, y) in zip(dots, places, strict=True)]


def _push(places: list[tuple[float, float]], one: int, other: int) -> bool:
    """Whether two stood too near: both give way by half; the office in the middle (-1) does not move."""
    (x, y), (to_x, to_y) = places[one], (0.0, 0.0) if other < 0 else places[other]
    between = math.hypot(x - to_x, y - to_y)
    if between >= APART - 0.01:
        return False
    # Two at one place part in a direction of their own.
    turn = math.atan2(y - to_y, x - to_x) if between > 0.01 else one * 2.4
    by = (APART - between) / (1 if other < 0 else 2)
    places[one] = _inside(x + math.cos(turn) * by, y + math.sin(turn) * by)
    if other >= 0:
        places[other] = _inside(to_x - math.cos(turn) * by, to_y - math.sin(turn) * by)
    return True


def _inside(x: float, y: float) -> tuple[float, float]:
    return max(-EDGE, min(EDGE, x)), max(-EDGE, min(EDGE, y))


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
    if found.total <= MOST:
        dots = _apart(dots)
    step = STEPS.get(found.km, found.km / 2)
    marks = [step * n for n in range(1, round(found.km / step) + 1)]
    # The word stands on the ring at the south-west.
    reaches = [round(mark / found.km * RADIUS, 1) for mark in marks]
    rings = tuple(Ring(r, round(r * math.sqrt(0.5), 1), f"{mark:g} km") for r, mark in zip(reaches, marks, strict=True))
    title = f"{found.km:g} km以内の{found.other_name}{found.total}か所のうち{found.using}か所が利用中。一覧と同じです。"
    return NearMap(title, tuple(dots), rings, RADIUS)
