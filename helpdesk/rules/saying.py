"""What to read out to a caller: sentences made from the same `plan` and `assess` that decide.

`say` answers "how do we stand and what do we have to do" in two breaths: what is read at once,
and what is read when the caller asks on; both hold dates of the licence and are for members alone.
What anybody may be told stands apart (`rules.anybody`). Plain, short, spoken; money and days
always with both ends inclusive as the rules count them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from campaigns.rules import (
    ALREADY_RESERVED,
    ALREADY_USED,
    APPLY_LATER,
    APPLY_NOW,
    RENEWAL_OUTSIDE_WINDOW,
    WINDOW_CLOSED,
    Assessment,
)
from careplan_portal.lib.dates import Period
from helpdesk.rules.scene import Scene
from helpdesk.rules.spoken import spoken_fee
from helpdesk.rules.unproved import AGAIN, deadline, free_once_proved, promise
from licenses.rules import (
    AUTO,
    FREE_PASS,
    LAPSED,
    NONE,
    OFFICE_CLOSED,
    PAID,
    PROGRAMME_ENDED,
    RENEWED_FREE,
    STOP_REQUESTED,
    STOPPED,
    Change,
    Plan,
    Term,
    outlook,
)


@dataclass(frozen=True, slots=True)
class Saying:
    """`now` is read as it stands; `then` when the caller asks on."""

    now: str
    then: str


def say(scene: Scene) -> Saying:
    """The sentences for this office today. Raises licenses.rules.BadRecord("no_fee")."""
    if scene.plan is None or scene.assessment is None:
        return Saying(
            "記録に確かめることがあります。こちらで調べて、折り返しお電話します。",
            "確かめが済むまで、申請や停止の手続きはできません。期限のある手続きは、きょうのお電話の日付で扱えるよう記録します。",
        )
    if scene.plan.facts.closed_on is not None and scene.plan.facts.closed_on <= scene.today:
        return _closed(scene, scene.plan.facts.closed_on, scene.plan)
    standing = _standing(scene, scene.plan)
    now = promise(scene, standing) or [
        deadline(scene), standing, _turn(scene, scene.plan), _offer(scene, scene.assessment)
    ]  # fmt: skip
    return Saying("".join(now), _then(scene, scene.plan, scene.assessment))


def _closed(scene: Scene, closed_on: date, plan: Plan) -> Saying:
    now = f"この事業所は、{scene.day(closed_on)}に閉じたと記録されています。新しい申請や更新はできません。"
    if plan.current is not None:
        now += f"いまの期間は{scene.day(plan.current.ends_on)}までで、そこで終わります。"
    return Saying(
        now, "引きつぐ事業所がある場合は、その番号をお知らせください。無料の1年は、番号を移って引きつげません。"
    )


def _standing(scene: Scene, plan: Plan) -> str:
    if plan.current is not None:
        kind = "無料" if plan.current.pricing == FREE_PASS else "有償"
        return f"いまの{kind}の期間は、{scene.day(plan.current.ends_on)}までです。"
    if plan.status == NONE:
        return "いまは、ご利用がありません。"
    ended = max(term.ends_on for term in plan.facts.terms if term.ends_on < scene.today)
    how = "利用停止になり" if plan.status == STOPPED else "期限が切れ"
    return f"{scene.day(ended)}で{how}、いまはご利用がありません。"


# What happens at the end of the current term, if nobody does anything -----------------------


def _turn(scene: Scene, plan: Plan) -> str:
    change, current = plan.next_change, plan.current
    if change is None or current is None:
        return ""
    if change.kind == STOPPED:
        return _stops(scene, change, current)
    if change.kind == LAPSED:
        return f"自動では更新しないので、お手続きがなければ、{scene.day(change.on)}から使えなくなります。"
    assert change.opens is not None
    if change.kind == RENEWED_FREE:
        done = "お手続きは終わっています。"
        return f"{scene.day(change.on)}から{scene.day(change.opens.ends_on)}まで、無料になります。{done}"
    return _renews_paid(scene, change, current)


def _stops(scene: Scene, change: Change, current: Term) -> str:
    end = scene.day(current.ends_on)
    why = {
        STOP_REQUESTED: "停止の届けが出ているので、",
        OFFICE_CLOSED: "事業所を閉じる届けが出ているので、",
        PROGRAMME_ENDED: "この事業が終わるので、",
    }[change.reason]
    text = f"{why}{end}まで使えて、更新せずに終わります。"
    if current.pricing == FREE_PASS:
        text += "料金は0円のままです。"
    if change.releases_reservation:
        text += "次回の予約は、使わずに外れます。"
    return text


def _renews_paid(scene: Scene, change: Change, current: Term) -> str:
    fee = spoken_fee(scene.policy, change.on)
    if change.uses_reservation:
        return f"{scene.day(change.on)}から1年間、有償で続くお申し込みが済んでいます。{fee}。"
    return (
        f"{scene.day(change.on)}に自動で更新し、{fee}。"
        f"続けない場合は、{scene.day(current.ends_on)}までに停止の手続きをお願いします。"
    )


# Whether the Free Pass can be had, and by when ------------------------------------------------


def _offer(scene: Scene, answer: Assessment) -> str:
    if scene.unproved is not None and scene.unproved.fits and answer.outcome in (APPLY_NOW, APPLY_LATER):
        return AGAIN
    return _OFFERS[answer.outcome](scene, answer)


def _apply_now(scene: Scene, answer: Assessment) -> str:
    assert answer.free_term is not None
    assert answer.apply_until is not None
    until = scene.day(answer.apply_until)
    term = f"{scene.day(answer.free_term.starts_on)}から{scene.day(answer.free_term.ends_on)}まで"
    if answer.rule == "R3":
        return f"きょう申請すると、きょうから{scene.day(answer.free_term.ends_on)}まで無料です。申請は{until}まで受け付けています。"
    if answer.rule == "R6":
        return f"この期間の請求はまだなので、{until}までに申請すると、期間は{term}のまま、無料に変わります。"
    return f"いま申請すると、{term}無料になります。{_without_gap(scene, answer)}"


def _without_gap(scene: Scene, answer: Assessment) -> str:
    assert answer.no_gap_until is not None
    assert answer.apply_until is not None
    until, gapless = scene.day(answer.apply_until), scene.day(answer.no_gap_until)
    if answer.no_gap_until == answer.apply_until:
        return f"申請は{until}までです。"
    return f"切れ目なく使うには{gapless}までに申請してください。{until}までなら、そのあとでも申請できます。"


def _apply_later(scene: Scene, answer: Assessment) -> str:
    assert answer.apply_from is not None
    assert answer.free_term is not None
    opens = scene.day(answer.apply_from)
    if answer.rule == "R3":
        return f"無料の申請は{opens}からです。申請した日から1年間、無料になります。"
    if answer.rule == "R5":
        return _two_ways(scene, answer)
    return (
        f"無料の申請は{opens}から{scene.day(answer.apply_until or answer.apply_from)}までです。"
        f"{scene.day(answer.free_term.starts_on)}から1年間、無料になります。"
    )


def _two_ways(scene: Scene, answer: Assessment) -> str:
    assert answer.paid_renewal_first is not None
    assert answer.alternative is not None
    first = f"{scene.day(answer.paid_renewal_first)}の更新は、受付が始まる前なので有償です。"
    lapse = (
        f"更新しないで{scene.day(answer.alternative.let_lapse_on)}で切らし、"
        f"{scene.day(answer.alternative.apply_from)}から申請する方法もあります。"
    )
    if answer.free_term is None or answer.apply_from is None:
        return f"{first}更新を続けると、受付の期間に更新日が来ません。{lapse}"
    go_on = (
        f"更新を続けると、{scene.day(answer.apply_from)}から申請でき、"
        f"{scene.day(answer.free_term.starts_on)}から1年間、無料になります。"
    )
    return f"{first}{go_on}{lapse}"


def _reserved(scene: Scene, answer: Assessment) -> str:
    """Said by `_turn`; only a stop on file leaves something to say."""
    if scene.plan is not None and scene.plan.is_stopping:
        return "届けを取り消すと、予約どおり無料で続けられます。"
    return ""


def _used(scene: Scene, answer: Assessment) -> str:
    if scene.plan is not None and scene.plan.current is not None:
        return ""
    return (
        f"無料の1年は、もうお使いになりました。有償なら、きょうから始められ、{spoken_fee(scene.policy, scene.today)}。"
    )


def _outside(scene: Scene, answer: Assessment) -> str:
    if answer.rule == "R5":
        return _two_ways(scene, answer)
    return f"次の更新日が、受付の最終日（{scene.day(scene.window.ends_on)}）よりあとなので、無料の申請はできません。"


def _over(scene: Scene, answer: Assessment) -> str:
    closed = f"無料の申請の受付は、{scene.day(scene.window.ends_on)}で終わりました。"
    if scene.plan is not None and scene.plan.current is not None:
        return closed
    return f"{closed}有償なら、きょうから始められ、{spoken_fee(scene.policy, scene.today)}。"


_OFFERS: dict[str, Callable[[Scene, Assessment], str]] = {
    APPLY_NOW: _apply_now,
    APPLY_LATER: _apply_later,
    ALREADY_RESERVED: _reserved,
    ALREADY_USED: _used,
    RENEWAL_OUTSIDE_WINDOW: _outside,
    WINDOW_CLOSED: _over,
}


# When the caller asks on -----------------------------------------------------------------------


def _then(scene: Scene, plan: Plan, answer: Assessment) -> str:
    """What comes after the next year, or how to undo what is on file."""
    if (waiting := free_once_proved(scene)) is not None:
        return _after_free_year(scene, waiting)
    if plan.is_stopping:
        return _undo_stop(scene, plan, answer)
    if answer.outcome in (APPLY_NOW, APPLY_LATER) and answer.free_term is not None:
        return _after_free_year(scene, answer.free_term)
    changes = outlook(plan.facts, scene.policy, scene.today, 2)
    if changes and changes[0].kind == RENEWED_FREE and changes[0].opens is not None:
        return _after_free_year(scene, Period(changes[0].opens.starts_on, changes[0].opens.ends_on))
    if changes and changes[0].kind == LAPSED:
        return _paid_renewal(scene, changes[0])
    return _may_stop(scene, plan)


def _after_free_year(scene: Scene, free: Period) -> str:
    renewal_on = Term(free.starts_on, free.ends_on, FREE_PASS).renewal_on
    if not scene.policy.allows_term_on(renewal_on):
        return f"この事業が終わるので、無料の1年のあと（{scene.day(free.ends_on)}）で利用も終わります。"
    return (
        f"無料の1年が終わると、{scene.day(renewal_on)}に自動で更新し、{spoken_fee(scene.policy, renewal_on)}。"
        f"続けない場合は、{scene.day(free.ends_on)}までに停止の手続きをお願いします。"
    )


def _undo_stop(scene: Scene, plan: Plan, answer: Assessment) -> str:
    assert plan.current is not None
    text = f"停止の届けは、{scene.day(plan.current.ends_on)}まで取り消せます。"
    if answer.outcome == APPLY_NOW:
        text += "無料の申請をすると、停止の届けは取り下げになります。"
    return text


def _paid_renewal(scene: Scene, lapse: Change) -> str:
    month = lapse.on.replace(day=1)
    when = "いま" if month <= scene.today else f"{scene.day(month)}から"
    return f"有償で続ける場合は、{when}お申し込みいただけます。{spoken_fee(scene.policy, lapse.on)}。"


def _may_stop(scene: Scene, plan: Plan) -> str:
    if plan.current is None:
        return (
            "始めたあとにやめる場合は、期間の最後の日までに停止の手続きをしてください。途中でやめても返金はありません。"
        )
    if plan.current.pricing == PAID and plan.facts.renewal_mode == AUTO:
        return "有償の期間の途中でやめても、返金はありません。期間の最後の日まで使えます。"
    return "途中で停止の届けを出しても、期間の最後の日まで使えます。料金は変わりません。"
