"""Maps: prefectures from the packaged outlines; municipalities from boundaries that an operator loaded,
until then bubbles at the middle of their offices. Five steps of one hue, the own place outlined and named."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from adoption.models import AreaShape
from adoption.queries.board import Board
from adoption.queries.live import Figures
from adoption.queries.neighbours import middles
from adoption.queries.outside import prefecture_map
from adoption.queries.places import Place, level_places, municipalities_in
from adoption.rules.mapnames import Leader, Mark, Name, names_of, rings_of
from careplan_portal.lib import words

STEPS = ("10％未満", "10〜20％", "20〜30％", "30〜40％", "40％以上")
COSINE = 0.81  # of 36 degrees north: straight enough for the whole country
SCALE = 400
WIDTH, EDGE = 460, 10
"""The longer side of a map of outlines, and what is left free around it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place: an outline (`path`) or a bubble (`x`, `y`, `r`), its step 1 to 5 (0: no office)."""

    label: str
    url: str
    step: int
    me: bool
    path: str = ""
    x: float = 0
    y: float = 0
    r: float = 0


@dataclass(frozen=True, slots=True)
class MapDrawing:
    title: str
    view_box: str
    spots: tuple[Spot, ...]
    credit: str
    bubbles: bool = False
    names: tuple[Name, ...] = ()
    leaders: tuple[Leader, ...] = ()
    scale: float = 1
    move: tuple[float, float] = (0, 0)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the drawing."""
        _, _, width, height = self.view_box.split()
        return float(width), float(height)

    @property
    def corner(self) -> tuple[float, float]:
        """Where the name of the place stands that is pointed at."""
        left, top, _, _ = map(float, self.view_box.split())
        return left + 2, top + 18

    @property
    def transform(self) -> str:
        """What brings outlines to the units of the drawing; empty where they have them."""
        return "" if self.scale == 1 else f"translate({self.move[0]} {self.move[1]}) scale({self.scale})"

    @property
    def steps(self) -> list[tuple[int, str]]:
        """The legend; places without an office in scope are in it where the map has such."""
        none = [(0, "対象の事業所なし")] if any(spot.step == 0 for spot in self.spots) else []
        return [*enumerate(STEPS, 1), *none]


def step_of(rate: float | None) -> int:
    """1 to 5 by tens of per cent; 0 where there is no rate."""
    return 0 if rate is None else min(int(rate * 10 + 1e-9), 4) + 1


def place_map(board: Board) -> MapDrawing | None:
    """The nation by prefecture, or the prefecture of a place by municipality; None without positions."""
    if board.place.level == "nation":
        return _nation(board)
    places = municipalities_in(board.place.prefecture_code)
    shapes = {shape.area_code: shape for shape in AreaShape.objects.filter(prefecture_code=board.place.prefecture_code)}
    return _outlines(board, places, shapes) if shapes else _bubbles(board, places)


def _nation(board: Board) -> MapDrawing:
    view_box, paths, credit = prefecture_map()
    spots = tuple(
        _spot(board, place, path=paths[place.code[:2]])
        for place in level_places("prefecture")
        if place.code[:2] in paths
    )
    return MapDrawing("都道府県別の普及率。内容は表と同じです。", view_box, spots, f"地図：{credit}")


def _spot(board: Board, place: Place, **shape: object) -> Spot:
    figures = board.country.get(place.code) or Figures(place.code, board.cut, 0, 0)
    rate = "対象なし" if figures.rate is None else words.percent(figures.rate)
    mine = place.code in (board.place.code, *board.place.members)
    url = reverse("adoption:place", args=[place.code])
    return Spot(f"{place.name} {rate}", url, step_of(figures.rate), mine, **shape)  # type: ignore[arg-type]


def _outlines(board: Board, places: Sequence[Place], shapes: dict[str, AreaShape]) -> MapDrawing:
    near = _without_far_islands(list(shapes.values()), board.place.members)
    left, top = min(s.left for s in near), min(s.top for s in near)
    across, down = max(s.right for s in near) - left, max(s.bottom for s in near) - top
    scale = round(WIDTH / max(across, down, 0.1), 4)
    move = round(EDGE - left * scale, 2), round(2 * EDGE - top * scale, 2)
    # The own place is drawn last, so that its outline lies on top.
    kept = {s.area_code for s in near}
    drawn = sorted((p for p in places if p.code in kept), key=lambda p: p.code in board.place.members)
    spots = tuple(_spot(board, place, path=shapes[place.code].path) for place in drawn)
    credit = f"境界：{near[0].source}" + ("。離れた島は表で示しています" if len(near) < len(shapes) else "")
    width, height = across * scale + 2 * EDGE, down * scale + 3 * EDGE
    names, leaders = names_of(
        [_outlined(place, spot, board, scale, move) for place, spot in _largest(board, drawn, spots)],
        (2, 2, width - 2, height - 2),
    )
    title = f"{board.place.prefecture_name}の市区町村別の普及率。内容は表と同じです。"
    box = f"0 0 {width:.0f} {height:.0f}"
    return MapDrawing(title, box, spots, credit, names=names, leaders=leaders, scale=scale, move=move)


