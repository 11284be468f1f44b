"""Writing down what was said: notes, calls with their caller, what to come back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from faq.enums import AskedBy
from faq.queries import answer as faq_answer
from faq.services import question_record
from helpdesk.enums import ContactKind, Topic
from helpdesk.models import ContactLog
from helpdesk.queries.contacts import current_call
from helpdesk.rules import caller
from helpdesk.rules.tags import questions_in
from licenses.services import Refused


@transaction.atomic
def note_record(
    *,
    office_id: int,
    text: str,
    topics: Sequence[str],
    follow_up_on: date | None,
    today: date,
    acting: Acting,
    inquiry_id: int | None = None,
) -> ContactLog:
    """A line of what was said; it belongs to the call under way, if there is one. Questions in it (問：…) go to the
    FAQ's list of what to write next, with the first topic as their tag."""
    tag = str(Topic(topics[0]).label) if topics else ""
    for question in questions_in(text):
        question_record(
            text=question, settled=faq_answer(question).settled, today=today, asked_by=AskedBy.TELEPHONE, tag=tag
        )
    call = current_call(office_id, _person(acting), clock.now())
    return contact_record(
        office_id=office_id, kind=ContactKind.NOTE, text=text.strip(), topics=list(topics), follow_up_on=follow_up_on,
        today=today, acting=acting, call=call, inquiry_id=inquiry_id,
    )  # fmt: skip


@transaction.atomic
def call_begin(
    *,
    office_id: int,
    name: str,
    relation: str,
    phone: str,
    proof: str,
    facts: Sequence[str],
    consent: bool,
    today: date,
    acting: Acting,
) -> ContactLog:
    """A caller is proved: name, how, and whether they agree that the helpdesk acts for them are kept.

    A call of the same person about the office that is still open ends with it. Raises Refused
    when the facts do not prove the caller.
    """
    problem = caller.why_not_proved(proof, facts)
    if problem:
        raise Refused("not_proved", problem)
    call_end(office_id=office_id, today=today, acting=acting)
    known = sorted(set(facts) & caller.FACTS.keys()) if proof == caller.TWO_FACTS else []
    return contact_record(
        office_id=office_id, kind=ContactKind.CALL_BEGAN, today=today, acting=acting, caller_name=name.strip(),
        caller_relation=relation.strip(), caller_phone=phone.strip(), proof=proof, facts=known, consent=consent,
    )  # fmt: skip


def call_end(*, office_id: int, today: date, acting: Acting) -> None:
    """The call under way about this office is over; nothing when there is none."""
    call = current_call(office_id, _person(acting), clock.now())
    if call is not None:
        contact_record(office_id=office_id, kind=ContactKind.CALL_ENDED, call=call, today=today, acting=acting)


@transaction.atomic
def followed_up(*, contact_id: int, today: date, acting: Acting) -> ContactLog:
    """Somebody came back to it. Saying so twice changes nothing."""
    about = ContactLog.objects.select_for_update(of=("self",)).get(pk=contact_id)
    done = about.answers.filter(kind=ContactKind.FOLLOWED_UP).first()
    return done or contact_record(
        office_id=about.office_id, kind=ContactKind.FOLLOWED_UP, about=about, today=today, acting=acting
    )


def contact_record(*, office_id: int, kind: str, today: date, acting: Acting, **fields: Any) -> ContactLog:
    """One row of the log, for the other services of the helpdesk."""
    return ContactLog.objects.create(
        office_id=office_id, kind=kind, by_id=_person(acting), at=clock.now(), recorded_on=today, **fields
    )


def _person(acting: Acting) -> int:
    if acting.user_id is None:
        raise ValueError("the contact log names who wrote a line")
    return acting.user_id
