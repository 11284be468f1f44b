"""An office as one line of a list: what comes next, what can be done, and how urgent it is."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from campaigns.rules.assessing import (
    ALREADY_RESERVED,
    ALREADY_USED,
    APPLY_LATER,
    APPLY_NOW,
    OUTSIDE_LINKAGE_STANDARD,
)
from campaigns.rules.telling import Matter
from careplan_portal.lib.dates import day_after, day_before
from careplan_portal.lib.words import ja_date, ja_day, yen
from licenses.rules import FREE_PASS, LAPSED, RENEWED_FREE, RENEWED_PAID, Plan, bill_month

# What can be done with an office, for the filter and the figures above the list.
NOW = "now"
LATER = "later"
DONE = "done"
OTHER = "other"
# A filing waits for the office's proof; only the list of offices knows of it.
WAITING = "waiting"


def group(m: Matter | None) -> str:
    """Which of the four groups an office belongs to; a record that is set aside is `other`."""
    if m is None:
        return OTHER
    return {APPLY_NOW: NOW, APPLY_LATER: LATER, ALREADY_RESERVED: DONE, ALREADY_USED: DONE}.get(m.answer.outcome, OTHER)


def deadline(m: Matter | None) -> date | None:
    """The day by which to file today's offer without a gap; None when it cannot be filed today."""
    if m is None or m.answer.outcome != APPLY_NOW:
        return None
    return m.answer.no_gap_until or m.answer.apply_until


def next_line(m: Matter, plan: Plan) -> tuple[str, str]:
    """What happens next: the day in bold, and the rest of the sentence."""
    current, change = plan.current, plan.next_change
    if current is None:
        past = [term for term in plan.facts.terms if term.ends_on < m.today]
        return ("", f"予定はありません（{ja_day(past[-1].ends_on)}に終わりました）" if past else "予定はありません")
    if change is None:
        return (ja_date(current.ends_on), "に終わります")
    if change.kind == RENEWED_FREE:
        return (ja_date(change.on), "から無料です")
    if change.kind == RENEWED_PAID:
        how = "に有償で更新（申し込みずみ）" if change.uses_reservation else "に自動で更新"
        return (ja_date(change.on), f"{how}、{m.fee(change.on)}")
    return (ja_date(current.ends_on), "に終わります")


def can_line(m: Matter, plan: Plan) -> str:
    """What can be done, by when, and what it brings."""
    outcome, term, last = m.answer.outcome, m.answer.free_term, deadline(m)
    if outcome == APPLY_NOW and term is not None and last is not None:
        return _now_line(m, last)
    if outcome == APPLY_LATER and m.answer.apply_from is not None and m.answer.apply_until is not None:
        until = m.answer.no_gap_until or m.answer.apply_until
        return f"{ja_date(m.answer.apply_from)}から{ja_date(until)}までに申請"
    if outcome == ALREADY_RESERVED and term is not None:
        return f"{ja_date(day_before(term.starts_on))}まで取り下げられます"
    change = plan.next_change
    if plan.current is not None and change is not None and change.kind == RENEWED_PAID:
        return f"続けないなら、{ja_date(plan.current.ends_on)}までに「利用をやめる」"
    if plan.current is not None and change is not None and change.kind == LAPSED:
        return "続けるなら、更新する月に有償の更新を申し込み"
    if plan.current is not None:
        return "手続きは終わっています"
    return "有償で始められます"


def _now_line(m: Matter, last: date) -> str:
    term = m.answer.free_term
    assert term is not None
    if m.answer.rule == "R3":
        line = f"{ja_date(last)}までに申請すると、申請した日から1年が無料"
    elif m.answer.rule == "R6":
        line = f"{ja_date(last)}までに申請すると、{m.short(term.starts_on)}にさかのぼって無料"
    else:
        line = f"{ja_date(last)}までに申請すると、{m.short(term.starts_on)}から1年が無料"
        if not m.situation.renews_by_itself:
            line += "。申請しないと前の日で切れます"
    if OUTSIDE_LINKAGE_STANDARD in m.answer.warnings:
        line += "。データ連携の対象外なので、確認が1つ要ります"
    return line


def closed_line(closed_on: date, today: date) -> str:
    """What is said of a closed office in place of what could be done (R15): nothing is offered to it."""
    return f"{ja_date(closed_on)}に{'閉じました' if closed_on <= today else '閉じる届けが出ています'}"


def waiting_line(receipt: str, prove_by: date) -> str:
    """Why an office whose filing waits for its proof is not filed for again (R16)."""
    return f"申請（{receipt}）が、事業所の確認を待っています。{ja_date(prove_by)}までに確かめてください。"


def after_free_year(m: Matter) -> tuple[str, str]:
    """Of a filing made now: the last day to stop, and the yearly fee that follows without a stop."""
    term = m.answer.free_term
    assert term is not None
    return ja_date(term.ends_on), m.fee(day_after(term.ends_on))


def yearly_after(matters: Sequence[Matter]) -> str:
    """What all of these would cost a year once their free years are over, if nothing is done: 2×21,000円＝年42,000円."""
    days = [(m, day_after(m.answer.free_term.ends_on)) for m in matters if m.answer.free_term is not None]
    paid = [(m, day) for m, day in days if m.policy.allows_term_on(day)]
    fees = Counter(m.policy.fee_on(day).yen for m, day in paid)
    parts = "＋".join(f"{count}×{yen(fee)}" for fee, count in sorted(fees.items()))
    undecided = "（未定）" if any(m.policy.fee_is_undecided(day) for m, day in paid) else ""
    return f"{parts}＝年{yen(sum(fees.elements()))}{undecided}" if paid else ""


def begun_bill(m: Matter) -> str:
    """R6: the bill that falls away when a begun paid term is made free, or nothing."""
    current = m.situation.current
    if m.answer.rule != "R6" or current is None or current.pricing == FREE_PASS:
        return ""
    on = bill_month(current.starts_on, current.starts_on)
    return f"{ja_day(on)}の請求{yen(current.fee_yen)}はなくなります"
