"""The dates of an office side by side: bars on a calendar of quarters.

Every drawing has a table beside it that is made from the same facts (visual standard, "Charts").
Sizes are SVG user units; text is 14 units high unless its class says otherwise. Colours come from
classes (``timeline.css``, ``dots.css``), so that a strict content security policy holds.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from careplan_portal.lib import words
from careplan_portal.lib.charts.shapes import Drawing, Shape

BarKind = Literal["window", "apply", "paid", "free", "next", "gap"]
OPEN_TAIL_DAYS = 170  # how much of an open-ended bar is shown


@dataclass(frozen=True)
class Bar:
    """One stretch of days, both ends inclusive; ``ends_on`` None: open, drawn to the edge.

    ``label`` and ``sub`` name its row; bars of one label share a row. ``fee`` stands in bold after
    the text (e.g. "21,000円"). ``name`` is what the table calls it, where that differs from the text.
    """

    label: str
    kind: BarKind
    starts_on: datetime.date
    ends_on: datetime.date | None
    text: str
    fee: str = ""
    sub: str = ""
    name: str = ""


@dataclass(frozen=True)
class Timeline:
    """The same bars twice: side by side for wide screens, downwards for narrow ones."""

    bars: tuple[Bar, ...]
    wide: Drawing
    tall: Drawing


def timeline(bars: Iterable[Bar], *, today: datetime.date) -> Timeline:
    """Draw bars against a calendar of quarters, with today marked.

    Raises ValueError without a bar, or when a bar ends before it starts.
    """
    return _drawn(tuple(bars), today)


@lru_cache(maxsize=512)  # thousands get the same answer on the same day
def _drawn(ordered: tuple[Bar, ...], today: datetime.date) -> Timeline:
    if not ordered:
        raise ValueError("a timeline needs at least one bar")
    for bar in ordered:
        if bar.ends_on is not None and bar.ends_on < bar.starts_on:
            raise ValueError(f"{bar.text} ends before it starts")
    return Timeline(bars=ordered, wide=_wide(ordered, today), tall=_tall(ordered, today))


def text_width(text: str, size: float = 14) -> float:
    """Roughly how wide a text runs: full-width characters one em, the others 0.62."""
    return sum(size if ord(char) > 0x2E7F else size * 0.62 for char in text)


# the calendar -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scale:
    first: datetime.date
    last: datetime.date
    at: float
    length: float

    def of(self, day: datetime.date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return round(self.at + share * self.length, 1)

    def after(self, day: datetime.date) -> float:
        """Where a day ends: bars reach to the end of their last day."""
        return self.of(day + datetime.timedelta(days=1))

    def marks(self) -> Iterable[datetime.date]:
        step = 1 if (self.last - self.first).days < 200 else 3
        if (self.last - self.first).days > 1600:
            step = 12
        day = self.first
        while day < self.last:
            yield day
            day = _add_months(day, step)


def _add_months(day: datetime.date, months: int) -> datetime.date:
    years, month = divmod(day.month - 1 + months, 12)
    return datetime.date(day.year + years, month + 1, 1)


def _quarter(day: datetime.date) -> datetime.date:
    return datetime.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _scale(bars: Sequence[Bar], today: datetime.date, at: float, length: float) -> _Scale:
    starts = [bar.starts_on for bar in bars] + [today]
    ends = [bar.ends_on or bar.starts_on + datetime.timedelta(days=OPEN_TAIL_DAYS) for bar in bars] + [today]
    last = max(ends) + datetime.timedelta(days=20)
    return _Scale(_quarter(min(starts)), last, at, length)


def _rows(bars: Sequence[Bar]) -> dict[str, list[Bar]]:
    rows: dict[str, list[Bar]] = {}
    for bar in bars:
        rows.setdefault(bar.label, []).append(bar)
    return rows


# wide: time runs to the right ----------------------------------------------------------------

_WIDE, _LEFT, _RIGHT, _TOP, _ROW = 960, 168, 948, 46, 64
_FLAG_WIDE, _FLAG_HIGH = 62, 20


def _wide(bars: Sequence[Bar], today: datetime.date) -> Drawing:
    scale = _scale(bars, today, _LEFT, _RIGHT - _LEFT)
    rows = _rows(bars)
    first = _first_row(rows)
    foot = first + _ROW * len(rows)
    shapes = [*_wide_grid(scale, foot + 12)]
    shapes.append(Shape("path", "today", d=f"M{scale.of(today)} {_TOP}V{foot - 8}"))  # above the dates of the ends
    below: list[Shape] = []
    for index, (label, members) in enumerate(rows.items()):
        y = first + _ROW * index
        shapes.append(Shape("text", "b", x=0, y=y + 18, text=label))
        shapes += [Shape("text", "mut", x=0, y=y + 38, text=bar.sub) for bar in members[:1] if bar.sub]
        for bar in members:
            shapes += _wide_bar(bar, scale, y)
        below = _wide_ends(members, scale, y)
        shapes += below
    height = foot + (24 if below else 10)
    shapes += _wide_today(scale, today, rows)
    return Drawing(_WIDE, height, tuple(shapes))


def _first_row(rows: dict[str, list[Bar]]) -> int:
    """Where the first bar begins; a row that is alone leaves room above it for the flag of today."""
    return _TOP + (20 if len(rows) > 1 else 34)


def _wide_grid(scale: _Scale, foot: float) -> Iterable[Shape]:
    year, last_x = 0, -100.0
    for day in scale.marks():
        x = scale.of(day)
        yield Shape("path", "grid", d=f"M{x} {_TOP}V{foot}")
        month = f"{day.month}月"
        if x - last_x >= 34 and x + 4 + text_width(month) <= _RIGHT:
            yield Shape("text", "mut", x=x + 4, y=40, text=month)
            last_x = x
        if day.year != year:
            yield Shape("text", "b", x=x + 4, y=18, text=f"{day.year}年")
            year = day.year
    yield Shape("path", "axis", d=f"M{_LEFT} {_TOP}H{_RIGHT}")


def _wide_bar(bar: Bar, scale: _Scale, y: float) -> list[Shape]:
    high = 44 if bar.kind in ("paid", "free", "next") else 36
    x = scale.of(bar.starts_on)
    if bar.ends_on is None:
        shape = Shape("path", f"tl-{bar.kind}", d=f"M{_RIGHT} {y + 1}H{x + 1}V{y + high - 1}H{_RIGHT}")
        right: float = _RIGHT
    else:
        right = scale.after(bar.ends_on)
        shape = Shape("rect", f"tl-{bar.kind}", x=x, y=y, w=round(right - x, 1), h=high)
    return [shape, *_wide_words(bar, x, right, y, high)]


def _wide_words(bar: Bar, x: float, right: float, y: float, high: float) -> list[Shape]:
    whole = "　".join(part for part in (bar.text, bar.fee) if part)
    size = 18 if bar.kind == "free" else 14
    inner = "b t-white s18" if bar.kind == "free" else "b t-white" if bar.kind == "apply" else ""
    room = right - x - 20
    if text_width(whole, size) <= room:
        return [Shape("text", inner, x=x + 10, y=y + high / 2 + (6 if size == 18 else 5), text=whole)]
    if bar.fee and max(text_width(bar.text), text_width(bar.fee)) <= room:
        narrow = inner.replace(" s18", "")
        lines = [Shape("text", narrow, x=x + 10, y=y + high / 2 - 3, text=bar.text)]
        return [*lines, Shape("text", narrow or "b", x=x + 10, y=y + high / 2 + 15, text=bar.fee)]
    if bar.kind in ("paid", "free", "next"):  # neighbours stand beside it: the table says the rest
        short = bar.fee if text_width(bar.fee) <= room else ""
        return [Shape("text", inner.replace(" s18", ""), x=x + 10, y=y + high / 2 + 5, text=short)] if short else []
    if right + 10 + text_width(whole) <= _RIGHT + 10:
        return [Shape("text", "b", x=right + 10, y=y + high / 2 + 5, text=whole)]
    return [Shape("text", "b", x=x - 10, y=y + high / 2 + 5, text=whole, anchor="end")]


def _wide_ends(members: Sequence[Bar], scale: _Scale, y: float) -> list[Shape]:
    """First and last day under a free bar, the dates that people come for."""
    shapes = []
    for bar in members:
        if bar.kind != "free" or bar.ends_on is None:
            continue
        x, right = scale.of(bar.starts_on), scale.after(bar.ends_on)
        first, last = f"{words.ja_short(bar.starts_on)}から", f"{words.ja_day(bar.ends_on)}まで"
        shapes += [Shape("path", "tl-tick", d=f"M{at} {y + 44}V{y + 56}") for at in (x, right)]
        shapes.append(Shape("text", "", x=x, y=y + 74, text=first))
        if text_width(first) + text_width(last) + 16 <= right - x:
            shapes.append(Shape("text", "", x=right, y=y + 74, text=last, anchor="end"))
        else:
            shapes.append(Shape("text", "", x=right, y=y + 74, text=last))
    return shapes


def _wide_today(scale: _Scale, today: datetime.date, rows: dict[str, list[Bar]]) -> list[Shape]:
    """The flag stands between the first two rows, at the side of the line with more room."""
    x = scale.of(today)
    left = x - 66 if x - 66 > _LEFT else x + 4
    return _flag(left, _first_row(rows) + 40 if len(rows) > 1 else _TOP + 7)


def _flag(x: float, y: float) -> list[Shape]:
    return [
        Shape("rect", "tl-flag", x=round(x, 1), y=round(y, 1), w=_FLAG_WIDE, h=_FLAG_HIGH),
        Shape("text", "b t-white", x=round(x + 31, 1), y=round(y + 15, 1), text="きょう", anchor="middle"),
    ]


# tall: time runs downwards, two columns --------------------------------------------------------

_TALL, _HEAD, _PER_DAY = 358, 40, 0.62
_COLUMNS = {"offer": (72, 92), "licence": (188, 168)}


def _tall(bars: Sequence[Bar], today: datetime.date) -> Drawing:
    scale = _scale(bars, today, _HEAD, 0)
    length = max(360.0, min(900.0, (scale.last - scale.first).days * _PER_DAY))
    scale = _Scale(scale.first, scale.last, _HEAD, length)
    height = round(_HEAD + length)
    shapes = [*_tall_heads(bars), *_tall_grid(scale)]
    applied = {bar.ends_on for bar in bars if bar.kind == "apply"}
    for bar in bars:
        shapes += _tall_bar(bar, scale, height)
        if bar.kind == "window" and bar.ends_on and bar.ends_on not in applied:  # else it stands in the bar already
            end = round(scale.after(bar.ends_on) + 18, 1)
            shapes.append(
                Shape("text", "", x=_COLUMNS["offer"][0] + 10, y=end, text=f"{words.ja_short(bar.ends_on)}まで")
            )
    shapes += _tall_today(scale.of(today), [shape for shape in shapes if shape.tag == "text"])
    return Drawing(_TALL, height + 4, tuple(shapes))


def _tall_today(y: float, texts: Sequence[Shape]) -> list[Shape]:
    """The line of today, its flag where it covers no words: above or below the line, at the right or at the left."""
    spots = [
        (x, top) for top in (y - _FLAG_HIGH - 4, y + 4) for x in (_TALL - _FLAG_WIDE - 8, _COLUMNS["offer"][0] + 20)
    ]
    free = [spot for spot in spots if not any(_under_flag(text, *spot) for text in texts)]
    return [Shape("path", "today", d=f"M34 {y}H{_TALL}"), *_flag(*(free or spots)[0])]


def _under_flag(text: Shape, x: float, y: float) -> bool:
    size = 24 if "s24" in text.cls else 18 if "s18" in text.cls else 14
    width = text_width(text.text, size)
    left = text.x - width / 2 if text.anchor == "middle" else text.x
    return left < x + _FLAG_WIDE and x < left + width and text.y - size < y + _FLAG_HIGH and y < text.y + 4


def _side(bar: Bar) -> str:
    return "offer" if bar.kind in ("window", "apply") else "licence"


def _tall_heads(bars: Sequence[Bar]) -> list[Shape]:
    heads: dict[str, str] = {}
    for bar in bars:
        heads.setdefault(_side(bar), bar.label)
    return [Shape("text", "b", x=_COLUMNS[side][0], y=16, text=label) for side, label in heads.items()]


def _tall_grid(scale: _Scale) -> Iterable[Shape]:
    year = 0
    for day in scale.marks():
        y = scale.of(day)
        yield Shape("path", "grid", d=f"M0 {y}H{_TALL}")
        yield Shape("text", "mut", x=0, y=round(y + 16, 1), text=f"{day.month}月")
        if day.year != year:
            yield Shape("text", "b", x=0, y=round(y - 6, 1), text=f"{day.year}年")
            year = day.year


def _tall_bar(bar: Bar, scale: _Scale, foot: float) -> list[Shape]:
    x, width = _COLUMNS[_side(bar)]
    y = scale.of(bar.starts_on)
    if bar.ends_on is None:
        d = f"M{x + 1} {foot}V{y + 1}H{x + width - 1}V{foot}"
        return [Shape("path", f"tl-{bar.kind}", d=d), *_tall_words(bar, x, y, foot)]
    end = scale.after(bar.ends_on)
    high = max(end - y, 24 if bar.kind == "apply" else 4)
    rect = Shape("rect", f"tl-{bar.kind}", x=x, y=y, w=width, h=round(high, 1))
    return [rect, *_tall_words(bar, x, y, y + high)]


def _tall_words(bar: Bar, x: float, y: float, end: float) -> list[Shape]:
    if bar.kind == "apply":
        last = f"{words.ja_short(bar.ends_on)}まで" if bar.ends_on else "いま"
        return [Shape("text", "b t-white s13", x=x + 46, y=round(y + 17, 1), text=last, anchor="middle")]
    if bar.kind == "window":
        lines = [("", words.ja_short(bar.starts_on)), ("", "から")]
        return _stack(lines, x + 10, y + 6, end)
    if bar.kind == "free":
        return _tall_free(bar, x + 12, y, end)
    return _stack([("", bar.text), ("b", bar.fee)], x + 12, y + 8, end)


def _tall_free(bar: Bar, x: float, y: float, end: float) -> list[Shape]:
    middle = (y + end) / 2
    shapes = [
        Shape("text", "b t-white s18", x=x, y=round(middle, 1), text=bar.text),
        Shape("text", "b t-white s24", x=x, y=round(middle + 28, 1), text=bar.fee),
    ]
    if end - y > 150 and bar.ends_on:
        shapes.append(Shape("text", "t-white", x=x, y=round(y + 26, 1), text=f"{words.ja_short(bar.starts_on)}から"))
        shapes.append(Shape("text", "t-white", x=x, y=round(end - 14, 1), text=f"{words.ja_day(bar.ends_on)}まで"))
    return shapes


def _stack(lines: Sequence[tuple[str, str]], x: float, y: float, end: float) -> list[Shape]:
    """Lines of text below each other, as many as fit above ``end``."""
    shapes = []
    for cls, text in lines:
        y += 20
        if text and y + 4 <= end:
            shapes.append(Shape("text", cls, x=x, y=round(y, 1), text=text))
    return shapes
