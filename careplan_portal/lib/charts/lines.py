"""A course over time: one line for the reader's own, grey ones to compare, names at the lines' ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from careplan_portal.lib.charts.shapes import Drawing, Shape
from careplan_portal.lib.charts.timeline import text_width

LineKind = Literal["own", "cmp", "cmp2"]
TOP = 34
"""Where the highest line of the grid lies: its number stands clear of the unit above."""


@dataclass(frozen=True)
class Line:
    """``values`` in the unit of the axis, one for each tick; None leaves a gap. ``label`` stands at the end."""

    name: str
    kind: LineKind
    values: Sequence[float | None]
    label: str


@dataclass(frozen=True)
class Tick:
    """A place on the time axis: ``text`` below it, ``year`` in bold below that where it changes."""

    text: str
    year: str = ""


@dataclass(frozen=True)
class Chart:
    """The same facts for wide and for narrow screens."""

    title: str
    wide: Drawing
    tall: Drawing


@dataclass(frozen=True)
class _Frame:
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    count: int
    most: float

    def x(self, index: float) -> float:
        share = index / (self.count - 1) if self.count > 1 else 1.0
        return round(self.left + share * (self.right - self.left), 1)

    def y(self, value: float) -> float:
        return round(self.bottom - value / self.most * (self.bottom - self.top), 1)


def nice_step(most: float, steps: int = 5) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ with which ``steps`` steps reach ``most``."""
    raw = max(most, 1e-9) / steps
    power = 10.0 ** math.floor(math.log10(raw))
    return float(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999))


def line_chart(
    lines: Sequence[Line],
    ticks: Sequence[Tick],
    *,
    title: str,
    unit: str = "％",
    band: tuple[int, str] | None = None,
    height: int = 372,
    width: int = 700,
) -> Chart:
    """Lines over equally spaced ticks, the axis from 0. ``band``: from this tick on the ground is tinted,
    with a word above; ``height`` and ``width`` of the wide drawing, which keeps its letters readable in half
    a page with 490. Raises ValueError without a value."""
    values = [value for line in lines for value in line.values if value is not None]
    if not values or not ticks:
        raise ValueError("a line chart needs at least one value")
    step = nice_step(max(*values, 1))
    most = step * math.ceil(max(*values, step) / step - 1e-9)
    ends = max(max(text_width(part, 16) for part in line.label.split(" ")) for line in lines if line.kind == "own")
    longest = max(ends, *(text_width(line.label) for line in lines)) + 12
    wide = _Frame(width, height, 38, int(width - longest), TOP, height - 44, len(ticks), most)
    tall = _Frame(358, 300, 38, int(358 - longest), TOP, 256, len(ticks), most)
    return Chart(title, _draw(wide, lines, ticks, step, unit, band, 3), _draw(tall, lines, ticks, step, unit, band, 4))


def _draw(
    frame: _Frame,
    lines: Sequence[Line],
    ticks: Sequence[Tick],
    step: float,
    unit: str,
    band: tuple[int, str] | None,
    each: int,
) -> Drawing:
    shapes: list[Shape] = []
    if band is not None:
        at = frame.x(band[0])
        shapes.append(Shape("rect", "band", at, frame.top, frame.right - at, frame.bottom - frame.top))
        shapes.append(Shape("text", "mut", min(at + 6, frame.right - text_width(band[1])), 18, text=band[1]))
    shapes += _grid(frame, step, unit) + _ticks(frame, ticks, each)
    for line in sorted(lines, key=lambda one: one.kind == "own"):
        shapes += _line(frame, line)
    return Drawing(frame.width, frame.height, tuple(shapes + _labels(frame, lines)))


def _grid(frame: _Frame, step: float, unit: str) -> list[Shape]:
    found = [Shape("text", "mut", 0, 13, text=unit)]
    for number in range(round(frame.most / step) + 1):
        y = frame.y(number * step)
        found.append(Shape("path", "grid" if number else "axis", d=f"M{frame.left} {y}H{frame.right}"))
        found.append(Shape("text", "mut", frame.left - 8, y + 5, text=f"{number * step:g}", anchor="end"))
    return found


def _ticks(frame: _Frame, ticks: Sequence[Tick], each: int) -> list[Shape]:
    found = []
    last = len(ticks) - 1
    for index, tick in enumerate(ticks):
        if (last - index) % each == 0:
            found.append(Shape("text", "mut", frame.x(index), frame.bottom + 20, text=tick.text, anchor="middle"))
        if tick.year:
            found.append(Shape("text", "b", frame.x(index), frame.bottom + 38, text=tick.year, anchor="middle"))
    return found


def _line(frame: _Frame, line: Line) -> list[Shape]:
    points, pen, shapes = [], "M", []
    for index, value in enumerate(line.values):
        if value is None:
            pen = "M"
            continue
        x, y = frame.x(index), frame.y(value)
        points.append(f"{pen}{x} {y}")
        pen = "L"
        around = (*line.values[max(index - 1, 0) : index], *line.values[index + 1 : index + 2])
        if all(other is None for other in around) or (line.kind == "own" and index == len(line.values) - 1):
            r = 5.5 if line.kind == "own" else 4
            dot = "own-dot" if line.kind == "own" else "cmp-dot"
            shapes.append(Shape("path", dot, d=f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0"))
    return [Shape("path", line.kind, d="".join(points)), *shapes]


def _labels(frame: _Frame, lines: Sequence[Line]) -> list[Shape]:
    """Names at the ends, moved apart where lines meet and above the axis; the own one on two rows in its colour."""
    ends = [(frame.y(line.values[-1]), line) for line in lines if line.values and line.values[-1] is not None]
    placed: list[tuple[float, Line]] = []
    floor = 0.0
    for y, line in sorted(ends, key=lambda end: end[0]):
        at = max(y - (18 if line.kind == "own" else 9), floor)
        floor = at + _tall(line)
        placed.append((at, line))
    found: list[Shape] = []
    lowest = frame.bottom + 6.0
    for at, line in reversed(placed):
        lowest = min(at, lowest - _tall(line))
        if line.kind == "own":
            name, _, value = line.label.rpartition(" ")
            found.append(Shape("text", "b t-own s15", frame.right + 10, round(lowest + 15, 1), text=name))
            found.append(Shape("text", "b t-own s16", frame.right + 10, round(lowest + 34, 1), text=value))
        else:
            found.append(Shape("text", "mut", frame.right + 10, round(lowest + 14, 1), text=line.label))
    return found


def _tall(line: Line) -> int:
    return 38 if line.kind == "own" else 18
