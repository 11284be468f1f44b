"""Reading the official boundaries (国土数値情報 N03) as TopoJSON or GeoJSON. Pure.

Municipalities are told by the five digits of N03_007; several shapes of one (islands, wards that
the caller rolls up) come one after the other. Points are put on a plane where one unit is the same
length in both directions at 36 degrees north, and those that lie close are left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

PLACE = "N03_007"
COSINE = math.cos(math.radians(36))
UNITS = 100.0
"""Units a degree of latitude."""
CLOSE = 0.06
"""Points nearer than this to the last one are left out, in units (some 70 metres)."""

Point = tuple[float, float]
Ring = list[Point]


class BoundaryFileError(ValueError):
    """The file is not what it should be; `str()` is a sentence for people."""


def rings_by_place(data: Mapping[str, Any]) -> dict[str, list[Ring]]:
    """Rings of degrees (longitude, latitude) by five-digit code. Raises BoundaryFileError."""
    kind = data.get("type")
    if kind == "Topology":
        shapes = _topology(data)
    elif kind == "FeatureCollection":
        shapes = _features(data)
    else:
        raise BoundaryFileError(
            "TopoJSONでもGeoJSONでもありません。国土数値情報の行政区域（N03）のファイルを指定してください。"
        )
    found: dict[str, list[Ring]] = defaultdict(list)
    for code, rings in shapes:
        found[code] += rings
    if not found:
        raise BoundaryFileError(f"市区町村コード（{PLACE}）のある図形がありません。")
    return dict(found)


def _features(data: Mapping[str, Any]) -> Iterator[tuple[str, list[Ring]]]:
    for feature in data.get("features", ()):
        code = str((feature.get("properties") or {}).get(PLACE) or "")
        geometry = feature.get("geometry") or {}
        if code and geometry:
            polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            yield code, [[(p[0], p[1]) for p in ring] for polygon in polygons for ring in polygon]


def _topology(data: Mapping[str, Any]) -> Iterator[tuple[str, list[Ring]]]:
    arcs = [_arc(arc, data.get("transform")) for arc in data["arcs"]]
    for collection in data["objects"].values():
        for geometry in collection.get("geometries", ()):
            code = str((geometry.get("properties") or {}).get(PLACE) or "")
            if not code or not geometry.get("arcs"):
                continue
            polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            yield code, [_joined(ring, arcs) for polygon in polygons for ring in polygon]


def _arc(arc: Sequence[Sequence[float]], transform: Mapping[str, Any] | None) -> Ring:
    if transform is None:
        return [(p[0], p[1]) for p in arc]
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    points, x, y = [], 0.0, 0.0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * scale_x + move_x, y * scale_y + move_y))
    return points


def _joined(ring: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    points: Ring = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += part[1:] if points else part
    return points


def on_plane(ring: Ring) -> Ring:
    """Degrees as units of the map, south downwards."""
    return [((lon - 122) * UNITS * COSINE, (46 - lat) * UNITS) for lon, lat in ring]


def path_of(rings: Sequence[Ring]) -> str:
    """The rings (on the plane) as an SVG path; rings that shrink to a line are left out, but not the largest."""
    thinned = [_thinned(ring) for ring in rings]
    kept = [ring for ring in thinned if len(ring) > 3] or [max(thinned, key=len)]
    return "".join("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in ring) + "Z" for ring in kept)


def _thinned(ring: Ring) -> Ring:
    kept = ring[:1]
    for point in ring[1:]:
        if math.dist(point, kept[-1]) >= CLOSE:
            kept.append(point)
    return kept
