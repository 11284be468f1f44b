"""Paying for a year: whether it can be asked for today, and what it costs (R9, R12)."""

from dataclasses import dataclass
from datetime import date

from campaigns.rules.assessing import APPLY_NOW
from campaigns.rules.telling import Matter, tell
from careplan_portal.lib.dates import Period, day_after, year_from
from careplan_portal.lib.words import ja_date
from licenses.rules import MANUAL, Plan, Term, bill_month, first_renewal_mode, paid_renewal_from

START = "start"
RENEW = "renew"


@dataclass(frozen=True, slots=True)
class PayAhead:
    """What a paid year asked for today brings. `free_first` is the sentence about the Free Pass that
    is open to the office, empty when it is not."""

    door: str
    term: Period
    fee: str
    bill_on: date
    free_first: str
    stop_on_file: bool
    after: str


def door(m: Matter, plan: Plan, closed_on: date | None) -> str:
    """`start` without a valid term (R12), `renew` for a manual office in its renewal month before the
    renewal date (R9), empty when neither is open."""
    opens_on = plan.current.renewal_on if plan.current else m.today
    if closed_on is not None or not m.policy.allows_term_on(opens_on):
        return ""
    if plan.current is None:
        return START
    by_hand = plan.facts.renewal_mode == MANUAL and plan.facts.reservation is None
    return RENEW if by_hand and m.today >= paid_renewal_from(plan.current) else ""


def pay_ahead(m: Matter, plan: Plan, closed_on: date | None) -> PayAhead | None:
    """What asking for a paid year today brings; None when it cannot be asked for."""
    which = door(m, plan, closed_on)
    if not which:
        return None
    starts_on = plan.current.renewal_on if plan.current else m.today
    free = tell(m).title if m.answer.outcome == APPLY_NOW else ""
    term = year_from(starts_on)
    return PayAhead(
        door=which,
        term=term,
        fee=m.fee(starts_on),
        bill_on=bill_month(starts_on, starts_on),
        free_first=free,
        stop_on_file=plan.is_stopping,
        after=_after(m, plan, term),
    )


def _after(m: Matter, plan: Plan, term: Period) -> str:
    """What happens at the end of that year: the mode of a first start comes from its day (R9)."""
    mode = plan.facts.renewal_mode if plan.facts.terms else first_renewal_mode(term.starts_on)
    last, on = ja_date(term.ends_on), day_after(term.ends_on)
    if mode == MANUAL or not m.policy.allows_term_on(on):
        return f"手続きをしないと、{last}で利用が終わります"
    return f"何もしないと自動で更新し、年{m.fee(on)}がかかります。続けないときは、{last}までに届け出てください"


def why_not(m: Matter, plan: Plan, closed_on: date | None) -> str:
    """Why a paid year cannot be asked for today."""
    if closed_on is not None:
        return "廃止の届けが出ている事業所です。ヘルプデスクにお電話ください。"
    current = plan.current
    if current is None or not m.policy.allows_term_on(current.renewal_on):
        return "この事業は終わるため、新しい1年は始まりません。"
    if plan.facts.reservation is not None:
        return "次の1年の手続きは、もう済んでいます。"
    if plan.facts.renewal_mode != MANUAL:
        return "この事業所は自動で更新します。申し込みは要りません。"
    return _too_early(current)


def _too_early(current: Term) -> str:
    return f"有償の更新は、{ja_date(paid_renewal_from(current))}から{ja_date(current.ends_on)}まで申し込めます。"
