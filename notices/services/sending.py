"""Out of the outbox: mails to the mail server, each once, throttled, again with back-off.

A worker claims one mail at a time with a conditional UPDATE, so two never have the same, and only the mail in
flight is in doubt when a worker is killed. That one is looked for among the copies (MAIL_COPIES): a copy goes
out in the same SMTP transaction, so the server took both or neither. Only without copies it is sent again, under
the Message-ID that it had (docs/adr/0022).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.jobs import enqueue_on_commit
from careplan_portal.lib.mail import Answer, InDoubt, MailServer, ServerAway, mail_server
from notices.enums import Channel, State
from notices.models import Delivery, Notice, NoticeFile, draw_key
from notices.notifications import mail_of, return_address
from notices.rules import wait_after
from notices.services.bouncing import bounce_close, bounce_record
from notices.services.copies import copies_found
from notices.services.queueing import SEND, letter_instead

log = structlog.get_logger(__name__)

# The throttle is looked at again after so many mails.
STRETCH = 50
MINUTE = timedelta(minutes=1)

CLAIM_SQL = """
UPDATE notices_delivery SET claimed_at = %(now)s, tried_at = %(now)s WHERE id = (
  SELECT id FROM notices_delivery
  WHERE state = 'queued' AND channel = 'mail' AND claimed_at IS NULL AND next_try_at <= %(now)s
  ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def outbox_send(*, seconds: float = 240.0) -> dict[str, int]:
    """Hand over what waits, as fast as the throttle allows, for at most `seconds`; returns how many by state.

    Safe to run twice and at once: every mail is claimed. When no server answers, all stays as it is.
    """
    done: Counter[str] = Counter()
    ends_at = timezone.now() + timedelta(seconds=seconds)
    doubts_resolve(now=timezone.now())
    if not _waiting(timezone.now()):
        return dict(done)
    try:
        with mail_server() as server:
            while timezone.now() < ends_at and _stretch(server, done):
                pass
    except ServerAway as away:
        log.warning("mail_server_away", why=str(away))
    except InDoubt as doubt:
        log.warning("mail_in_doubt", why=str(doubt))
    return dict(done)


def _waiting(now: datetime) -> bool:
    return bool(_queued().filter(claimed_at=None, next_try_at__lte=now).exists())


def _queued() -> Any:
    return Delivery.objects.filter(state=State.QUEUED, channel=Channel.MAIL)


def _stretch(server: MailServer, done: Counter[str]) -> bool:
    """Some mails, as many as may go within this minute; False when none is left or may go."""
    for _ in range(min(STRETCH, _allowed(timezone.now()))):
        delivery_id = _claim(timezone.now())
        if delivery_id is None:
            return False
        done[_hand_over(server, delivery_id)] += 1
    return _allowed(timezone.now()) > 0


def _allowed(now: datetime) -> int:
    """How many more may go within this minute, whatever number of workers there is."""
    gone = Delivery.objects.filter(channel=Channel.MAIL, tried_at__gt=now - MINUTE).count()
    return max(settings.MAILS_PER_MINUTE - gone, 0)


def _claim(now: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"now": now})
        row = cursor.fetchone()
    return row[0] if row else None


def _hand_over(server: MailServer, delivery_id: int) -> str:
    """One claimed mail. A server that is away leaves it to the next; one that cannot even be built costs
    only itself."""
    delivery = Delivery.objects.select_related("notice__office", "notice__file").get(pk=delivery_id)
    try:
        message = mail_of(delivery)
    except Exception as bad:
        log.exception("mail_not_built", delivery=delivery_id)
        return _given_up(delivery, f"{type(bad).__name__}: {bad}")
    try:
        answer = server.send(
            message, to=delivery.address, sender=return_address(delivery), copy_to=settings.MAIL_COPY_ADDRESS
        )
    except ServerAway:
        _released(delivery)
        raise
    if answer.taken:
        return _taken(delivery)
    return _failed(delivery, answer)


@transaction.atomic
def _taken(delivery: Delivery) -> str:
    handed = _mine(delivery).update(
        state=State.HANDED_OVER, claimed_at=None, handed_over_at=clock.now(), answer="", tries=delivery.tries + 1
    )
    if handed:
        _forget(delivery.notice)
    return State.HANDED_OVER


