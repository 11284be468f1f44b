"""The what-if of an office: reads, imagines, writes nothing."""

from __future__ import annotations

from datetime import date

from campaigns import rules as campaign_rules
from campaigns.queries import situation_of
from campaigns.rules.agreeing import ToConfirm, to_confirm
from helpdesk.queries.screen import Screen
from helpdesk.rules.imagining import APPLY, PAID_START, STOP, STOP_WITHDRAW, Day, Imagined, imagine
from helpdesk.rules.unproved import free_once_proved
from licenses import rules
from licenses.rules import BadRecord


def what_if(screen: Screen, act: str, on: date) -> Imagined:
    """What `act` on the day `on` would lead to for the office of `screen`, if nothing else happened
    before; `on` not before the screen's day."""
    if screen.scene.plan is None:
        return Imagined("記録を確かめるまで、先のことは言えません。", screen.answer.problem, possible=False)
    if on < screen.scene.today:
        return Imagined("きょう以後の日付を入れてください。", possible=False)
    try:
        return imagine(act, _day(screen, on))
    except BadRecord as bad:
        return Imagined("先のことは言えません。", bad.text, possible=False)


def filing_confirms(screen: Screen) -> ToConfirm | None:
    """What the caller has to confirm before a filing for the office of `screen`, as on the web; None where nothing
    can be filed."""
    answer, situation = screen.answer.assessment, screen.answer.situation
    if answer is None or situation is None or screen.cannot_file is not None:
        return None
    try:
        return to_confirm(answer, situation, screen.scene.policy)
    except BadRecord:
        return None


def first_imagined(screen: Screen) -> str:
    """What stands chosen before anybody asks: something that this office can do."""
    if screen.plan is not None and screen.plan.is_stopping:
        return STOP_WITHDRAW
    if screen.is_using:
        return STOP
    return PAID_START if screen.cannot_file else APPLY


def _day(screen: Screen, on: date) -> Day:
    scene = screen.scene
    assert scene.plan is not None
    plan = rules.plan(scene.plan.facts, scene.policy, on)
    in_scope = screen.answer.situation.in_scope if screen.answer.situation else None
    answer = campaign_rules.assess(situation_of(plan, in_scope), scene.window, scene.policy, on)
    filing = scene.unproved if free_once_proved(scene) else None
    return Day(on, plan, answer, scene.policy, filing)
