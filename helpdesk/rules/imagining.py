"""What would follow if something were filed on a day: computed from the same `plan`, written nowhere."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from campaigns.rules import APPLY_NOW, Assessment
from careplan_portal.lib.dates import Period, year_from
from careplan_portal.lib.words import ja_date
from helpdesk.rules.scene import Unproved
from licenses.rules import (
    AUTO,
    FREE_PASS,
    LAPSED,
    PAID,
    RENEWED_FREE,
    STOPPED,
    Change,
    LicenseFacts,
    Plan,
    Policy,
    Reservation,
    Term,
    paid_renewal_from,
    turn,
)

NOTHING = "nothing"
STOP = "stop"
STOP_WITHDRAW = "stop_withdraw"
APPLY = "apply"
WITHDRAW = "withdraw"
PAID_RENEWAL = "paid_renewal"
PAID_START = "paid_start"


@dataclass(frozen=True, slots=True)
class Imagined:
    """`strong` says what would hold, `text` what goes with it; `possible` is False when the act
    would be refused, and then `strong` says why."""

    strong: str
    text: str = ""
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """The day that is imagined: the licence as it would then stand if nobody did anything
    before, and the rules' answer about the Free Pass on that day."""

    on: date
    plan: Plan
    answer: Assessment
    policy: Policy
    unproved: Unproved | None = None


def imagine(act: str, day: Day) -> Imagined:
    """What `act` on that day leads to. Raises licenses.rules.BadRecord("no_fee"), KeyError for an
    unknown act."""
    imagined = _ACTS[act](day)
    filing = day.unproved
    if filing is None or not filing.fits or day.on > filing.prove_by:
        return imagined
    return _beside(act, imagined, filing, filing.free_with(day.plan))


def _beside(act: str, imagined: Imagined, filing: Unproved, free: Period) -> Imagined:
    """The same beside a filing that waits for its proof: its free year counts from its own day (R16)."""
    brings = (
        f"{ja_date(filing.filed_on)}の申請は、{ja_date(filing.prove_by)}までに確認が済むと、"
        f"{ja_date(free.starts_on)}から{ja_date(free.ends_on)}まで無料になります。"
    )
    if act == APPLY:
        other = f"別に申請すると：{imagined.strong}{imagined.text}" if imagined.possible else ""
        return replace(imagined, strong=f"もう一度申請する必要はありません。{brings}", text=other)
    return replace(imagined, text=f"{imagined.text}{brings}") if imagined.possible else imagined


def _nothing(day: Day) -> Imagined:
    if day.plan.current is None:
        return Imagined("利用は始まりません。", "料金もかかりません。")
    return Imagined(*_ends(day, day.plan.facts, day.plan.current))


def _stop(day: Day) -> Imagined:
    current = day.plan.current
    if current is None:
        return _no_term("停止の手続きは要りません。")
    facts = _with_last(day.plan.facts, replace(current, stop_requested=True))
    return Imagined(*_ends(day, facts, current))


def _stop_withdraw(day: Day) -> Imagined:
    current = day.plan.current
    if current is None:
        return _no_term("停止の取り下げはできません。")
    if not current.stop_requested:
        return Imagined("停止の届けは出ていません。", possible=False)
    facts = _with_last(day.plan.facts, replace(current, stop_requested=False))
    return Imagined(*_ends(day, facts, current))


def _apply(day: Day) -> Imagined:
    free = day.answer.free_term
    if day.answer.outcome != APPLY_NOW or free is None:
        return Imagined("この日には申請できません。", day.answer.explanations[0].text, possible=False)
    text = _after_free_year(day, free.ends_on)
    reserved = day.plan.facts.reservation
    if reserved is not None and reserved.kind == PAID:
        text = f"申し込んである有償の更新は、フリーパスに置きかわります。{text}"
    if day.plan.is_stopping:
        text = f"停止の届けは取り下げになります。{text}"
    return Imagined(f"{ja_date(free.starts_on)}から{ja_date(free.ends_on)}まで無料になります。", text)


