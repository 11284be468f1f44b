"""Into the outbox: each notice once, whoever hands it over however often."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import Json

from careplan_portal.lib import clock
from careplan_portal.lib.jobs import enqueue_on_commit
from notices.enums import Channel, State
from notices.models import Delivery, NoticeFile, draw_key
from notices.queries import unreachable
from notices.rules import Outgoing

SEND = "notices.tasks.outbox_send"
NO_WAY = "届けられる宛先がありません。"

# Whoever comes second with the same kind, office and subject finds it there and adds nothing.
NOTICE_SQL = """
INSERT INTO notices_notice (kind, office_id, subject, title, content, postal, in_portal, secret, made_on, made_at)
SELECT n.*, %s, %s FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::jsonb[], %s::bool[],
  %s::bool[]) n
ON CONFLICT DO NOTHING RETURNING id, kind, office_id, subject
"""
DELIVERY_SQL = """
INSERT INTO notices_delivery (notice_id, channel, address, key, state, answer, ended_at, tries, next_try_at)
SELECT d.*, 0, %s FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
  %s::timestamptz[]) d
ON CONFLICT (notice_id, channel, address) DO NOTHING
"""


def notice_queue(*, outgoing: Outgoing, today: date) -> bool:
    """Hand over one finished notice; False when it was there already."""
    return notices_queue(outgoing=[outgoing], today=today) == 1


@transaction.atomic
def notices_queue(*, outgoing: Sequence[Outgoing], today: date) -> int:
    """Hand over finished notices; returns how many were new. Three statements, however many.

    The worker is woken on commit; if that is lost, the beat wakes it within a minute.
    """
    if not outgoing:
        return 0
    made_at, now = clock.now(), timezone.now()
    wanted = {(one.kind, one.office_id, one.subject): one for one in outgoing}
    with connection.cursor() as cursor:
        cursor.execute(NOTICE_SQL, [today, made_at, *_columns([_row(one) for one in wanted.values()], 8)])
        new = [(notice_id, wanted[kind, office, subject]) for notice_id, kind, office, subject in cursor.fetchall()]
        if new:
            cursor.execute(DELIVERY_SQL, [now, *_columns(list(_deliveries(new, now)), 7)])
    files = [(notice_id, one.attachment) for notice_id, one in new if one.attachment is not None]
    NoticeFile.objects.bulk_create(
        NoticeFile(notice_id=notice_id, name=file.name, data=file.data) for notice_id, file in files
    )
    if any(one.to for _, one in new):
        enqueue_on_commit(SEND)
    return len(new)


def _row(one: Outgoing) -> tuple[Any, ...]:
    content = {"text": one.content} if isinstance(one.content, str) else asdict(one.content)
    postal = Json(asdict(one.postal)) if one.postal else None
    return (
        one.kind, one.office_id, one.subject[:60], one.title[:200], Json(content, dumps=_plain), postal,
        one.in_portal, one.secret,
    )  # fmt: skip


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _deliveries(new: Sequence[tuple[int, Outgoing]], now: datetime) -> Iterator[tuple[Any, ...]]:
    """A mail to each address that can be reached; without one a letter; without an address nothing can be
    done, and that is written down."""
    lost = unreachable(address for _, one in new for address in one.to)
    for notice_id, one in new:
        reached = [address for address in dict.fromkeys(map(str.lower, one.to)) if address not in lost]
        for address in reached:
            yield (notice_id, Channel.MAIL, address, draw_key(), State.QUEUED, "", None)
        if not reached and one.postal is not None:
            yield (notice_id, Channel.LETTER, "", draw_key(), *_letter_state(one.postal.is_whole, now))
        elif not reached and one.to:
            # A mail that only makes sense as one, to an address from which something came back.
            yield from ((notice_id, Channel.MAIL, to, draw_key(), State.GIVEN_UP, NO_WAY, now) for to in one.to)


def _letter_state(is_whole: bool, now: datetime) -> tuple[str, str, datetime | None]:
    return (State.QUEUED, "", None) if is_whole else (State.GIVEN_UP, NO_WAY, now)


def letter_instead(delivery: Delivery, now: datetime) -> bool:
    """When no mail of the notice is under way or handed over any more, a letter goes out instead, where the
    notice has an address for one. In the caller's transaction; True when one was queued."""
    notice = delivery.notice
    others = notice.deliveries.exclude(pk=delivery.pk).filter(state__in=[State.QUEUED, State.HANDED_OVER])
    postal = notice.letter_to
    if postal is None or others.exists():
        return False
    state, answer, ended_at = _letter_state(postal.is_whole, now)
    _, is_new = Delivery.objects.get_or_create(
        notice=notice,
        channel=Channel.LETTER,
        address="",
        defaults={"state": state, "answer": answer, "ended_at": ended_at, "next_try_at": now},
    )
    return is_new and state == State.QUEUED


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
