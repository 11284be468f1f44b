"""Small drawings: how much of a window has passed, one dot an office."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """A stretch of days with today in it, on a bar 272 units wide."""

    width: int
    done: float
    days: int
    passed: int
    left: int


def progress(opens_on: datetime.date, closes_on: datetime.date, *, today: datetime.date, width: int = 272) -> Progress:
    """How much of a window has passed. ``left`` counts the days after today up to the last one.

    Before the window nothing has passed; after it everything has. Raises ValueError when it is reversed.
    """
    days = (closes_on - opens_on).days + 1
    if days < 1:
        raise ValueError("the window closes before it opens")
    passed = min(max((today - opens_on).days, 0), days)
    left = min(max((closes_on - today).days, 0), days)
    return Progress(width=width, done=round(width * passed / days, 1), days=days, passed=passed, left=left)


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    on: bool


@dataclass(frozen=True)
class Dots:
    """One dot an office, twice: one row for wide screens, rows of half for narrow ones."""

    total: int
    using: int
    half: int
    wide: tuple[Dot, ...]
    wide_size: tuple[int, int]
    wide_half_x: int
    tall: tuple[Dot, ...]
    tall_size: tuple[int, int]


DOTS_MOST = 40  # more offices than this are drawn as a bar
NARROW = 11  # dots in a row of a narrow screen; fewer keep their size and leave the rest of the row empty


def dots(total: int, using: int) -> Dots | None:
    """Dots for ``using`` of ``total`` offices; None when there are none or more than 40 (draw a bar).

    Raises ValueError when more use it than there are.
    """
    if not 0 <= using <= total:
        raise ValueError("using must lie between 0 and total")
    if total == 0 or total > DOTS_MOST:
        return None
    half = -(-total // 2)
    a_row = total if total <= 22 else half
    wide = tuple(Dot(15 + 34 * (i % a_row), 18 + 40 * (i // a_row), i < using) for i in range(total))
    narrow = min(half, NARROW)
    tall = tuple(Dot(15 + 34 * (i % narrow), 18 + 40 * (i // narrow), i < using) for i in range(total))
    wide_rows, tall_rows = -(-total // a_row), -(-total // narrow)
    return Dots(
        total=total, using=using, half=half, wide=wide, tall=tall,
        wide_size=(max(756, 34 * a_row + 8), 34 + 40 * wide_rows), wide_half_x=34 * half - 2,
        tall_size=(34 * NARROW + 8, 34 + 40 * tall_rows),
    )  # fmt: skip
