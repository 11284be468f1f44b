"""Filing for the Free Pass: what a filing leads to, and how it stands (R3-R8, R16)."""

from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.rules.assessing import APPLY_NOW, GRANTED, RESERVED, Assessment, Situation
from careplan_portal.lib.dates import Period, year_from
from licenses.rules import Term

FROM_FILING = "from_filing"
BEGUN_TERM = "begun_term"
AT_RENEWAL = "at_renewal"

PROVISIONAL = "provisional"
WITHDRAWN = "withdrawn"
EXPIRED = "expired"
SUPERSEDED = "superseded"
RELEASED = "released"
DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Filing:
    """What a filing today brings: its free term, both ends inclusive, and how it comes about."""

    effect: str
    free_term: Period


def filing(answer: Assessment) -> Filing | None:
    """What filing on the day of `answer` leads to; None unless the answer is `apply_now`."""
    if answer.outcome != APPLY_NOW or answer.free_term is None:
        return None
    effect = {"R3": FROM_FILING, "R6": BEGUN_TERM}.get(answer.rule, AT_RENEWAL)
    return Filing(effect, answer.free_term)


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What is recorded of an application; `opened` says that its free term exists, `released`
    that its reservation ended unused by a stop, `declined_on` that the licence's real dates did
    not allow what a visitor had stated."""

    proved_on: date | None = None
    withdrawn_on: date | None = None
    expired_on: date | None = None
    superseded_on: date | None = None
    declined_on: date | None = None
    opened: bool = False
    released: bool = False


def application_state(facts: ApplicationFacts) -> str:
    """How an application stands. An end that was recorded outweighs what came before it."""
    if facts.withdrawn_on is not None:
        return WITHDRAWN
    if facts.superseded_on is not None:
        return SUPERSEDED
    if facts.expired_on is not None:
        return EXPIRED
    if facts.declined_on is not None:
        return DECLINED
    if facts.proved_on is None:
        return PROVISIONAL
    if facts.opened:
        return GRANTED
    return RELEASED if facts.released else RESERVED


def proof_deadline(filed_on: date, days: int) -> date:
    """R16: the last day, inclusive, on which identity can be proved: `days` after filing."""
    return filed_on + timedelta(days=days)


def fingerprint(answer: Assessment, situation: Situation) -> str:
    """The parts of an answer that a person agrees to. A filing whose answer has another
    fingerprint than the one shown is not made; the new answer is shown (DOMAIN, "The rules")."""
    term = answer.free_term
    event = answer.next_event
    parts = (
        answer.outcome,
        answer.rule,
        term and f"{term.starts_on}/{term.ends_on}",
        event and f"{event.on}/{event.event}/{event.fee_yen}",
        ",".join(answer.warnings),
        "stop" if situation.stop_requested else "",
        "filed" if situation.renewal_filed else "",
    )
    return "|".join(str(part or "") for part in parts)


def granted_term(current: Term | None, today: date) -> Period:
    """R7: the free year that an operator grants on `today`: from the next renewal whatever the
    window, or from today without a valid term."""
    return year_from(current.renewal_on if current else today)
