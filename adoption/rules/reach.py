"""Distances between offices: straight lines on the globe. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

EARTH_KM = 6371.0088
NEAR_KM = 3.0
FAR_KM = 10.0


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great circle between two points in degrees (haversine)."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees within which everything at most so far away lies."""

    south: float
    north: float
    west: float
    east: float


def box_around(latitudes: Sequence[float], longitudes: Sequence[float], km: float) -> Box:
    """The box that holds every point within `km` of any of the points. Raises ValueError without one."""
    margin = math.degrees(km / EARTH_KM)
    widest = max(abs(latitude) for latitude in latitudes)
    # Parallels are shorter by the cosine; a little more than needed does no harm.
    sideways = margin / max(math.cos(math.radians(min(widest + margin, 89))), 0.01)
    return Box(min(latitudes) - margin, max(latitudes) + margin, min(longitudes) - sideways, max(longitudes) + sideways)


def within(points: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]], km: float) -> list[int]:
    """For each point (latitude, longitude in degrees) how many of the others lie within `km`."""
    if not others:
        return [0] * len(points)
    theirs = np.asarray(others, dtype=float)
    counts: list[int] = []
    # A thousand at a time, so that memory stays at some tens of megabytes.
    for start in range(0, len(points), 1000):
        near = _near(np.asarray(points[start : start + 1000], dtype=float), theirs, km)
        counts.extend(int(number) for number in near.sum(axis=1))
    return counts


# --- a whole country at once ------------------------------------------------------------------------------

LATITUDE_STEP, LONGITUDE_STEP = 1 / 111, 1 / 70
"""Degrees of a kilometre at least, up to 50 degrees north: so that what lies within `km` of a point is in
the cell of so many steps around it, or next to that."""


@dataclass(frozen=True, slots=True)
class Around:
    """How an area's offices of one side stand to the other side: `offices` of them have somebody within
    reach, `reached` of these have half of it using the system; `pairs` counts office and partner,
    `pairs_using` those whose partner uses it; `around` partners within reach of any, `around_using` of
    them use it."""

    offices: int = 0
    reached: int = 0
    pairs: int = 0
    pairs_using: int = 0
    around: int = 0
    around_using: int = 0


Point = tuple[float, float]


def around_areas(
    mine: Sequence[tuple[Point, int]], others: Sequence[tuple[Point, bool]], itself: Sequence[int], km: float
) -> dict[int, Around]:
    """By area. `mine` are points (degrees) with their area's number, `others` points with whether they use
    the system; `itself[i]` is the place of mine[i] among the others, or -1: nobody is its own partner."""
    if not mine or not others:
        return {}
    my_points, areas = np.asarray([p for p, _ in mine], dtype=float), np.asarray([a for _, a in mine])
    their_points = np.asarray([p for p, _ in others], dtype=float)
    uses, own = np.asarray([u for _, u in others], dtype=bool), np.asarray(itself)
    total, using = np.zeros(len(mine), dtype=int), np.zeros(len(mine), dtype=int)
    met: list[np.ndarray] = [np.zeros(0, dtype=int)]
    theirs = _by_cell(their_points, km)
    for cell, here in _by_cell(my_points, km).items():
        there = [theirs[at] for at in _with_neighbours(cell) if at in theirs]
        if not there:
            continue
        beside = np.concatenate(there)
        near = _near(my_points[here], their_points[beside], km) & (beside[None, :] != own[here][:, None])
        total[here], using[here] = near.sum(axis=1), (near & uses[beside]).sum(axis=1)
        rows, columns = np.nonzero(near)
        met.append(np.unique(areas[here][rows] * len(others) + beside[columns]))
    return _around(areas, total, using, np.unique(np.concatenate(met)), uses)


def _around(
    areas: np.ndarray, total: np.ndarray, using: np.ndarray, met: np.ndarray, uses: np.ndarray
) -> dict[int, Around]:
    size = int(areas.max()) + 1
    met_areas, met_uses = met // len(uses), uses[met % len(uses)]
    columns = [
        np.bincount(areas, weights=total > 0, minlength=size),
        np.bincount(areas, weights=(total > 0) & (2 * using >= total), minlength=size),
        np.bincount(areas, weights=total, minlength=size),
        np.bincount(areas, weights=using, minlength=size),
        np.bincount(met_areas, minlength=size),
        np.bincount(met_areas, weights=met_uses, minlength=size),
    ]
    return {area: Around(*(int(column[area]) for column in columns)) for area in np.unique(areas).tolist()}


def _by_cell(points: np.ndarray, km: float) -> dict[tuple[int, int], np.ndarray]:
    cells = np.floor(points / (km * np.asarray([LATITUDE_STEP, LONGITUDE_STEP]))).astype(int)
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    changes = np.nonzero(np.any(np.diff(cells[order], axis=0), axis=1))[0] + 1
    return {tuple(cells[part[0]].tolist()): part for part in np.split(order, changes)}


def _with_neighbours(cell: tuple[int, int]) -> list[tuple[int, int]]:
    return [(cell[0] + south, cell[1] + west) for south in (-1, 0, 1) for west in (-1, 0, 1)]


def _near(points: np.ndarray, others: np.ndarray, km: float) -> np.ndarray:
    mine, theirs = np.radians(points), np.radians(others)
    lat, lon = mine[:, :1], mine[:, 1:]
    half = np.sin((theirs[:, 0] - lat) / 2) ** 2
    half += np.cos(lat) * np.cos(theirs[:, 0]) * np.sin((theirs[:, 1] - lon) / 2) ** 2
    return np.asarray(half <= math.sin(km / EARTH_KM / 2) ** 2)
