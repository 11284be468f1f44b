"""A day as one types or says it: 2026-04-06, 2026/4/6, 20260406, 2026年4月6日, and without a year 4/6, 4月6日. Pure."""

import re
import unicodedata
from datetime import date

from careplan_portal.lib.japan.holidays import next_business_day

_WITH_YEAR = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_WITHOUT = re.compile(r"([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


class NotADay(ValueError):
    """The text names no day that there is."""


def day_typed(text: str, today: date, *, ahead: bool = False) -> date:
    """The day that was meant; without a year the nearest to `today`, or with `ahead` the next from `today` on.
    Raises NotADay."""
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_HYPHENS).split())
    if found := _WITH_YEAR.fullmatch(plain):
        year, *rest = (int(part) for part in found.groups() if part)
        return _day(year, *rest)
    if found := _WITHOUT.fullmatch(plain):
        month, day = (int(part) for part in found.groups())
        years = range(today.year if ahead else today.year - 1, today.year + 9)
        days = [one for one in (_there_is(year, month, day) for year in years) if one is not None]
        days = [one for one in days if one >= today] if ahead else days
        if days:
            return min(days, key=lambda one: (abs((one - today).days), one))
    raise NotADay(text)


_HYPHENS = str.maketrans("‐‑–—−ー", "------")


def _day(year: int, month: int, day: int) -> date:
    found = _there_is(year, month, day)
    if found is None:
        raise NotADay(f"{year}-{month}-{day}")
    return found


def _there_is(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def next_days(today: date, count: int = 5) -> list[date]:
    """The next business days after today: to choose from where somebody is to be called again."""
    days: list[date] = []
    for _ in range(count):
        days.append(next_business_day(days[-1] if days else today))
    return days
