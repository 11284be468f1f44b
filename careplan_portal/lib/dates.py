"""Calendar arithmetic on plain days. Every range in the portal includes both ends."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)

# Days outside these years are typing mistakes, and year arithmetic near the ends of the
# calendar would overflow.
EARLIEST = date(2000, 1, 1)
LATEST = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `starts_on` to `ends_on`, both inclusive."""

    starts_on: date
    ends_on: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.starts_on <= day <= self.ends_on

    def overlaps(self, other: "Period") -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


def day_after(day: date) -> date:
    """The next day. Raises OverflowError after the calendar's last one."""
    return day + ONE_DAY


def day_before(day: date) -> date:
    """The day before. Raises OverflowError before the calendar's first one."""
    return day - ONE_DAY


def term_end(starts_on: date) -> date:
    """Last day, inclusive, of the year that begins on `starts_on` (R2, Civil Code art. 143).

    The day before the same day next year; where that day does not exist (29 February),
    the end of that month: 2028-02-29 gives 2029-02-28.
    """
    if (starts_on.month, starts_on.day) == (2, 29):
        return date(starts_on.year + 1, 2, 28)
    return day_before(starts_on.replace(year=starts_on.year + 1))


def year_from(starts_on: date) -> Period:
    """The one-year term that begins on `starts_on` (R2)."""
    return Period(starts_on, term_end(starts_on))


def month_start(day: date) -> date:
    """The first day of the month that holds `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month that holds `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_month_start(day: date) -> date:
    """First day of the month after the one that holds `day`."""
    return day_after(month_end(day))


def same_month(one: date, other: date) -> bool:
    """Whether both lie in one calendar month of one year."""
    return (one.year, one.month) == (other.year, other.month)


def days(first: date, last: date) -> Iterator[date]:
    """Each day from `first` to `last`, both inclusive; nothing when `last` is earlier."""
    while first <= last:
        yield first
        first = day_after(first)
