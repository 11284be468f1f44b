"""Inquiries: receive, take, answer, pass on, merge, end. Nobody answers what somebody else has taken.

Every act locks the inquiry's row first and asks again under the lock, so of two people who press at
once one gets it and the other is told who has it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from campaigns.rules import SERIALS
from careplan_portal.lib import clock
from careplan_portal.lib.acting import VISITOR, Acting
from faq.enums import AskedBy
from faq.services import question_record
from helpdesk.enums import ContactKind, Direction, InquiryEventKind, InquiryState
from helpdesk.models import Inquiry, InquiryEvent, InquiryMessage, Solved
from helpdesk.notifications import inquiry_answer, inquiry_received
from helpdesk.queries.inquiries import closing_days
from helpdesk.rules.hours import due_at
from helpdesk.rules.ticket import ticket_number
from helpdesk.services.contacts import contact_record
from licenses.services import Refused
from notices.services import notice_queue


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wrote into the form. `office_id` when the number they gave exists."""

    name: str
    email: str
    phone: str
    topic: str
    body: str
    privacy_version: str
    form_key: UUID
    office_id: int | None = None
    sender_id: int | None = None


def inquiry_receive(*, asked: Asked, today: date) -> Inquiry:
    """Keep an inquiry and acknowledge it by mail. The same form again returns the one it made."""
    known = Inquiry.objects.filter(form_key=asked.form_key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _receive(asked, today)
    except IntegrityError:
        # Two sends of one form at once: the other one was first.
        known = Inquiry.objects.filter(form_key=asked.form_key).first()
        if known is None:
            raise
        return known


def _receive(asked: Asked, today: date) -> Inquiry:
    now = clock.now()
    inquiry = Inquiry.objects.create(
        number=_draw_number(today), form_key=asked.form_key, name=asked.name, email=asked.email.lower(),
        phone=asked.phone, office_id=asked.office_id, sender_id=asked.sender_id, topic=asked.topic, body=asked.body,
        privacy_version=asked.privacy_version, received_at=now, received_on=today,
        due_at=due_at(now, closing_days(today)),
    )  # fmt: skip
    InquiryMessage.objects.create(inquiry=inquiry, direction=Direction.IN, text=asked.body, at=now)
    _event(inquiry, InquiryEventKind.RECEIVED, Acting(asked.sender_id, VISITOR, "問い合わせの入力"))
    notice_queue(outgoing=inquiry_received(inquiry), today=today)
    return inquiry


def _draw_number(today: date) -> str:
    while True:
        number = ticket_number(today.year, today.month, secrets.randbelow(SERIALS))
        if not Inquiry.objects.filter(number=number).exists():
            return number


def solved_record(*, slug: str, today: date) -> Solved:
    """Somebody left the form because this entry answered them."""
    return Solved.objects.create(slug=slug[:80], on=today, at=clock.now())


# Who answers --------------------------------------------------------------------------------


@transaction.atomic
def inquiry_take(*, inquiry_id: int, take_over: bool = False, acting: Acting) -> Inquiry:
    """This person answers it. Raises Refused when somebody else does, unless `take_over` says that
    it was agreed with them; taking what one has changes nothing."""
    inquiry = _hold(inquiry_id)
    _guard_open(inquiry)
    if inquiry.taken_by_id == acting.user_id:
        return inquiry
    if inquiry.taken_by is not None and not take_over:
        raise Refused("taken", f"{inquiry.taken_by}さんが対応しています。代わるときは「引き継ぐ」を使ってください。")
    kind = InquiryEventKind.TAKEN_OVER if inquiry.taken_by_id else InquiryEventKind.TAKEN
    inquiry.taken_by_id, inquiry.taken_at = acting.user_id, clock.now()
    inquiry.save(update_fields=["taken_by", "taken_at"])
    _event(inquiry, kind, acting)
    return inquiry


@transaction.atomic
def inquiry_release(*, inquiry_id: int, acting: Acting) -> Inquiry:
    """Back to the queue, for anybody. Raises Refused when somebody else has it."""
    inquiry = _hold_mine(inquiry_id, acting)
    inquiry.taken_by, inquiry.taken_at = None, None
    inquiry.save(update_fields=["taken_by", "taken_at"])
    _event(inquiry, InquiryEventKind.RELEASED, acting)
    return inquiry


@transaction.atomic
def inquiry_answer_send(*, inquiry_id: int, text: str, entries: Sequence[str], today: date, acting: Acting) -> Inquiry:
    """Answer by mail; the answer stands in the office's contact log, too. `entries` are the FAQ
    entries used. Raises Refused when somebody else has it, or it is answered already."""
    inquiry = _hold_mine(inquiry_id, acting)
    now = clock.now()
    message = InquiryMessage.objects.create(
        inquiry=inquiry, direction=Direction.OUT, text=text, entries=list(entries), by_id=acting.user_id, at=now
    )
    inquiry.answered_at, inquiry.passed_at = now, None
    inquiry.save(update_fields=["answered_at", "passed_at"])
    _event(inquiry, InquiryEventKind.ANSWERED, acting, entries=list(entries))
    if not entries:
        # No entry was of use: the FAQ's weekly list has it as something to write.
        question_record(
            text=inquiry.body, settled=False, today=today, asked_by=AskedBy.INQUIRY, tag=inquiry.get_topic_display()
        )
    if inquiry.office_id is not None:
        contact_record(
            office_id=inquiry.office_id, kind=ContactKind.MAIL, inquiry=inquiry, topics=[inquiry.topic],
            text=f"問い合わせ {inquiry.number} に回答した。", today=today, acting=acting,
        )  # fmt: skip
    notice_queue(outgoing=inquiry_answer(inquiry, message), today=today)
    return inquiry


# Elsewhere, together, or not at all -----------------------------------------------------------


@transaction.atomic
def inquiry_pass_on(*, inquiry_id: int, to: str, note: str, acting: Acting) -> Inquiry:
    """Somebody else has to be asked first: the vendor, a municipality, the operator."""
    inquiry = _hold_mine(inquiry_id, acting)
    inquiry.passed_to, inquiry.passed_note, inquiry.passed_at = to, note.strip(), clock.now()
    inquiry.save(update_fields=["passed_to", "passed_note", "passed_at"])
    _event(inquiry, InquiryEventKind.PASSED_ON, acting, to=to, note=note.strip())
    return inquiry


@transaction.atomic
def inquiry_returned(*, inquiry_id: int, acting: Acting) -> Inquiry:
    """What was asked elsewhere came back: it can be answered."""
    inquiry = _hold_mine(inquiry_id, acting)
    if inquiry.passed_at is not None:
        inquiry.passed_at = None
        inquiry.save(update_fields=["passed_at"])
        _event(inquiry, InquiryEventKind.RETURNED, acting)
    return inquiry


@transaction.atomic
def inquiry_merge(*, inquiry_id: int, into_id: int, acting: Acting) -> Inquiry:
    """One matter, one answer: this inquiry's messages are shown with the other's. Raises Refused
    when either has ended, or the other was itself merged."""
    if inquiry_id == into_id:
        raise Refused("itself", "同じ問い合わせにはまとめられません。")
    held = {row.pk: row for row in Inquiry.objects.select_for_update(of=("self",)).filter(pk__in=[inquiry_id, into_id]).order_by("pk")}  # fmt: skip
    inquiry, into = held[inquiry_id], held[into_id]
    _guard_open(inquiry)
    _guard_open(into)
    _guard_mine(inquiry, acting)
    inquiry.merged_into = into
    inquiry.save(update_fields=["merged_into"])
    inquiry.merged.update(merged_into=into)
    _event(inquiry, InquiryEventKind.MERGED, acting, into=into.number)
    return into


@transaction.atomic
def inquiry_close(*, inquiry_id: int, reason: str, acting: Acting) -> Inquiry:
    """No answer is due (advertising, sent twice): ended with a reason."""
    inquiry = _hold_mine(inquiry_id, acting)
    inquiry.closed_at = clock.now()
    inquiry.save(update_fields=["closed_at"])
    _event(inquiry, InquiryEventKind.CLOSED, Acting(acting.user_id, acting.role, reason.strip()))
    return inquiry


@transaction.atomic
def inquiry_office_link(*, inquiry_id: int, office_id: int, acting: Acting) -> Inquiry:
    """The office it is about, found by the helpdesk."""
    inquiry = _hold(inquiry_id)
    if inquiry.office_id != office_id:
        inquiry.office_id = office_id
        inquiry.save(update_fields=["office"])
        _event(inquiry, InquiryEventKind.OFFICE_LINKED, acting, office=office_id)
    return inquiry


@transaction.atomic
def inquiry_topic_change(*, inquiry_id: int, topic: str, acting: Acting) -> Inquiry:
    """The right topic, for the figures."""
    inquiry = _hold(inquiry_id)
    if inquiry.topic != topic:
        before, inquiry.topic = inquiry.topic, topic
        inquiry.save(update_fields=["topic"])
        _event(inquiry, InquiryEventKind.TOPIC_CHANGED, acting, before=before, after=topic)
    return inquiry


def _hold(inquiry_id: int) -> Inquiry:
    # Without a join: after waiting for the lock, joined rows would still be those from before.
    return Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry_id)