def _after_free_year(day: Day, ends_on: date) -> str:
    renewal_on = Term(ends_on, ends_on, FREE_PASS).renewal_on
    if not day.policy.allows_term_on(renewal_on):
        return "そのあとは、事業が終わるので更新しません。"
    return (
        f"そのあと{ja_date(renewal_on)}に自動で更新し、{_fee(day, renewal_on)}がかかります。"
        f"続けない場合は、{ja_date(ends_on)}までに停止の手続きをお願いします。"
    )


def _withdraw(day: Day) -> Imagined:
    current, reservation = day.plan.current, day.plan.facts.reservation
    if current is None or reservation is None:
        return Imagined("取り下げられる予約がありません。", possible=False)
    strong, text = _ends(day, replace(day.plan.facts, reservation=None), current)
    if reservation.kind == FREE_PASS:
        text += "無料の1年は、使ったことになりません。"
    return Imagined(strong, text)


def _paid_renewal(day: Day) -> Imagined:
    current = day.plan.current
    if current is None:
        return _no_term("有償の利用開始になります。")
    if day.plan.facts.reservation is not None:
        return Imagined("次回の予約が、もうあります。", possible=False)
    opens = paid_renewal_from(current)
    if day.on < opens:
        return Imagined(f"有償の更新は、{ja_date(opens)}から申し込めます。", possible=False)
    facts = replace(
        _with_last(day.plan.facts, replace(current, stop_requested=False)),
        reservation=Reservation(PAID, current.renewal_on),
    )
    return Imagined(*_ends(day, facts, current))


def _paid_start(day: Day) -> Imagined:
    if day.plan.current is not None:
        return Imagined("有効な期間があるので、新しく始める必要はありません。", possible=False)
    if not day.policy.allows_term_on(day.on):
        return Imagined("この事業は終わっているので、始められません。", possible=False)
    year = year_from(day.on)
    strong = f"{ja_date(year.starts_on)}から{ja_date(year.ends_on)}まで、有償で使えます。"
    text = f"{_fee(day, day.on)}がかかり、途中でやめても返金はありません。"
    if day.answer.outcome == APPLY_NOW:
        text += "この日は無料の申請もできます。先にそちらをお勧めしてください。"
    return Imagined(strong, text)


_ACTS: dict[str, Callable[[Day], Imagined]] = {
    NOTHING: _nothing,
    STOP: _stop,
    STOP_WITHDRAW: _stop_withdraw,
    APPLY: _apply,
    WITHDRAW: _withdraw,
    PAID_RENEWAL: _paid_renewal,
    PAID_START: _paid_start,
}


def _no_term(then: str) -> Imagined:
    return Imagined("その日に有効な期間がありません。", then, possible=False)


def _with_last(facts: LicenseFacts, last: Term) -> LicenseFacts:
    return replace(facts, terms=(*facts.terms[:-1], last))


def _ends(day: Day, facts: LicenseFacts, current: Term) -> tuple[str, str]:
    """The current term's end as these facts would have it, and what it costs."""
    change = turn(facts, day.policy)
    end = ja_date(current.ends_on)
    kind = "無料" if current.pricing == FREE_PASS else "有償"
    if change.opens is None:
        how = "終わります" if change.kind == STOPPED else "期限が切れます"
        return f"{end}まで{kind}で使えて、{how}。", _cost_of_ending(change, current)
    if change.kind == RENEWED_FREE:
        strong = f"{ja_date(change.on)}から{ja_date(change.opens.ends_on)}まで無料になります。"
        return strong, _after_free_year(day, change.opens.ends_on)
    how = "自動で更新し" if facts.renewal_mode == AUTO else "更新し"
    strong = f"{ja_date(change.on)}に{how}、{_fee(day, change.on)}がかかります。"
    return strong, f"次の期間は{ja_date(change.opens.ends_on)}までです。"


def _cost_of_ending(change: Change, current: Term) -> str:
    text = "料金は0円のままです。" if current.pricing == FREE_PASS else "払った料金の返金はありません。"
    if change.releases_reservation:
        text += "次回の予約は、使わずに外れます。"
    if change.kind == LAPSED:
        text += "更新には手続きが要ります。"
    return text


def _fee(day: Day, on: date) -> str:
    yen = f"{day.policy.fee_on(on).yen:,}円"
    return f"{yen}（未定。いまの額）" if day.policy.fee_is_undecided(on) else yen
