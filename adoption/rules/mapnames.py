"""Where names stand on a map so that none covers another: in an outline that has room for it, beside a
bubble, or, for the own place, in free space with a line that leads to it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from careplan_portal.lib.charts import text_width

LETTER = 19
"""As large as names are on a narrow screen, in units of the drawing."""
MOST, LED, FAR = 16, 4, 130
"""So many places are named; so many of them by a line where there is no room, and so far away."""
DARK = 4
"""From this step on names in an outline are white."""

Box = tuple[float, float, float, float]
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Name:
    """A text at its foot; `cls` is "t-inv" on dark ground, "b" for the own place."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    cls: str = ""


@dataclass(frozen=True, slots=True)
class Leader:
    """A line from a place to its name."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be named, the most important first: `label` is a name and a rate; a bubble has its middle
    and `r`, an outline its rings in units of the drawing."""

    label: str
    step: int
    me: bool = False
    x: float = 0
    y: float = 0
    r: float = 0
    rings: Sequence[Ring] = ()


def names_of(marks: Sequence[Mark], frame: Box) -> tuple[tuple[Name, ...], tuple[Leader, ...]]:
    """Names, and lines to them, as many as there is room for inside `frame`. The own place's stands in any case."""
    taken: list[Box] = [(m.x - m.r, m.y - m.r, m.x + m.r, m.y + m.r) for m in marks if m.r]
    names: list[Name] = []
    leaders: list[Leader] = []
    written: list[Box] = []
    for number, mark in enumerate(sorted(marks, key=lambda m: not m.me)[:MOST]):
        if not mark.me and _hidden(mark, marks):
            continue
        found = _inside(mark, taken) if mark.rings else _beside(mark, taken, frame)
        if found is None and (mark.me or number < LED):
            found = _led(mark, marks, taken, written, leaders, frame)
            if found is not None:
                leaders.append(_line(mark, found[1]))
        if found is not None:
            names += found[0]
            taken.append(found[1])
            written.append(found[1])
    return tuple(names), tuple(leaders)


def rings_of(path: str, put: Callable[[float, float], tuple[float, float]]) -> list[Ring]:
    """The rings of an outline as `boundaries.path_of` writes it, each point put where the drawing has it."""
    return [
        [put(*map(float, point.split())) for point in ring.rstrip("Z").split("L")] for ring in path.split("M")[1:]
    ]  # fmt: skip


def holds(rings: Sequence[Ring], x: float, y: float) -> bool:
    """Whether a point lies in an outline: a line to the left crosses its edge an odd number of times."""
    odd = False
    for ring in rings:
        x1, y1 = ring[-1]
        for x2, y2 in ring:
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                odd = not odd
            x1, y1 = x2, y2
    return odd


def _hidden(mark: Mark, marks: Sequence[Mark]) -> bool:
    """Whether a bubble's middle lies under a smaller one: its name would be taken for that one's."""
    return any(
        other is not mark and 0 < other.r <= mark.r and (other.x - mark.x) ** 2 + (other.y - mark.y) ** 2 < other.r**2
        for other in marks
    )


def middle(mark: Mark) -> tuple[float, float]:
    """A point of a place where a line may end: of an outline, in its largest part."""
    if not mark.rings:
        return mark.x, mark.y
    left, top, right, bottom = _bounds(_largest(mark.rings))
    spots = [(left + (right - left) * i / 8, top + (bottom - top) * j / 8) for i in range(1, 8) for j in range(1, 8)]
    x, y = (left + right) / 2, (top + bottom) / 2
    within = [spot for spot in spots if holds(mark.rings, *spot)]
    return min(within or [(x, y)], key=lambda s: (s[0] - x) ** 2 + (s[1] - y) ** 2)


def _inside(mark: Mark, taken: Sequence[Box]) -> tuple[list[Name], Box] | None:
    """Name and rate on two rows inside the outline, as near to its middle as they fit."""
    rows = mark.label.split(" ")
    wide, high = max(text_width(row, LETTER) for row in rows) / 2, LETTER * 1.1 * len(rows) / 2
    left, top, right, bottom = _bounds(_largest(mark.rings))
    if right - left < 2 * wide or bottom - top < 2 * high:
        return None
    x0, y0 = (left + right) / 2, (top + bottom) / 2
    across, down = (right - left) / 2 - wide, (bottom - top) / 2 - high
    tries = [(x0 + across * i / 4, y0 + down * j / 4) for i in range(-4, 5) for j in range(-4, 5)]
    for x, y in sorted(tries, key=lambda t: (t[0] - x0) ** 2 + (t[1] - y0) ** 2):
        box = (x - wide, y - high, x + wide, y + high)
        edge = [(box[i], box[j]) for i in (0, 2) for j in (1, 3)] + [(x, box[1]), (x, box[3]), (box[0], y), (box[2], y)]
        if all(holds(mark.rings, *point) for point in edge) and not any(_meet(box, other) for other in taken):
            cls = " ".join([*(["t-inv"] if mark.step >= DARK else []), *(["b"] if mark.me else [])])
            foot = y - high + LETTER * 0.93
            return [
                Name(round(x, 1), round(foot + n * LETTER * 1.1, 1), row, cls=cls) for n, row in enumerate(rows)
            ], box
    return None


