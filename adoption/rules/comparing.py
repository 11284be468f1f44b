"""Small arithmetic about figures: halves, medians, gains. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence


def half_of(total: int) -> int:
    """How many make half, rounded up: 93 of 186, 94 of 187."""
    return -(-total // 2)


def missing_to_half(total: int, using: int) -> int:
    """How many more make half; 0 when half is reached."""
    return max(half_of(total) - using, 0)


def median(rates: Iterable[float | None]) -> float | None:
    """The middle rate of those that have one; None without any."""
    known = [rate for rate in rates if rate is not None]
    return statistics.median(known) if known else None


def standing_among(mine: float, rates: Sequence[float], *, counted: bool = True) -> str:
    """The place of a rate among those of all municipalities, best first, in words. Who is equal shares a
    place, and nothing is ranked among those where nobody uses it. `counted`: mine is one of the rates."""
    whole = f"全国{len(rates):,}市区町村"
    same = sum(1 for rate in rates if rate == mine) - counted
    if not mine:
        others = f"ほかの{same:,}と同じく、" if same > 0 else ""
        return f"{whole}のうち、{others}まだ使っている事業所がありません"
    better = sum(1 for rate in rates if rate > mine)
    return f"{whole}のなかで{better + 1:,}番め" + (f"（同じ率がほかに{same:,}）" if same > 0 else "")


def points(now: float | None, then: float | None) -> float | None:
    """The difference of two rates (0 to 1) in percentage points, one decimal; None when one is missing.

    Of the rounded rates, so that it agrees with what stands on the page.
    """
    if now is None or then is None:
        return None
    return round(_tenths(now) - _tenths(then), 1)


def _tenths(rate: float) -> float:
    return int(rate * 1000 + 0.5) / 10
