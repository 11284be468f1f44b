"""Bars: one row a thing with its parts, and columns by month above and below a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from careplan_portal.lib.charts.lines import TOP, Chart, Tick, nice_step
from careplan_portal.lib.charts.shapes import Drawing, Shape
from careplan_portal.lib.charts.timeline import text_width

ROW, HEAD = 32, 30


@dataclass(frozen=True)
class BarRow:
    """``parts`` are (class, length) in the unit of the longest row, left to right. A row without parts is
    a heading. ``bold`` and ``text`` stand at the right; ``me`` marks the reader's own."""

    label: str
    parts: Sequence[tuple[str, float]] = ()
    bold: str = ""
    text: str = ""
    me: bool = False


def bar_chart(rows: Sequence[BarRow], *, title: str) -> Chart:
    """Horizontal bars from 0, parts apart by two units of white. Raises ValueError without a bar."""
    longest = max((sum(length for _, length in row.parts) for row in rows if row.parts), default=0.0)
    if not longest:
        raise ValueError("a bar chart needs at least one bar")
    names = max(text_width(row.label) for row in rows) + 20
    return Chart(title, _wide(rows, longest, names), _tall(rows, longest))


def _wide(rows: Sequence[BarRow], longest: float, names: float) -> Drawing:
    texts = max(text_width(row.text) for row in rows)
    bold_at = 700 - texts - 18 if texts else 700
    left, right, y = min(names, 260.0), bold_at - 64, 0.0
    shapes: list[Shape] = []
    for row in rows:
        if not row.parts:
            shapes.append(Shape("text", "b", 0, y + 20, text=row.label))
            y += HEAD
            continue
        shapes.append(Shape("text", "b t-own" if row.me else "", 0, y + 19, text=row.label))
        shapes += _parts(row, left, y + 4, (right - left) / longest)
        shapes.append(Shape("text", "b s15", round(bold_at, 1), y + 19, text=row.bold, anchor="end"))
        shapes.append(Shape("text", "mut", 700, y + 19, text=row.text, anchor="end"))
        y += ROW
    return Drawing(700, math.ceil(y + 4), tuple(shapes))


def _tall(rows: Sequence[BarRow], longest: float) -> Drawing:
    # Without a second number the first stands at the edge.
    bold_at = 264 if any(row.text for row in rows) else 358
    shapes: list[Shape] = []
    y = 0.0
    for row in rows:
        if not row.parts:
            shapes.append(Shape("text", "b", 0, y + 20, text=row.label))
            y += HEAD
            continue
        shapes.append(Shape("text", "b t-own" if row.me else "", 0, y + 16, text=row.label))
        shapes += _parts(row, 0, y + 22, (bold_at - 64) / longest)
        shapes.append(Shape("text", "b", bold_at, y + 38, text=row.bold, anchor="end"))
        shapes.append(Shape("text", "mut", 358, y + 38, text=row.text, anchor="end"))
        y += 54
    return Drawing(358, math.ceil(y + 4), tuple(shapes))


def _parts(row: BarRow, left: float, y: float, scale: float) -> list[Shape]:
    shapes, x = [], left
    for name, length in row.parts:
        if length > 0:
            width = max(length * scale - 2, 1.0)
            shapes.append(Shape("rect", name, round(x, 1), round(y, 1), round(width, 1), 20))
            x += length * scale
    return shapes


def column_chart(
    up: Sequence[int],
    down: Sequence[int],
    ticks: Sequence[Tick],
    *,
    title: str,
    names: tuple[str, str],
    width: int = 700,
) -> Chart:
    """Columns above and below a line, one a month; ``width`` of the wide drawing. Raises ValueError when the lists differ in length."""
    if not len(up) == len(down) == len(ticks) > 0:
        raise ValueError("a column for each tick")
    each = 1 if (width - 40) / len(ticks) >= 44 else 3
    wide = _columns(width, 300, up, down, ticks, names, each)
    return Chart(title, wide, _columns(358, 280, up, down, ticks, names, 3))


def _year(text: str, middle: float, y: float, width: int) -> Shape:
    """Below its month; one that would leave the drawing ends at its edge."""
    if middle + text_width(text) / 2 > width:
        return Shape("text", "b", width, y, text=text, anchor="end")
    return Shape("text", "b", round(middle, 1), y, text=text, anchor="middle")


def _columns(
    width: int,
    height: int,
    up: Sequence[int],
    down: Sequence[int],
    ticks: Sequence[Tick],
    names: tuple[str, str],
    each: int,
) -> Drawing:
    top, bottom, left = TOP, height - 44, 40
    step = nice_step(max(1, max(up) + max(down)), 4)
    step = max(step, 1)
    above = step * max(1, math.ceil(max(up) / step))
    below = step * math.ceil(max(down) / step)
    scale = (bottom - top) / (above + below)
    zero = top + above * scale
    shapes = [Shape("text", "mut", 0, 13, text="事業所")]
    for number in range(-round(below / step), round(above / step) + 1):
        y = round(zero - number * step * scale, 1)
        shapes.append(Shape("path", "grid" if number else "axis", d=f"M{left} {y}H{width}"))
        shapes.append(Shape("text", "mut", left - 8, y + 5, text=f"{abs(number) * step:g}", anchor="end"))
    room = (width - left) / len(ticks)
    for index, tick in enumerate(ticks):
        x = left + index * room
        shapes.append(Shape("rect", "fill-1", round(x + room * 0.18, 1), round(zero - up[index] * scale, 1), round(room * 0.64, 1), round(up[index] * scale, 1)))  # fmt: skip
        shapes.append(Shape("rect", "fill-4", round(x + room * 0.18, 1), round(zero + 1, 1), round(room * 0.64, 1), round(down[index] * scale, 1)))  # fmt: skip
        if (len(ticks) - 1 - index) % each == 0:
            shapes.append(Shape("text", "mut", round(x + room / 2, 1), bottom + 20, text=tick.text, anchor="middle"))
        if tick.year:
            shapes.append(_year(tick.year, x + room / 2, bottom + 38, width))
    beside = text_width(f"　下：{names[1]}") + 4
    shapes.append(Shape("text", "b t-own", round(width - beside, 1), 13, text=f"上：{names[0]}", anchor="end"))
    shapes.append(Shape("text", "b mut", width, 13, text=f"下：{names[1]}", anchor="end"))
    return Drawing(width, height, tuple(shapes))