def _largest(board: Board, places: Sequence[Place], spots: Sequence[Spot]) -> list[tuple[Place, Spot]]:
    """Those with most offices first: they are named before others, and only where there is any office."""
    found = [(place, spot) for place, spot in zip(places, spots, strict=True) if spot.step or spot.me]
    return sorted(found, key=lambda pair: -_scope(board, pair[0]))


def _scope(board: Board, place: Place) -> int:
    figures = board.country.get(place.code)
    return figures.offices_in_scope if figures else 0


def _outlined(place: Place, spot: Spot, board: Board, scale: float, move: tuple[float, float]) -> Mark:
    """What is to be named of an outline. Only the own place is the reader's: areas may have many."""
    rings = rings_of(spot.path, lambda x, y: (x * scale + move[0], y * scale + move[1]))
    return Mark(spot.label, spot.step, spot.me and board.place.members == (place.code,), rings=rings)


def _without_far_islands(shapes: list[AreaShape], mine: Sequence[str]) -> list[AreaShape]:
    """Tokyo's islands would shrink the rest to a dot. What lies far out stays where it touches the rest, and
    where it is the reader's own and not very far."""
    x = statistics.median((s.left + s.right) / 2 for s in shapes)
    y = statistics.median((s.top + s.bottom) / 2 for s in shapes)
    apart = {s.area_code: math.hypot((s.left + s.right) / 2 - x, (s.top + s.bottom) / 2 - y) for s in shapes}
    usual = statistics.median(apart.values())
    limit = 6 if any(4 * usual < apart.get(code, 0) <= 6 * usual for code in mine) else 4
    kept = [s for s in shapes if apart[s.area_code] <= limit * usual]
    rest = [s for s in shapes if apart[s.area_code] > limit * usual]
    while touching := [s for s in rest if any(_touch(s, other) for other in kept)]:
        kept += touching
        rest = [s for s in rest if s not in touching]
    return kept or shapes


def _touch(one: AreaShape, other: AreaShape) -> bool:
    return (
        one.left <= other.right and other.left <= one.right and one.top <= other.bottom and other.top <= one.bottom
    )  # fmt: skip


def _bubbles(board: Board, places: Sequence[Place]) -> MapDrawing | None:
    at = middles(board.run)
    known = [place for place in places if place.code in at and place.code in board.country]
    if not known:
        return None
    points = {p.code: (at[p.code][1] * COSINE, -at[p.code][0]) for p in known}
    left, right = min(x for x, _ in points.values()), max(x for x, _ in points.values())
    top, bottom = min(y for _, y in points.values()), max(y for _, y in points.values())
    scale = SCALE / max(right - left, bottom - top, 0.05)
    most = max(board.country[p.code].offices_in_scope for p in known)
    largest = min(26, 130 / math.sqrt(len(known)))
    spots = []
    for place in sorted(known, key=lambda p: -board.country[p.code].offices_in_scope):
        x, y = points[place.code]
        r = 6 + largest * math.sqrt(board.country[place.code].offices_in_scope / most)
        spots.append(_spot(board, place, x=round((x - left) * scale, 1), y=round((y - top) * scale, 1), r=round(r, 1)))
    width, height = (right - left) * scale, (bottom - top) * scale
    box = f"-40 -60 {width + 80:.0f} {height + 100:.0f}"
    credit = "円の大きさは対象の事業所の数、位置は事業所の所在地のまん中"
    title = f"{board.place.prefecture_name}の市区町村別の普及率。内容は表と同じです。"
    marks = [Mark(s.label, s.step, s.me and len(board.place.members) == 1, s.x, s.y, s.r) for s in spots]
    names, leaders = names_of(marks, (-38, -58, width + 38, height + 38))
    return MapDrawing(title, box, tuple(spots), credit, bubbles=True, names=names, leaders=leaders)
