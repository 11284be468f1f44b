"""A slow, naive model of the rules, written from DOMAIN.md alone: every licence looked at every midnight.

It shares no code with the portal on purpose; where both agree over years of random acts, the rules are what was
written. Each act answers whether it may be done, and does it.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)


def year_end(start: date) -> date:
    """R2: the day before the same day next year, or the end of that month where there is no such day."""
    if start.month == 2 and start.day == 29:
        return date(start.year + 1, 2, 28)
    return date(start.year + 1, start.month, start.day) - DAY


def first_of_month(day: date) -> date:
    return date(day.year, day.month, 1)


def last_of_month(day: date) -> date:
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])


@dataclass
class Year:
    start: date
    end: date
    free: bool
    fee: int
    stop_on: date | None = None
    how: str = ""  # what became of it at its end


@dataclass
class World:
    """What operators decide: the window, the fees by their first day, the last day of the programme."""

    opens: date
    closes: date
    fees: dict[date, int]
    ends: date | None = None

    def fee(self, day: date) -> int:
        return self.fees[max(start for start in self.fees if start <= day)]


@dataclass
class Naive:
    """One office's licence."""

    automatic: bool
    years: list[Year] = field(default_factory=list)
    reserved: str = ""  # "free", "paid"
    granted_by_hand: bool = False
    closed: date | None = None
    filing: tuple[str, date, date] | None = None  # unproved: what it will be, filed on, free from

    @property
    def used(self) -> bool:
        return any(year.free for year in self.years)

    def valid(self, today: date) -> Year | None:
        return next((year for year in self.years if year.start <= today <= year.end), None)

    def status(self, today: date) -> str:
        begun = [year for year in self.years if year.start <= today]
        if not begun:
            return "none"
        if today <= begun[-1].end:
            return "active_free" if begun[-1].free else "active_paid"
        return begun[-1].how

    # midnight: R9, R10, R15 ------------------------------------------------------------------

    def midnight(self, today: date, world: World) -> None:
        if not self.years or self.years[-1].how or self.years[-1].end != today - DAY:
            return
        last, reserved = self.years[-1], self.reserved
        self.reserved, self.granted_by_hand = "", False
        if last.stop_on or (self.closed and self.closed <= today):
            last.how = "stopped"
        elif not reserved and not self.automatic:
            last.how = "lapsed"
        elif world.ends and today > world.ends:
            last.how = "stopped"
        else:
            last.how = "renewed"
            free = reserved == "free"
            self.years.append(Year(today, year_end(today), free, 0 if free else world.fee(today)))
            self.automatic = self.automatic or free

    # acts ------------------------------------------------------------------------------------

    def start_paid(self, today: date, world: World) -> bool:
        """R12."""
        if self.valid(today) or (world.ends and today > world.ends):
            return False
        self._open(today, today, world.fee(today), free=False)
        return True

    def stop(self, today: date, world: World) -> bool:
        """R10."""
        year = self.valid(today)
        if year and not year.stop_on:
            year.stop_on = today
        return year is not None

    def unstop(self, today: date, world: World) -> bool:
        """R10: up to and including the last day."""
        year = self.valid(today)
        if year:
            year.stop_on = None
        return year is not None

    def file_paid(self, today: date, world: World) -> bool:
        """R9: from the first day of the renewal month, before the renewal date. Who files to go on does not
        want to stop any more, as with the Free Pass (R10)."""
        year = self.valid(today)
        if not year or today < first_of_month(year.end + DAY) or self.reserved:
            return False
        self.reserved = "paid"
        self._unstop_before(year, today)
        return True

    def offer(self, today: date, world: World) -> tuple[str, date] | None:
        """R3-R8: what a filing of today leads to, and from when it is free; None where it is refused."""
        if self.used or self.reserved == "free" or not world.opens <= today <= world.closes:
            return None
        year = self.valid(today)
        if not year:
            return ("start", today)
        month = first_of_month(today)
        if not year.free and month <= year.start <= today and world.opens <= year.start <= world.closes:
            return ("begun", year.start)
        renewal = year.end + DAY
        if world.opens <= renewal <= world.closes and today >= first_of_month(renewal):
            return ("renewal", renewal)
        return None

    def file_free(self, today: date, world: World) -> bool:
        """A member files: proved at once."""
        offer = self.offer(today, world)
        if offer:
            self._take_effect(*offer, filed=today, today=today)
        return offer is not None

    def file_unproved(self, today: date, world: World) -> bool:
        """R16: filed, and nothing in the licence changes."""
        offer = self.offer(today, world)
        if offer:
            self.filing = (offer[0], today, offer[1])
        return offer is not None

    def prove(self, today: date, world: World) -> bool:
        """R16: within 30 days; the grant dates from the filing."""
        assert self.filing
        kind, filed, start = self.filing
        self.filing = None
        if today > filed + 30 * DAY or self.used or self.reserved == "free":
            return False
        if kind == "renewal" and today < start:
            self._take_effect("renewal", start, filed=filed, today=today)
            return True
        begun = next((year for year in self.years if year.end >= start and not year.free), None)
        if begun:
            self._make_free(begun, filed)
        else:
            self._open(start, today, 0, free=True)
        return True

    def withdraw(self, today: date, world: World) -> bool:
        """R8: up to the day before the renewal date; not what was granted by hand (R7)."""
        if self.reserved != "free" or self.granted_by_hand:
            return False
        self.reserved = ""
        return True

    def grant(self, today: date, world: World) -> bool:
        """R7: whatever the window."""
        if self.used or self.reserved == "free":
            return False
        year = self.valid(today)
        if year:
            self._reserve_free(year, today)
            self.granted_by_hand = True
        elif world.ends and today > world.ends:
            return False
        else:
            self._open(today, today, 0, free=True)
        return True

    def close(self, today: date, world: World) -> bool:
        """R15: no new term from today on."""
        self.closed = today
        return True

    # what acts are made of -------------------------------------------------------------------

    def _take_effect(self, kind: str, start: date, *, filed: date, today: date) -> None:
        if kind == "start":
            self._open(start, today, 0, free=True)
        elif kind == "begun":
            self._make_free(next(year for year in self.years if year.start == start), filed)
        else:
            year = self.valid(today)
            assert year
            self._reserve_free(year, filed)

    def _reserve_free(self, year: Year, filed: date) -> None:
        self.reserved, self.granted_by_hand = "free", False
        self._unstop_before(year, filed)

    def _make_free(self, year: Year, filed: date) -> None:
        year.free, year.fee, self.automatic = True, 0, True
        self._unstop_before(year, filed)

    def _unstop_before(self, year: Year, filed: date) -> None:
        if year.stop_on and year.stop_on <= filed:
            year.stop_on = None

    def _open(self, start: date, today: date, fee: int, *, free: bool) -> None:
        if not self.years:
            self.automatic = start >= date(2025, 6, 1)
        self.years.append(Year(start, year_end(start), free, fee))
        self.automatic = self.automatic or free