def _mine(delivery: Delivery) -> Any:
    """The row while this worker's claim on it still holds."""
    return Delivery.objects.filter(pk=delivery.pk, claimed_at=delivery.claimed_at, state=State.QUEUED)


def _released(delivery: Delivery) -> None:
    _mine(delivery).update(claimed_at=None)


@transaction.atomic
def _failed(delivery: Delivery, answer: Answer) -> str:
    """An address refused for good has bounced; anything else is tried again, at most MAIL_TRIES times."""
    now, tries = timezone.now(), delivery.tries + 1
    held = _mine(delivery).select_for_update().first()
    if held is None:
        return State.QUEUED
    held.claimed_at, held.tries, held.answer = None, tries, answer.text[:300]
    if answer.permanent and answer.about_address:
        held.save(update_fields=["claimed_at", "tries", "answer"])
        bounce_record(delivery_id=held.pk, status="", text=answer.text, by_server=True)
        _forget(delivery.notice)
        return State.BOUNCED
    if tries >= settings.MAIL_TRIES:
        return _given_up(delivery, answer.text)
    held.next_try_at = now + wait_after(tries)
    held.save(update_fields=["claimed_at", "tries", "answer", "next_try_at"])
    return State.QUEUED


@transaction.atomic
def _given_up(delivery: Delivery, why: str) -> str:
    """No more tries; a letter goes instead where that helps."""
    now = timezone.now()
    ended = _mine(delivery).update(
        state=State.GIVEN_UP, claimed_at=None, ended_at=now, answer=why[:300], tries=delivery.tries + 1
    )
    if ended:
        letter_instead(delivery, now)
        _forget(delivery.notice)
    return State.GIVEN_UP


def _forget(notice: Notice) -> None:
    """Once nothing of it waits any more, the paper goes, and what must not be kept is erased."""
    file = NoticeFile.objects.filter(notice=notice)
    if not (notice.secret or getattr(notice, "file", None)) or notice.deliveries.filter(state=State.QUEUED).exists():
        return
    file.delete()
    if notice.secret:
        Notice.objects.filter(pk=notice.pk).update(content={"text": "（送ったあとに消しました）"})


@transaction.atomic
def doubts_resolve(*, now: datetime) -> int:
    """Mails whose worker died while it spoke to the server: those with a copy were handed over, the others
    go again; returns how many there were."""
    since = now - timedelta(seconds=settings.MAIL_CLAIM_SECONDS)
    doubtful = list(
        Delivery.objects.filter(claimed_at__lt=since)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("notice")
    )
    if not doubtful:
        return 0
    try:
        found = copies_found({one.key for one in doubtful}, min(one.claimed_at for one in doubtful if one.claimed_at))
    except OSError:
        # Better late than twice: they wait until the mailbox can be read, and nothing else waits for them.
        log.exception("mail_copies_unreadable", place=settings.MAIL_COPIES)
        return 0
    for one in doubtful:
        if one.key in found:
            _taken(one)
        else:
            _released(one)
        log.warning("mail_in_doubt_resolved", delivery=one.pk, copy_found=one.key in found, by=settings.MAIL_COPIES)
    return len(doubtful)


@transaction.atomic
def delivery_again(*, delivery_id: int, acting: Acting) -> bool:
    """A mail that came back or was given up goes out once more, under a new key; False when it waits or went
    already. For whoever has settled what was wrong with the address: who sent it again stands on its bounce."""
    ended = Delivery.objects.select_for_update(of=("self",)).filter(
        pk=delivery_id, channel=Channel.MAIL, state__in=[State.BOUNCED, State.GIVEN_UP], notice__secret=False
    )
    delivery = ended.first()
    if delivery is None:
        return False
    bounce_close(delivery, acting)
    delivery.state, delivery.key, delivery.tries = State.QUEUED, draw_key(), 0
    delivery.next_try_at, delivery.ended_at, delivery.handed_over_at, delivery.answer = timezone.now(), None, None, ""
    delivery.save(update_fields=["state", "key", "tries", "next_try_at", "ended_at", "handed_over_at", "answer"])
    enqueue_on_commit(SEND)
    return True
