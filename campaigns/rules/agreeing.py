"""What a person agreed to when they press a button on an office's page, and what is confirmed before a filing."""

from dataclasses import dataclass
from datetime import date

from campaigns.rules.assessing import Assessment, Situation
from campaigns.rules.matter import fee_words
from careplan_portal.lib.dates import day_after
from licenses.rules import Plan, Policy


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What has to be confirmed before a filing, on every way of filing: `scope` that no service is within the data
    standard (R11), `stop` that a stop on file is withdrawn (R10), `paid` that a filed paid renewal is replaced, and
    R9: the yearly `fee` after the free year (empty when nothing renews) and `last_day`, the last one to stop."""

    scope: bool
    stop: bool
    paid: bool
    fee: str
    last_day: date

    @property
    def names(self) -> tuple[str, ...]:
        """Those that have to be confirmed, in the order in which they are asked."""
        asked = {"scope": self.scope, "stop": self.stop, "paid": self.paid, "renewal": bool(self.fee)}
        return tuple(name for name, is_asked in asked.items() if is_asked)


def to_confirm(answer: Assessment, situation: Situation, fees: Policy) -> ToConfirm | None:
    """What to confirm before filing on this answer; None where it brings no free year. Raises
    licenses.rules.BadRecord where no fee is on file."""
    if answer.free_term is None:
        return None
    last_day = answer.free_term.ends_on
    after = day_after(last_day)
    return ToConfirm(
        scope=bool(answer.warnings),
        stop=situation.stop_requested,
        paid=situation.renewal_filed,
        fee=fee_words(fees, after) if fees.allows_term_on(after) else "",
        last_day=last_day,
    )


def plan_fingerprint(plan: Plan) -> str:
    """The parts of a licence's standing that a stop, a withdrawal or a paid term is decided on: the
    current term and what happens at its end. An act whose standing has another fingerprint than the
    one shown is not done; the new standing is shown (DOMAIN, "The rules")."""
    term, change, reservation = plan.current, plan.next_change, plan.facts.reservation
    parts = (
        plan.status,
        term and f"{term.starts_on}/{term.ends_on}/{term.pricing}",
        change and f"{change.kind}/{change.on}/{change.opens.fee_yen if change.opens else 0}",
        "stop" if plan.is_stopping else "",
        reservation and f"{reservation.kind}/{reservation.renewal_on}",
    )
    return "|".join(str(part or "") for part in parts)
