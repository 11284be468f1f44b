"""What the night tells offices about their licences: queued in chunks, each notice once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction

from campaigns.notifications.licences import licence_notice
from campaigns.queries import mine
from campaigns.queries.noticing import notice_addresses, offices_by_id, offices_to_tell, recorded_days
from campaigns.rules.noticing import KINDS, is_told, notices_due
from notices.queries import lead_days, told_already
from notices.rules import Outgoing
from notices.services import notices_queue

CHUNK = 1000


def licence_notices_queue(*, today: date) -> int:
    """Queue what is due on `today` and was not told: renewal months, reminders, renewals, ends; returns how many.

    A dozen queries a chunk, whatever it holds. Killed at any point, the next run queues what is left; a second
    run finds nothing; a licence whose record is set aside waits until it is mended.
    """
    leads = lead_days(today)
    ids = offices_to_tell(leads, today, settings.NOTICE_DAYS)
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return sum(_chunk(chunk, leads, today) for chunk in chunks)


@transaction.atomic
def _chunk(office_ids: Sequence[int], leads: tuple[int, ...], today: date) -> int:
    outgoing = list(_outgoing(office_ids, leads, today))
    return notices_queue(outgoing=outgoing, today=today)


def _outgoing(office_ids: Sequence[int], leads: tuple[int, ...], today: date) -> Iterator[Outgoing]:
    told: dict[int | None, set[tuple[str, str]]] = defaultdict(set)
    for kind, office_id, subject in told_already(office_ids, KINDS):
        told[office_id].add((kind, subject))
    addresses, recorded = notice_addresses(office_ids, today), recorded_days(office_ids)
    for one in mine(offices_by_id(office_ids), today, outlook=1):
        plan = one.answer.standing.plan
        if plan is None or one.matter is None:
            continue
        for due in notices_due(plan, leads, today, settings.NOTICE_DAYS):
            if not is_told(due, told[one.office.pk]):
                to, recorded_on = addresses.get(one.office.pk, ()), recorded.get(one.office.pk)
                yield licence_notice(due, one, to=to, leads=leads, recorded_on=recorded_on)
