"""When an inquiry has to be answered, counted in the helpdesk's own hours.

Open 9:00 to 17:00 on business days (DOMAIN, "Helpdesk hours"), less the days that the helpdesk
closes of its own. Moments are aware; days are Japan's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from careplan_portal.lib.japan.holidays import CLOSES_AT, OPENS_AT, TOKYO, holiday_name, is_business_day

DUE_HOURS = 8
"""Hours of work within which an inquiry is answered: one business day."""

PRESSING_MINUTES = 120

SUBSTITUTE = "振替休日"
"""Said without the holiday that it is for: a day of the calendar is narrow."""

_ONE_DAY = timedelta(days=1)
_FARTHEST = 366


def is_working_day(day: date, closed: Collection[date]) -> bool:
    """Whether the helpdesk works on `day`; `closed` are its own closing days."""
    return is_business_day(day) and day not in closed


def why_closed(day: date, closed: Collection[date]) -> str:
    """Why the helpdesk does not work on `day`, empty when it does."""
    if day in closed:
        return "窓口の休み"
    if name := holiday_name(day):
        return SUBSTITUTE if name.endswith(SUBSTITUTE) else name
    return "土日" if day.weekday() >= 5 else ""


def due_at(received: datetime, closed: Collection[date], hours: int = DUE_HOURS) -> datetime:
    """The moment `hours` of work after `received`. What comes in while the helpdesk is closed
    counts from its next opening. Exactly at closing time is due then, not next morning.

    Raises ValueError when a whole year has too few working days.
    """
    left = timedelta(hours=hours)
    start = received.astimezone(TOKYO)
    day, at = start.date(), start
    for _ in range(_FARTHEST):
        opens, closes = _opening(day)
        begin = max(at, opens)
        if is_working_day(day, closed) and begin < closes:
            if closes - begin >= left:
                return begin + left
            left -= closes - begin
        day += _ONE_DAY
        at = _opening(day)[0]
    raise ValueError("no working days within a year")


def working_minutes(first: datetime, last: datetime, closed: Collection[date]) -> int:
    """Minutes of work between two moments; negative when `last` comes first."""
    if last < first:
        return -working_minutes(last, first, closed)
    start, end = first.astimezone(TOKYO), last.astimezone(TOKYO)
    total, day = timedelta(), start.date()
    while day <= end.date():
        if is_working_day(day, closed):
            opens, closes = _opening(day)
            total += max(timedelta(), min(end, closes) - max(start, opens))
        day += _ONE_DAY
    return int(total.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Left:
    """How long until something is due, in working time: `text` says it whole, `pressing` that little is left."""

    overdue: bool
    pressing: bool
    text: str


def time_left(now: datetime, due: datetime, closed: Collection[date]) -> Left:
    """Overdue as soon as the moment is past, also when no working time has gone by since: at 17:45 what was due at
    17:00 is late."""
    minutes = abs(working_minutes(now, due, closed))
    if now > due:
        return Left(overdue=True, pressing=False, text=f"{work_left(minutes)}前" if minutes else "過ぎたところ")
    return Left(overdue=False, pressing=minutes < PRESSING_MINUTES, text=f"あと{work_left(minutes)}")


def work_left(minutes: int) -> str:
    """Minutes of work as one says them: `2時間30分`, `25分`, and from a whole business day on `2営業日`."""
    days = abs(minutes) // (DUE_HOURS * 60)
    if days:
        return f"{days}営業日"
    hours, rest = divmod(abs(minutes), 60)
    return f"{hours}時間" * bool(hours) + f"{rest}分" * bool(rest or not hours)


def _opening(day: date) -> tuple[datetime, datetime]:
    return _moment(day, OPENS_AT), _moment(day, CLOSES_AT)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=TOKYO)
