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
    theirs = np.radians(np.asarray(others, dtype=float))
    limit = math.sin(km / EARTH_KM / 2) ** 2
    counts: list[int] = []
    # A thousand at a time, so that memory stays at some tens of megabytes.
    for start in range(0, len(points), 1000):
        mine = np.radians(np.asarray(points[start : start + 1000], dtype=float))
        lat, lon = mine[:, :1], mine[:, 1:]
        half = np.sin((theirs[:, 0] - lat) / 2) ** 2
        half += np.cos(lat) * np.cos(theirs[:, 0]) * np.sin((theirs[:, 1] - lon) / 2) ** 2
        counts.extend(int(number) for number in (half <= limit).sum(axis=1))
    return counts
