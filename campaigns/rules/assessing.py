"""May this office have the Free Pass: whether, from when, until when (R1-R8, R11).

`assess` is asked by the public check, by filing, by the helpdesk and by the endpoint
`/api/v1/free-pass/assessment/`. All ranges include both ends; money is whole yen.
"""

from dataclasses import dataclass, replace
from datetime import date

from campaigns.rules.explaining import Explanation, explain
from careplan_portal.lib.dates import (
    Period,
    day_after,
    month_end,
    month_start,
    same_month,
    year_from,
)
from licenses.rules import AUTO, PAID, Policy, Term

UNUSED = "unused"
RESERVED = "reserved"
GRANTED = "granted"

APPLY_NOW = "apply_now"
APPLY_LATER = "apply_later"
ALREADY_RESERVED = "already_reserved"
ALREADY_USED = "already_used"
RENEWAL_OUTSIDE_WINDOW = "renewal_outside_window"
WINDOW_CLOSED = "window_closed"

RENEWS_PAID = "renews_paid"
RENEWS_FREE = "renews_free"
STOPS = "stops"
LAPSES = "lapses"

OUTSIDE_LINKAGE_STANDARD = "outside_linkage_standard"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules need to know of one office on one day.

    `current` is the term that covers the day, if any; `in_scope` is None when the services
    are not known (then there is no scope warning).
    """

    current: Term | None
    renewal_mode: str
    renewal_filed: bool = False
    stop_requested: bool = False
    free_pass: str = UNUSED
    in_scope: bool | None = None

    @property
    def renews_by_itself(self) -> bool:
        """R6: `auto`, or a paid renewal filed, and no stop on file."""
        return (self.renewal_mode == AUTO or self.renewal_filed) and not self.stop_requested


@dataclass(frozen=True, slots=True)
class NextEvent:
    """The licence's next turning point if nobody does anything; the fee of the term that opens."""

    on: date
    event: str
    fee_yen: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """R5's other way: let the licence lapse and apply from the opening day (A8)."""

    let_lapse_on: date
    apply_from: date


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer, in the words of CONTRACT.md. `rule` names the rule that decided."""

    outcome: str
    rule: str
    apply_from: date | None = None
    apply_until: date | None = None
    no_gap_until: date | None = None
    free_term: Period | None = None
    paid_renewal_first: date | None = None
    alternative: Alternative | None = None
    next_event: NextEvent | None = None
    warnings: tuple[str, ...] = ()
    explanations: tuple[Explanation, ...] = ()


def assess(situation: Situation, window: Period, policy: Policy, today: date) -> Assessment:
    """Answer for `today`. The first that fits, in DOMAIN's order: granted, reserved, window
    closed, R3, R6's begun term, R4/R6, R5, R7.

    The window ends with the programme when that comes first (R15: no term opens after it).
    Raises licenses.rules.BadRecord("no_fee") when the next term's fee is not on file.
    """
    window = window_cut(window, policy)
    answer = _decide(situation, window, today)
    answer = replace(
        answer,
        next_event=_next_event(situation, policy),
        warnings=(OUTSIDE_LINKAGE_STANDARD,) if situation.in_scope is False else (),
    )
    return replace(answer, explanations=explain(answer, situation, window))


def _decide(situation: Situation, window: Period, today: date) -> Assessment:
    current = situation.current
    if situation.free_pass == GRANTED:
        return Assessment(ALREADY_USED, "R8")
    if situation.free_pass == RESERVED and current is not None:
        return Assessment(ALREADY_RESERVED, "R8", free_term=year_from(current.renewal_on))
    if today > window.ends_on or window.ends_on < window.starts_on:
        return Assessment(WINDOW_CLOSED, "R1")
    if current is None:
        return _without_term(window, today)
    if _has_begun(current, window, today):
        return _begun_term(current, window, today)
    if current.renewal_on > window.ends_on:
        return Assessment(RENEWAL_OUTSIDE_WINDOW, "R7")
    if current.renewal_on < window.starts_on:
        return _renewal_before_window(situation, current, window, today)
    return _at_renewal(situation, current.renewal_on, window, today)


def _without_term(window: Period, today: date) -> Assessment:
    """R3: any day of the window; the free year starts on the day of filing."""
    return Assessment(
        APPLY_NOW if today >= window.starts_on else APPLY_LATER,
        "R3",
        apply_from=window.starts_on,
        apply_until=window.ends_on,
        free_term=year_from(max(today, window.starts_on)),
    )


def _has_begun(current: Term, window: Period, today: date) -> bool:
    """R6: a paid term that started this month, inside the window, is not billed yet."""
    return current.pricing == PAID and same_month(current.starts_on, today) and current.starts_on in window


def _begun_term(current: Term, window: Period, today: date) -> Assessment:
    until = min(month_end(today), window.ends_on)
    return Assessment(
        APPLY_NOW,
        "R6",
        apply_from=max(month_start(today), window.starts_on),
        apply_until=until,
        no_gap_until=until,
        free_term=Period(current.starts_on, current.ends_on),
    )


def _at_renewal(situation: Situation, renewal_on: date, window: Period, today: date) -> Assessment:
    """R4, R6: the free year starts on the renewal date; filing from that month's first day."""
    opens = max(month_start(renewal_on), window.starts_on)
    by_itself = situation.renews_by_itself
    until = min(month_end(renewal_on), window.ends_on) if by_itself else window.ends_on
    return Assessment(
        APPLY_NOW if today >= opens else APPLY_LATER,
        "R4",
        apply_from=opens,
        apply_until=until,
        no_gap_until=until if by_itself else renewal_on,
        free_term=year_from(renewal_on),
    )


def _renewal_before_window(situation: Situation, current: Term, window: Period, today: date) -> Assessment:
    """R5: answered as if the office went on renewing; both ways are named (A7, A8)."""
    first = later = current.renewal_on
    while later < window.starts_on:
        later = day_after(year_from(later).ends_on)
    if later > window.ends_on:
        answer = Assessment(RENEWAL_OUTSIDE_WINDOW, "R5")
    else:
        answer = replace(_at_renewal(situation, later, window, today), rule="R5")
    return replace(
        answer,
        paid_renewal_first=first,
        alternative=Alternative(let_lapse_on=current.ends_on, apply_from=window.starts_on),
    )


def _next_event(situation: Situation, policy: Policy) -> NextEvent | None:
    """A stop outweighs a reservation and a filed renewal (R10); else R9; R15 ends it all."""
    if situation.current is None:
        return None
    on = situation.current.renewal_on
    reserved = situation.free_pass == RESERVED
    if situation.stop_requested:
        return NextEvent(on, STOPS, 0)
    if not (reserved or situation.renews_by_itself):
        return NextEvent(on, LAPSES, 0)
    if not policy.allows_term_on(on):
        return NextEvent(on, STOPS, 0)
    if reserved:
        return NextEvent(on, RENEWS_FREE, 0)
    return NextEvent(on, RENEWS_PAID, policy.fee_on(on).yen)


def window_cut(window: Period, policy: Policy) -> Period:
    """The window, ended by the programme's last day when that comes first (R15). It may come out
    reversed: then it never opens."""
    if policy.ends_on is None or policy.ends_on >= window.ends_on:
        return window
    return Period(window.starts_on, policy.ends_on)
