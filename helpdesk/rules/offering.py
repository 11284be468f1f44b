"""Why the Free Pass cannot be filed for today, and what is possible instead: for the button that would file. Pure."""

from dataclasses import dataclass

from campaigns.rules import (
    ALREADY_RESERVED,
    ALREADY_USED,
    APPLY_LATER,
    APPLY_NOW,
    RENEWAL_OUTSIDE_WINDOW,
    WINDOW_CLOSED,
)
from helpdesk.rules.scene import Scene


@dataclass(frozen=True, slots=True)
class Cannot:
    """`reason` in a few words, `instead` what one can do now."""

    reason: str
    instead: str


_REASONS = {
    ALREADY_RESERVED: "次の無料の予約がもうあります",
    ALREADY_USED: "無料の1年は、もう使いました",
    RENEWAL_OUTSIDE_WINDOW: "次の更新日が、受付のおわりよりあとです",
    WINDOW_CLOSED: "受付は終わりました",
}


def why_no_filing(scene: Scene) -> Cannot | None:
    """None when one may file today."""
    if scene.plan is None or scene.assessment is None:
        return Cannot("記録を確かめるまでできません", "調べて、折り返します")
    closed_on = scene.plan.facts.closed_on
    if closed_on is not None and closed_on <= scene.today:
        return Cannot("閉じた事業所です", "引きつぐ事業所の番号で申請できます")
    outcome = scene.assessment.outcome
    if outcome == APPLY_NOW:
        return None
    reason = _REASONS.get(outcome, "いまは申請できません")
    if outcome == APPLY_LATER and scene.assessment.apply_from is not None:
        reason = f"{scene.day(scene.assessment.apply_from)}から申請できます"
    return Cannot(reason, _instead(scene, outcome))


def _instead(scene: Scene, outcome: str) -> str:
    assert scene.plan is not None
    if scene.plan.current is None:
        return "有償なら、きょうから始められます"
    if outcome == ALREADY_RESERVED:
        return "予約の取り下げと、停止はできます"
    if scene.plan.is_stopping:
        return "停止の届けは取り消せます"
    return "いまの期間はそのまま使えます。続けないなら停止を届けられます"