def _beside(mark: Mark, taken: Sequence[Box], frame: Box) -> tuple[list[Name], Box] | None:
    """The label on one row close to a bubble: above, below, at its sides, and shifted to them."""
    wide, gap = text_width(mark.label, LETTER), mark.r + 6
    low, high = mark.y + gap + LETTER - 4, mark.y - gap
    places = [
        (mark.x, high, "middle"), (mark.x, low, "middle"),
        (mark.x + gap, mark.y + 6, "start"), (mark.x - gap, mark.y + 6, "end"),
        (mark.x + mark.r, high, "end"), (mark.x - mark.r, high, "start"),
        (mark.x + mark.r, low, "end"), (mark.x - mark.r, low, "start"),
    ]  # fmt: skip
    for x, y, anchor in places:
        box = _box(x, y, anchor, wide)
        if _within(box, frame) and not any(_meet(box, other) for other in taken):
            return [Name(round(x, 1), round(y, 1), mark.label, anchor, "b" if mark.me else "")], box
    return None


def _led(
    mark: Mark,
    marks: Sequence[Mark],
    taken: Sequence[Box],
    written: Sequence[Box],
    leaders: Sequence[Leader],
    frame: Box,
) -> tuple[list[Name], Box] | None:
    """The label on one row in the nearest free space, its line and those of others clear of names. Where
    there is none, the own place's stands in the frame's upper corner."""
    wide, (x0, y0) = text_width(mark.label, LETTER), middle(mark)
    left, top, right, bottom = frame
    spots = [
        (left + wide / 2 + (right - left - wide) * i / 12, top + LETTER + (bottom - top - LETTER) * j / 16)
        for i in range(13) for j in range(17)
    ]  # fmt: skip
    for x, y in sorted(spots, key=lambda s: (s[0] - x0) ** 2 + (s[1] - y0) ** 2):
        box = _box(x, y, "middle", wide)
        points = [
            (box[0] + (box[2] - box[0]) * i / 6, edge) for i in range(7) for edge in (box[1], y - LETTER / 2, box[3])
        ]
        covers = any(holds(m.rings, *point) for m in marks if m.rings for point in points)
        if not mark.me and (x - x0) ** 2 + (y - y0) ** 2 > FAR**2:
            return None
        crossed = any(_crosses(_line(mark, box), other) for other in written) or any(_crosses(n, box) for n in leaders)
        if not covers and not crossed and not any(_meet(box, other) for other in taken):
            break
    else:
        if not mark.me:
            return None
        x, y = left + wide / 2, top + LETTER
    return [Name(round(x, 1), round(y, 1), mark.label, cls="b" if mark.me else "")], _box(x, y, "middle", wide)


def _line(mark: Mark, box: Box) -> Leader:
    """From the middle of a place to the nearest edge of its name."""
    x, y = middle(mark)
    at = min(max(x, box[0]), box[2]), box[3] if box[3] < y else box[1] if box[1] > y else (box[1] + box[3]) / 2
    return Leader(round(x, 1), round(y, 1), round(at[0], 1), round(at[1], 1))


def _crosses(line: Leader, box: Box) -> bool:
    points = ((line.x1 + (line.x2 - line.x1) * n / 16, line.y1 + (line.y2 - line.y1) * n / 16) for n in range(17))
    return any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in points)


def _box(x: float, y: float, anchor: str, wide: float) -> Box:
    left = x - {"start": 0, "middle": 0.5, "end": 1}[anchor] * wide
    return left, y - LETTER, left + wide, y + 4


def _largest(rings: Sequence[Ring]) -> Ring:
    def size(ring: Ring) -> float:
        left, top, right, bottom = _bounds(ring)
        return (right - left) * (bottom - top)

    return max(rings, key=size)


def _bounds(ring: Ring) -> Box:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _within(box: Box, frame: Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