def _hold_mine(inquiry_id: int, acting: Acting) -> Inquiry:
    inquiry = _hold(inquiry_id)
    _guard_open(inquiry)
    _guard_mine(inquiry, acting)
    if inquiry.taken_by_id is None:
        inquiry.taken_by_id, inquiry.taken_at = acting.user_id, clock.now()
        inquiry.save(update_fields=["taken_by", "taken_at"])
        _event(inquiry, InquiryEventKind.TAKEN, acting)
    return inquiry


def _guard_open(inquiry: Inquiry) -> None:
    if inquiry.state in (InquiryState.ANSWERED, InquiryState.MERGED, InquiryState.CLOSED):
        raise Refused("ended", f"この問い合わせは、もう「{inquiry.state_label}」になっています。")


def _guard_mine(inquiry: Inquiry, acting: Acting) -> None:
    if inquiry.taken_by is not None and inquiry.taken_by_id != acting.user_id:
        raise Refused(
            "taken", f"{inquiry.taken_by}さんが対応しています。二重に回答しないよう、先に引き継いでください。"
        )


def _event(inquiry: Inquiry, kind: str, acting: Acting, **data: Any) -> None:
    InquiryEvent.objects.create(
        inquiry=inquiry, kind=kind, by_id=acting.user_id, acting_as=acting.role, reason=acting.reason[:200],
        data=data, at=clock.now(),
    )  # fmt: skip
