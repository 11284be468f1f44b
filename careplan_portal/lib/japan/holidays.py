"""Business days and hours of the helpdesk.

9:00 to 17:00 in Japan, not on weekends and national holidays, nor from 29 December to
3 January. Source: DOMAIN, "Helpdesk hours". Holidays come from the package jpholiday.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import jpholiday

TOKYO: Final = ZoneInfo("Asia/Tokyo")
OPENS_AT: Final = datetime.time(9, 0)
CLOSES_AT: Final = datetime.time(17, 0)
"""Last moment, inclusive as a person reads it: at 17:00 sharp the desk has closed."""

_ONE_DAY: Final = datetime.timedelta(days=1)


@lru_cache(maxsize=4096)
def holiday_name(day: datetime.date) -> str:
    """The national holiday on ``day``, 年末年始 from 12-29 to 01-03 otherwise, or empty."""
    name = jpholiday.is_holiday_name(day)
    if name:
        return str(name)
    return "年末年始" if is_year_end(day) else ""


def is_year_end(day: datetime.date) -> bool:
    """Whether ``day`` lies in 29 December to 3 January, both inclusive."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def is_business_day(day: datetime.date) -> bool:
    """Monday to Friday, no holiday, not at the turn of the year."""
    return day.weekday() < 5 and not holiday_name(day)


def is_open(moment: datetime.datetime) -> bool:
    """Whether the helpdesk answers at this moment (aware; ValueError for a naive one)."""
    if moment.tzinfo is None:
        raise ValueError("an aware moment is needed")
    local = moment.astimezone(TOKYO)
    return is_business_day(local.date()) and OPENS_AT <= local.time() < CLOSES_AT


def next_business_day(day: datetime.date) -> datetime.date:
    """The first business day after ``day``."""
    return business_day_from(day + _ONE_DAY)


def business_day_from(day: datetime.date) -> datetime.date:
    """``day`` itself when it is a business day, else the next one."""
    while not is_business_day(day):
        day += _ONE_DAY
    return day


def add_business_days(day: datetime.date, count: int) -> datetime.date:
    """The business day ``count`` (0 or more) business days after ``day``; ValueError below 0."""
    if count < 0:
        raise ValueError("count must not be negative")
    for _ in range(count):
        day = next_business_day(day)
    return day
