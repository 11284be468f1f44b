"""How the cuts of guarded splits are written. Pure.

Beside everybody, a side and a service there are renewal months: `y2608` those whose current term renews
in August 2026; `k2604` and `x2604` those whose renewal date lay in April 2026, and who went on using the
system (kept) or did not.
"""

from __future__ import annotations

from datetime import date

RENEWS, KEPT, GONE = "y", "k", "x"


def month_cut(kind: str, month: date) -> str:
    """The cut of a renewal month: `month_cut("y", date(2026, 8, 1))` is "y2608"."""
    return f"{kind}{month:%y%m}"


def month_of(cut: str) -> date:
    """The first day of a cut's renewal month. Raises ValueError for another cut."""
    if len(cut) != 5 or cut[0] not in (RENEWS, KEPT, GONE):
        raise ValueError(f"{cut} is no renewal month")
    return date(2000 + int(cut[1:3]), int(cut[3:]), 1)


def on_day(cut: str, day: date) -> str:
    """The cut of one publication, for looking at several together."""
    return f"{cut}@{day.isoformat()}"


def without_day(cut: str) -> str:
    """The cut as it was before ``on_day``; one without a day is returned as it is."""
    return cut.partition("@")[0]
