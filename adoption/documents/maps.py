"""Maps: prefectures from the packaged outlines; municipalities from boundaries that an operator loaded,
until then bubbles at the middle of their offices. Five steps of one hue, the own place outlined."""

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
from careplan_portal.lib import charts, words

STEPS = ("10％未満", "10〜20％", "20〜30％", "30〜40％", "40％以上")
COSINE = 0.81  # of 36 degrees north: straight enough for the whole country
SCALE = 400


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
    names: tuple[tuple[float, float, str], ...] = ()

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the drawing."""
        _, _, width, height = self.view_box.split()
        return float(width), float(height)

    @property
    def corner(self) -> tuple[float, float]:
        """Where the name of the place stands that is pointed at."""
        left, top, width, _ = map(float, self.view_box.split())
        return round(left + width * 0.01, 2), round(top + width * 0.04, 2)

    @property
    def letters(self) -> float:
        """How large that name is: outlines have other units than bubbles."""
        return round(self.size[0] * 0.036, 2)

    @property
    def steps(self) -> list[tuple[int, str]]:
        return list(enumerate(STEPS, 1))


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
    near = _without_far_islands(list(shapes.values()))
    left, top = min(s.left for s in near), min(s.top for s in near)
    right, bottom = max(s.right for s in near), max(s.bottom for s in near)
    # The own place is drawn last, so that its outline lies on top.
    kept = {s.area_code for s in near}
    drawn = sorted((p for p in places if p.code in kept), key=lambda p: p.code in board.place.members)
    spots = tuple(_spot(board, place, path=shapes[place.code].path) for place in drawn)
    credit = f"境界：{near[0].source}" + ("。離れた島は表で示しています" if len(near) < len(shapes) else "")
    box = f"{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"
    return MapDrawing(f"{board.place.prefecture_name}の市区町村別の普及率。内容は表と同じです。", box, spots, credit)


def _without_far_islands(shapes: list[AreaShape]) -> list[AreaShape]:
    """Tokyo's islands would shrink the rest to a dot."""
    x = statistics.median((s.left + s.right) / 2 for s in shapes)
    y = statistics.median((s.top + s.bottom) / 2 for s in shapes)
    apart = {s.area_code: math.hypot((s.left + s.right) / 2 - x, (s.top + s.bottom) / 2 - y) for s in shapes}
    usual = statistics.median(apart.values())
    return [s for s in shapes if apart[s.area_code] <= 6 * usual] or shapes


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
    spots = []
    for place in sorted(known, key=lambda p: -board.country[p.code].offices_in_scope):
        x, y = points[place.code]
        r = 6 + 26 * math.sqrt(board.country[place.code].offices_in_scope / most)
        spots.append(_spot(board, place, x=round((x - left) * scale, 1), y=round((y - top) * scale, 1), r=round(r, 1)))
    width, height = (right - left) * scale, (bottom - top) * scale
    box = f"-40 -60 {width + 80:.0f} {height + 100:.0f}"
    credit = "円の大きさは対象の事業所の数、位置は事業所の所在地のまん中"
    title = f"{board.place.prefecture_name}の市区町村別の普及率。内容は表と同じです。"
    return MapDrawing(title, box, tuple(spots), credit, bubbles=True, names=names_of(spots, width + 80))


MOST_NAMES = 16
LETTER = 18
"""As large as names are on a narrow screen."""


def names_of(spots: Sequence[Spot], width: float) -> tuple[tuple[float, float, str], ...]:
    """Names beside their bubbles, the own place's first, then those of the largest, as many as cover no
    bubble and no other name; the middle of each at its foot. The own one stands in any case."""
    taken = [(s.x - s.r, s.y - s.r, s.x + s.r, s.y + s.r) for s in spots]
    found = []
    for spot in sorted(spots, key=lambda s: (not s.me, -s.r))[:MOST_NAMES]:
        wide = charts.text_width(spot.label, LETTER)
        for x, y in _beside(spot, wide):
            box = (x - wide / 2, y - LETTER, x + wide / 2, y + 4)
            inside = box[0] >= -38 and box[2] <= width - 42
            if inside and not any(_meet(box, other) for other in taken):
                break
        else:
            if not spot.me:
                continue
            x, y = _beside(spot, wide)[0]
            box = (x - wide / 2, y - LETTER, x + wide / 2, y + 4)
        taken.append(box)
        found.append((round(x, 1), round(y, 1), spot.label))
    return tuple(found)


def _beside(spot: Spot, wide: float) -> list[tuple[float, float]]:
    """Where a name may stand: close by; the own place's also farther above and below."""
    gap = spot.r + 6
    places = [
        (spot.x, spot.y - gap), (spot.x, spot.y + gap + LETTER - 4),
        (spot.x + gap + wide / 2, spot.y + 5), (spot.x - gap - wide / 2, spot.y + 5),
    ]  # fmt: skip
    if spot.me:
        places += [
            (spot.x, spot.y + side * (gap + far) + LETTER / 2) for far in (12, 24, 36, 60, 84) for side in (1, -1)
        ]
    return places


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
