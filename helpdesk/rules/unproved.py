"""What is said of a filing that waits for its proof: its own dates, from the day of filing (R16), never today's."""

from datetime import date

from careplan_portal.lib.dates import Period
from helpdesk.rules.scene import Scene, Unproved
from helpdesk.rules.spoken import spoken_fee
from licenses.rules import FREE_PASS, LAPSED, RENEWED_FREE, RENEWED_PAID, STOP_REQUESTED, Plan

AGAIN = "もう一度申請していただく必要はありません。"


def free_once_proved(scene: Scene) -> Period | None:
    """The free year that the filing brings when it is proved; None without a filing, or where proof cannot bring one."""
    filing, plan = scene.unproved, scene.plan
    if filing is None or plan is None or not filing.fits:
        return None
    if plan.next_change is not None and plan.next_change.kind == RENEWED_FREE:
        return None
    used = any(term.pricing == FREE_PASS for term in plan.facts.terms)
    free, closed_on = filing.free_with(plan), plan.facts.closed_on
    over = not scene.policy.allows_term_on(free.starts_on) or (closed_on is not None and closed_on <= free.starts_on)
    return None if used or over else free


def received(scene: Scene, filing: Unproved) -> str:
    """That it is on file, and what of its receipt does not hold."""
    day = scene.day(filing.filed_on)
    if not filing.fits:
        return (
            f"{day}の申請は受け付けていますが、お申し出の日付が登録の日付と合わないので、このままでは無料になりません。"
        )
    text = f"{day}の申請は受け付けています。"
    if filing.stated is not None:
        text += f"受付票の日付（{scene.span(filing.stated)}）はお申し出によるもので、登録の日付では変わります。"
    return text


def promise(scene: Scene, standing: str) -> list[str]:
    """One statement of what has to be done by when, what it brings and what happens otherwise; empty where proof
    brings nothing. `standing` says how the licence stands."""
    free, filing, plan = free_once_proved(scene), scene.unproved, scene.plan
    if free is None or filing is None or plan is None:
        return []
    by = _earlier(plan, filing.prove_by, free)
    return [
        received(scene, filing), standing, f"事業所の確認がまだなので、{scene.day(by)}までに確認をお願いします。",
        f"済むと、{_free(scene, plan, free)}", _otherwise(scene, plan, filing, by), AGAIN,
    ]  # fmt: skip


def deadline(scene: Scene) -> str:
    """The filing and its last day alone, where what it brings is said by other sentences."""
    filing = scene.unproved
    if filing is None:
        return ""
    if not filing.fits:
        return received(scene, filing)
    return f"{received(scene, filing)}事業所の確認がまだなので、{scene.day(filing.prove_by)}までに確認をお願いします。"


def _earlier(plan: Plan, prove_by: date, free: Period) -> date:
    """A term that would end before the proof is due, without the free year behind it, is the nearer day."""
    change, current = plan.next_change, plan.current
    ends = change is not None and change.opens is None
    waits = current is not None and ends and free.starts_on > current.ends_on
    return min(prove_by, current.ends_on) if waits and current is not None else prove_by


def _free(scene: Scene, plan: Plan, free: Period) -> str:
    if plan.current is not None and plan.current.starts_on == free.starts_on:
        return f"いまの期間（{scene.span(free)}）が、はじめの日から無料に変わります。"
    return f"{scene.span(free)}、無料になります。"


def _otherwise(scene: Scene, plan: Plan, filing: Unproved, by: date) -> str:
    change, current = plan.next_change, plan.current
    if current is None:
        return "済まないと、申請は無効になり、いまのまま使えません。"
    if filing.term.starts_on <= current.ends_on:
        return "済まないと、申請は無効になり、いまの期間は有償のままです。"
    if change is None:
        return "済まないと、申請は無効になります。"
    if change.kind == RENEWED_PAID:
        how = "有償で更新し" if change.uses_reservation else "自動で更新し"
        return f"済まないと、{scene.day(change.on)}に{how}、{spoken_fee(scene.policy, change.on)}。"
    text = f"済まないと、{scene.day(change.on)}から使えなくなります。"
    if change.kind == LAPSED and by < filing.prove_by:
        text += f"そのあとでも、{scene.day(filing.prove_by)}までに確認が済めば、また使えて、無料の期間は同じです。"
    if change.kind != LAPSED and change.reason == STOP_REQUESTED:
        text = f"停止の届けが出ています。{text}済むと、届けは取り下げになります。"
    return text
