"""Arithmetic of the subsidy planner. Pure; whole yen."""

from __future__ import annotations

SHARES = (10, 25, 50, 100)
"""Per cent of those who do not use the system yet, for which the cost is shown."""


def subsidy_an_office(fee_yen: int, share: int, months: int) -> int:
    """`share` per cent of a yearly fee for `months`, rounded down to whole yen. Raises ValueError for a share
    outside 0 to 100 or less than no months."""
    if not 0 <= share <= 100 or months < 0 or fee_yen < 0:
        raise ValueError("a share is 0 to 100 per cent, months and fee not below 0")
    return fee_yen * share * months // 1200


def newcomers(waiting: int, share: int) -> int:
    """So many per cent of those who wait, rounded up: one of three is a third of them."""
    return -(-waiting * share // 100)
