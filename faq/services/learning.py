"""What visitors leave behind: questions and whether an answer helped. No names; not worth gaming."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from faq.enums import AskedBy, FeedbackReason
from faq.models import AskedQuestion, Entry, Feedback
from faq.rules.learning import MOST_OF_A_NETWORK, forget_before, masked, same_question


def day_hash(what: str, day: datetime.date) -> str:
    """A keyed hash that holds for one day: enough to count a visitor once, useless on the next day."""
    return salted_hmac("faq.visitor", f"{day.isoformat()} {what}").hexdigest()[:32]


def feedback_record(
    *,
    entry: Entry,
    visitor: str,
    network: str,
    helped: bool,
    today: datetime.date,
    reason: FeedbackReason | None = None,
    comment: str = "",
) -> Feedback | None:
    """Whether the answer helped. One a visitor, entry and day, a second one replaces the first; None, and nothing
    kept, when the network has said enough about this entry today. ``visitor`` and ``network`` come from day_hash."""
    said = Feedback.objects.filter(entry=entry, day=today, network=network).exclude(visitor=visitor)
    if said.count() >= MOST_OF_A_NETWORK:
        return None
    values = {
        "network": network,
        "helped": helped,
        "reason": "" if helped or reason is None else reason,
        "comment": masked(comment),
    }
    feedback, _ = Feedback.objects.update_or_create(entry=entry, day=today, visitor=visitor, defaults=values)
    return feedback


def question_record(
    *,
    text: str,
    settled: bool,
    today: datetime.date,
    visitor: str = "",
    asked_by: AskedBy = AskedBy.WEB,
    tag: str = "",
) -> AskedQuestion | None:
    """Keep a question that was asked, masked. The same visitor's same question counts once a day. From the telephone
    or an inquiry it comes with a tag and without a visitor. None for an empty question."""
    folded = same_question(text)
    if not folded:
        return None
    asked = AskedQuestion(
        text=masked(text), folded=folded, settled=settled, day=today, visitor=visitor, asked_by=asked_by, tag=tag
    )
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError:
        return AskedQuestion.objects.get(day=today, visitor=visitor, folded=folded, asked_by=AskedBy.WEB)
    return asked


def question_opened(*, text: str, entry: Entry, visitor: str, today: datetime.date) -> bool:
    """Which answer a visitor opened after asking; False when that question is not known."""
    asked = AskedQuestion.objects.filter(
        day=today, visitor=visitor, folded=same_question(text), asked_by=AskedBy.WEB, opened=None
    )
    return bool(asked.update(opened=entry))


def questions_forget(*, today: datetime.date) -> int:
    """Delete questions older than they may be kept; the number deleted. Running twice deletes nothing more."""
    deleted, _ = AskedQuestion.objects.filter(day__lt=forget_before(today)).delete()
    return deleted
