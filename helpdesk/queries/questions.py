"""Likely questions with what to say about an office, from the FAQ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from faq.models import Entry
from faq.queries import OfficeValues, Shown, current, shown
from helpdesk.enums import TOPIC_OF_ENTRIES, Topic
from helpdesk.rules.likely import asks_back
from helpdesk.rules.scene import Scene
from helpdesk.rules.spoken import by_plan, spoken_fee
from licenses.rules import FREE_PASS, BadRecord, Plan
from offices.models import Office


@dataclass(frozen=True, slots=True)
class Question:
    """A likely question with what to say; `lines` are spoken one by one."""

    entry: Entry
    told: Shown

    @property
    def topic(self) -> str:
        """What a note about it is about."""
        return TOPIC_OF_ENTRIES.get(self.entry.topic_id, Topic.OTHER)


def questions(
    slugs: Sequence[str],
    office: Office | None = None,
    scene: Scene | None = None,
    *,
    staff: bool = True,
    stamp: UUID | None = None,
) -> list[Question]:
    """Entries in the order of their slugs, told with the office's own dates where one is given;
    those that may not be read are left out. ``stamp``: of the FAQ, from whoever has read it already."""
    cards = current(staff=staff, stamp=stamp).cards
    values = OfficeValues(office.name, own_values(scene), own_states(scene)) if office and scene else None
    entries = [cards[slug].entry for slug in slugs if slug in cards]
    found = [Question(entry, shown(entry, values)) for entry in entries]
    return [_suited(question, scene) for question in found] if scene else found


def _suited(question: Question, scene: Scene) -> Question:
    """With every amount as the plan has it, never flat, and the fee as the sentences to read out say it, where the
    entry speaks of the office's next fee; without asking back what is done already."""
    change = scene.plan.next_change if scene.plan else None
    renews = change is not None and change.opens is not None and change.opens.fee_yen
    on = change.on if change is not None and renews else scene.today
    told = bool(renews and "{{fee}}" in question.entry.yours)
    lines = [line for line in question.told.phone if not line[0] or asks_back(scene, question.entry.slug)]
    try:
        phone = [(ask, by_plan(line, scene.policy, on, said=told)) for ask, line in lines]
        if told:
            phone.append(("", f"更新すると、{spoken_fee(scene.policy, on)}。"))
    except BadRecord:
        return question
    phone = [line for line in phone if line[1]]
    return replace(question, told=replace(question.told, phone=tuple(phone)))


def own_values(scene: Scene) -> Mapping[str, Any]:
    """The values of the FAQ's placeholders for an office; None where one would mislead: after a stop
    nothing renews, and an undecided fee is not told (R14)."""
    answer, current = scene.assessment, scene.plan.current if scene.plan else None
    values: dict[str, Any] = {
        "filing_from": answer.apply_from if answer else None,
        "filing_until": answer.apply_until if answer else None,
    }
    if scene.plan is None or current is None:
        return values
    values["term_end"] = current.ends_on
    if scene.plan.is_stopping:
        return values
    return values | {
        "renewal_date": current.renewal_on,
        "last_stop_day": current.ends_on,
        "fee": _decided_fee(scene, scene.plan),
    }


def _decided_fee(scene: Scene, plan: Plan) -> int | None:
    change = plan.next_change
    if change is None or change.opens is None:
        return None
    return None if scene.policy.fee_is_undecided(change.on) else change.opens.fee_yen


def own_states(scene: Scene) -> frozenset[str]:
    """Which of the FAQ's states hold for an office: sentences for others are not told to it."""
    plan = scene.plan
    if plan is None or plan.current is None:
        return frozenset()
    reserved = plan.facts.reservation is not None and plan.facts.reservation.kind == FREE_PASS
    holds = {
        "free": plan.current.pricing == FREE_PASS,
        "paid": plan.current.pricing != FREE_PASS,
        "reserved": reserved,
        "stopping": plan.is_stopping,
        plan.facts.renewal_mode: not plan.is_stopping,
    }
    return frozenset(name for name, true in holds.items() if true)
