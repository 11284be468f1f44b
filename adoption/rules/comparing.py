"""Small arithmetic about figures: halves, medians, gains. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable


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


def points(now: float | None, then: float | None) -> float | None:
    """The difference of two rates (0 to 1) in percentage points, one decimal; None when one is missing.

    Of the rounded rates, so that it agrees with what stands on the page.
    """
    if now is None or then is None:
        return None
    return round(_tenths(now) - _tenths(then), 1)


def _tenths(rate: float) -> float:
    return int(rate * 1000 + 0.5) / 10
