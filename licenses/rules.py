"""What happens to a licence, and when. Pure: facts in, decisions out, no Django.

`plan` is the heart of the portal. The nightly roll-over, the "what comes next" panel, the
helpdesk's sentence, the notices and the tests all ask it, so they cannot disagree.

Days are calendar days in Asia/Tokyo; all ranges include both ends; money is whole yen.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date

from careplan_portal.lib.dates import day_after, month_start, next_month_start, year_from

PAID = "paid"
FREE_PASS = "free_pass"
AUTO = "auto"
MANUAL = "manual"

# How a term's end was recorded ("" while it has not been).
RENEWED = "renewed"
STOPPED = "stopped"
LAPSED = "lapsed"

# Changes at a term's end, as the roll-over counts them.
RENEWED_FREE = "renewed_free"
RENEWED_PAID = "renewed_paid"

# Why a licence ended as stopped.
STOP_REQUESTED = "stop_requested"
OFFICE_CLOSED = "office_closed"
PROGRAMME_ENDED = "programme_ended"

NONE = "none"
ACTIVE_FREE = "active_free"
ACTIVE_PAID = "active_paid"

# R9: first licensed on or after this day renews by itself, earlier does not
# (the operator's public FAQ).
AUTO_SINCE = date(2025, 6, 1)


class BadRecord(ValueError):
    """A licence whose recorded facts contradict each other or the rules.

    It is set aside with `code` and a Japanese sentence for people, and stays due until
    somebody repairs it.
    """

    def __init__(self, code: str, text: str):
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Fee:
    """A yearly fee in force from `starts_on` on; None as `decided_until` means open-ended."""

    starts_on: date
    yen: int
    decided_until: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The dated data that `plan` needs: fees in order of `starts_on`, and the last day of the
    programme (inclusive) if one is set (R15)."""

    fees: tuple[Fee, ...]
    ends_on: date | None = None

    def fee_on(self, day: date) -> Fee:
        """The fee of a paid term that starts on `day`. Raises BadRecord("no_fee")."""
        at = bisect_right(self.fees, day, key=lambda fee: fee.starts_on)
        if at == 0:
            raise BadRecord("no_fee", f"{day.isoformat()}に始まる期間の利用料が決められていません。")
        return self.fees[at - 1]

    def fee_is_undecided(self, day: date) -> bool:
        """True when the amount on `day` is only the last one going on (R14: show 未定)."""
        decided_until = self.fee_on(day).decided_until
        return decided_until is not None and day > decided_until

    def allows_term_on(self, day: date) -> bool:
        return self.ends_on is None or day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Term:
    """One year of a licence, both ends inclusive."""

    starts_on: date
    ends_on: date
    pricing: str
    fee_yen: int = 0
    closing: str = ""
    stop_requested: bool = False

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def renewal_on(self) -> date:
        """The day after the term's last day (更新日)."""
        return day_after(self.ends_on)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What the next term will be (次回予約), with the renewal date it was filed for."""

    kind: str
    renewal_on: date


@dataclass(frozen=True, slots=True)
class LicenseFacts:
    """All that is recorded of one licence; `terms` in order of their days."""

    terms: tuple[Term, ...]
    renewal_mode: str
    reservation: Reservation | None = None
    closed_on: date | None = None

    @property
    def last(self) -> Term | None:
        return self.terms[-1] if self.terms else None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a licence on the day after a term's last day (R9, R10, R15)."""

    kind: str
    on: date
    opens: Term | None = None
    reason: str = ""
    uses_reservation: bool = False
    releases_reservation: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A licence as it stands on a day, and what comes next.

    `changes` are those already true by that day but not in the facts given; `facts` holds
    them; `next_change` is what happens at the end of the current term if nobody does anything.
    """

    changes: tuple[Change, ...]
    facts: LicenseFacts
    status: str
    current: Term | None
    next_change: Change | None

    @property
    def is_stopping(self) -> bool:
        return self.current is not None and self.current.stop_requested

    @property
    def is_reserved(self) -> bool:
        return self.current is not None and self.facts.reservation is not None


def first_renewal_mode(first_licensed_on: date) -> str:
    """R9: `auto` for an office first licensed on or after 2025-06-01, else `manual`."""
    return AUTO if first_licensed_on >= AUTO_SINCE else MANUAL


def plan(facts: LicenseFacts, policy: Policy, today: date) -> Plan:
    """Bring a licence up to `today` and say what comes next (R9, R10, R15).

    Raises BadRecord when the facts contradict each other or no fee is in force.
    """
    changes, facts = catch_up(facts, policy, today)
    current = next((term for term in facts.terms if term.covers(today)), None)
    return Plan(
        changes=changes,
        facts=facts,
        status=_status(facts, current, today),
        current=current,
        next_change=turn(facts, policy) if current and current is facts.last else None,
    )


def catch_up(facts: LicenseFacts, policy: Policy, today: date) -> tuple[tuple[Change, ...], LicenseFacts]:
    """The changes that are true by `today` and not in the facts, and the facts with them: the part
    of `plan` that the night writes down. Raises BadRecord as `plan` does."""
    check(facts)
    changes = []
    while is_due(facts, today):
        change = turn(facts, policy)
        changes.append(change)
        facts = apply(facts, change)
    return tuple(changes), facts


def before_turns(facts: LicenseFacts, day: date, ended: Reservation | None) -> LicenseFacts:
    """The facts as they were on `day`, before the turns that are recorded since; `ended` is the reservation that the
    first of them used or released. Holds where nothing but turns was recorded since."""
    terms = tuple(term for term in facts.terms if term.starts_on <= day)
    if terms and terms[-1].ends_on >= day:
        terms = (*terms[:-1], replace(terms[-1], closing=""))
    return replace(facts, terms=terms, reservation=ended or facts.reservation)


def is_due(facts: LicenseFacts, today: date) -> bool:
    """The last term ended before `today` and its end is not yet recorded."""
    last = facts.last
    return last is not None and last.closing == "" and last.ends_on < today


def turn(facts: LicenseFacts, policy: Policy) -> Change:
    """What happens on the day after the last term's last day, if nobody does anything.

    In order: a stop outweighs a reservation (R10); a closed office gets no new term (R15);
    a reservation opens what it says, else `auto` opens a paid term (R9), unless the programme
    has ended by then (R15); else the licence lapses.
    """
    last, reservation = facts.terms[-1], facts.reservation
    on = last.renewal_on
    if last.stop_requested:
        return _stopped(on, STOP_REQUESTED, reservation)
    if facts.closed_on is not None and facts.closed_on <= on:
        return _stopped(on, OFFICE_CLOSED, reservation)
    if reservation is None and facts.renewal_mode != AUTO:
        return Change(LAPSED, on)
    if not policy.allows_term_on(on):
        return _stopped(on, PROGRAMME_ENDED, reservation)
    year = year_from(on)
    if reservation is not None and reservation.kind == FREE_PASS:
        opens = Term(year.starts_on, year.ends_on, FREE_PASS, 0)
        return Change(RENEWED_FREE, on, opens, uses_reservation=True)
    opens = Term(year.starts_on, year.ends_on, PAID, policy.fee_on(on).yen)
    return Change(RENEWED_PAID, on, opens, uses_reservation=reservation is not None)


def apply(facts: LicenseFacts, change: Change) -> LicenseFacts:
    """The facts after `change`. When its free term opens a licence becomes `auto` (A11)."""
    closing = RENEWED if change.opens else change.kind
    last = facts.terms[-1]
    closed = Term(last.starts_on, last.ends_on, last.pricing, last.fee_yen, closing, last.stop_requested)
    terms = (*facts.terms[:-1], closed)
    mode = AUTO if change.kind == RENEWED_FREE else facts.renewal_mode
    if change.opens:
        terms = (*terms, change.opens)
    # A reservation is for one renewal: used by it, or released with the licence's end.
    return LicenseFacts(terms, mode, None, facts.closed_on)


def outlook(facts: LicenseFacts, policy: Policy, today: date, count: int) -> tuple[Change, ...]:
    """The next `count` changes after `today` if nobody does anything; fewer when the licence ends."""
    facts = plan(facts, policy, today).facts
    found: list[Change] = []
    while len(found) < count and facts.last is not None and facts.last.closing == "":
        change = turn(facts, policy)
        found.append(change)
        facts = apply(facts, change)
    return tuple(found)


def turn_with_stop(standing: Plan, policy: Policy, stop: bool) -> Change | None:
    """What happens at the end of the current term with a stop on file, and what without one,
    whichever is so: what a stop, or taking it back, would change (R10). None without a term."""
    if standing.current is None or standing.current is not standing.facts.last:
        return None
    last = replace(standing.current, stop_requested=stop)
    return turn(replace(standing.facts, terms=(*standing.facts.terms[:-1], last)), policy)


def check(facts: LicenseFacts) -> None:
    """Raise BadRecord for facts that cannot be true together (DOMAIN, "A bad record")."""
    if facts.renewal_mode not in (AUTO, MANUAL):
        raise BadRecord("unknown_mode", "更新のしかたが「自動」でも「手動」でもありません。")
    free = 0
    previous: Term | None = None
    for term in facts.terms:
        if term.ends_on < term.starts_on:
            raise BadRecord("reversed", f"{term.starts_on}に始まる期間のおわりが、はじめより前です。")
        if previous is not None and term.starts_on <= previous.ends_on:
            raise BadRecord("overlap", f"{term.starts_on}に始まる期間が、前の期間と重なっています。")
        if term.pricing == FREE_PASS:
            free += 1
        previous = term
    reserved = facts.reservation
    if free > 1 or (free and reserved is not None and reserved.kind == FREE_PASS):
        raise BadRecord("two_free_passes", "フリーパスの期間または予約が2つあります。")
    _check_reservation(facts)


def _check_reservation(facts: LicenseFacts) -> None:
    reserved, last = facts.reservation, facts.last
    if reserved is None:
        return
    if last is None or reserved.renewal_on != last.renewal_on:
        raise BadRecord(
            "reservation_other_day", f"次回予約の更新日（{reserved.renewal_on}）が、期間のおわりと合いません。"
        )


def _stopped(on: date, reason: str, reservation: Reservation | None) -> Change:
    return Change(STOPPED, on, reason=reason, releases_reservation=reservation is not None)


def _status(facts: LicenseFacts, current: Term | None, today: date) -> str:
    if current is not None:
        return ACTIVE_FREE if current.pricing == FREE_PASS else ACTIVE_PAID
    past = [term for term in facts.terms if term.ends_on < today]
    if not past:
        return NONE
    return STOPPED if past[-1].closing == STOPPED else LAPSED


def paid_renewal_from(current: Term) -> date:
    """R9: the first day on which a paid renewal can be filed: the 1st of the renewal month."""
    return month_start(current.renewal_on)


def bill_month(starts_on: date, recorded_on: date) -> date:
    """The day a paid term is billed: the first of the month after the one in which it starts,
    or in which it was recorded, if later (DOMAIN, "Money")."""
    return next_month_start(max(starts_on, recorded_on))
