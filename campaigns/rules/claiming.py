"""What a visitor says of an office's licence, put into the words of the rules.

Dates of a real licence are shown to members only, so a visitor is asked for them and answered
from what was said (R16, docs/adr/0017). Whether the number uses the system is public and is not asked.
"""

from dataclasses import dataclass
from datetime import date

from campaigns.rules.assessing import GRANTED, RESERVED, UNUSED, Situation
from careplan_portal.lib.dates import day_after, term_end
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID, Term

# Free Pass, as a person can know it.
NOT_YET = "unused"
BOOKED = "reserved"
USING = "using"
USED = "used"
UNKNOWN = "unknown"

# What happens at the end of the current term.
BY_ITSELF = "auto"
BY_HAND = "manual"
PAID_FILED = "filed"
STOP_FILED = "stop"


@dataclass(frozen=True, slots=True)
class Claims:
    """`free_pass` is one of the five words above; `ends_on` the last day of the term that is
    valid today, None without one; `renewal` one of the four words or `unknown`, empty without
    a term."""

    free_pass: str
    ends_on: date | None = None
    renewal: str = ""


def term_start(ends_on: date) -> date:
    """First day of the year that ends on `ends_on` (the inverse of R2; a year that ends on
    28 February began on 1 March, or on 29 February of a leap year, which counts here)."""
    after = day_after(ends_on)
    try:
        start = after.replace(year=after.year - 1)
    except ValueError:  # 29 February has no day in the year before
        start = date(after.year - 1, 3, 1)
    leap_day = _leap_day(start.year)
    return leap_day if leap_day and term_end(leap_day) == ends_on else start


def _leap_day(year: int) -> date | None:
    try:
        return date(year, 2, 29)
    except ValueError:
        return None


def situation_claimed(claims: Claims, in_scope: bool | None) -> Situation:
    """The rules' question about what was said. "Unknown" counts as not used, and as a renewal by
    hand: the date up to which there is no gap is then safe whichever it is."""
    current = None
    if claims.ends_on is not None:
        pricing = FREE_PASS if claims.free_pass == USING else PAID
        current = Term(term_start(claims.ends_on), claims.ends_on, pricing)
    by_itself = claims.renewal == BY_ITSELF or claims.free_pass == USING
    return Situation(
        current=current,
        renewal_mode=AUTO if by_itself else MANUAL,
        renewal_filed=claims.renewal == PAID_FILED,
        stop_requested=claims.renewal == STOP_FILED,
        free_pass={USING: GRANTED, USED: GRANTED, BOOKED: RESERVED}.get(claims.free_pass, UNUSED),
        in_scope=in_scope,
    )
