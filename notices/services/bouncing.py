"""What comes back: a bounce opens a task for the helpdesk and sends a letter where no mail is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import structlog
from django.db import transaction
from django.utils import timezone

from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from notices.enums import Channel, State
from notices.models import Bounce, Delivery
from notices.rules.returned import read_returned
from notices.services.queueing import letter_instead

log = structlog.get_logger(__name__)


@transaction.atomic
def bounce_record(
    *, delivery_id: int, status: str, text: str, by_server: bool = False, by_id: int | None = None
) -> Bounce | None:
    """Something came back: the delivery is 戻った, its open bounce is the helpdesk's task, and a letter goes
    out when no mail of the notice is left. Twice for one delivery changes nothing (None).

    `by_server`: the mail server refused the address at once; else a mail that was handed over came back. `by_id`: the
    person who says so, of a letter that the post brought.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("notice").get(pk=delivery_id)
    if delivery.state == State.BOUNCED or (delivery.state != State.HANDED_OVER and not by_server):
        return None
    now = timezone.now()
    delivery.state, delivery.ended_at, delivery.claimed_at, delivery.answer = State.BOUNCED, now, None, text[:300]
    delivery.save(update_fields=["state", "ended_at", "claimed_at", "answer"])
    if delivery.channel == Channel.MAIL:
        letter_instead(delivery, now)
    log.warning("notice_bounced", delivery=delivery.pk, status=status)
    # Sent again while its task was open, it can come back again: the task then tells of the last time.
    bounce, _ = Bounce.objects.update_or_create(
        delivery=delivery,
        settled_at=None,
        defaults={
            "address": delivery.address or _postal(delivery),
            "status": status,
            "text": text[:300],
            "on": clock.today(),
            "at": clock.now(),
            "recorded_by_id": by_id,
        },
    )
    return bounce


def bounce_close(delivery: Delivery, acting: Acting) -> None:
    """Settle what stands open about a delivery that goes out again, by whom and why; a mail that was given up, which
    nobody sent back, gets a settled line of its own. A line that was settled before stays as it is."""
    settled = {
        "settled_at": clock.now(), "settled_by_id": acting.user_id, "settled_reason": acting.reason.strip()[:200],
    }  # fmt: skip
    if delivery.bounces.filter(settled_at=None).update(**settled) or delivery.state == State.BOUNCED:
        return
    delivery.bounces.create(
        address=delivery.address, text=delivery.answer, on=clock.today(), at=clock.now(),
        recorded_by_id=acting.user_id, **settled,
    )  # fmt: skip


def _postal(delivery: Delivery) -> str:
    to = delivery.notice.letter_to
    return f"{to.addressee}　{' '.join(to.address.split())}"[:254] if to else ""


@transaction.atomic
def bounce_settle(*, bounce_id: int, acting: Acting) -> Bounce:
    """Somebody has seen to it; `acting.reason` says what they did. Its address counts as reachable again.
    Settling twice keeps the first. Raises ValueError without a reason."""
    if not acting.reason.strip():
        raise ValueError("a bounce is settled with a reason")
    bounce = Bounce.objects.select_for_update(of=("self",)).get(pk=bounce_id)
    if bounce.settled_at is None:
        bounce.settled_at, bounce.settled_by_id = clock.now(), acting.user_id
        bounce.settled_reason = acting.reason.strip()[:200]
        bounce.save(update_fields=["settled_at", "settled_by", "settled_reason"])
    return bounce


def returned_read(*, mails: Iterable[bytes]) -> dict[str, int]:
    """Read mails that came back; returns how many were `bounced` (new), `known` (told before), `delayed` or
    only answered (`other`), and of `unknown` mails. Reading one twice changes nothing."""
    counts: Counter[str] = Counter({"bounced": 0, "known": 0, "other": 0, "unknown": 0})
    for raw in mails:
        counts[_one(raw)] += 1
    return dict(counts)


def _one(raw: bytes) -> str:
    said = read_returned(raw)
    found = Delivery.objects.filter(key__in=said.keys).values_list("pk", flat=True)
    delivery_id = found.first()
    if delivery_id is None:
        return "unknown"
    if not said.failed:
        return "other"
    return "bounced" if bounce_record(delivery_id=delivery_id, status=said.status, text=said.text) else "known"
