"""Letters: printed in batches with a log, printed again, returned by the post."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from notices.enums import Channel, State
from notices.models import Bounce, Delivery, PrintLog, PrintRun
from notices.services.bouncing import bounce_record

# So many letters are printed, and rendered, in one go.
BATCH = 100


@transaction.atomic
def letters_print(*, today: date, acting: Acting) -> PrintRun | None:
    """Take the letters that wait, at most BATCH, the oldest first, as one print run: handed over to the post.
    Two clerks at once never get the same letter. None when none waits."""
    waiting = Delivery.objects.filter(state=State.QUEUED, channel=Channel.LETTER).order_by("pk")
    ids = list(waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:BATCH])
    if not ids:
        return None
    run = PrintRun.objects.create(made_on=today, made_at=clock.now(), made_by_id=_person(acting), count=len(ids))
    Delivery.objects.filter(pk__in=ids).update(
        state=State.HANDED_OVER, handed_over_at=run.made_at, tried_at=timezone.now(), tries=1, print_run=run
    )
    _log(run, None, len(ids), acting)
    return run


@transaction.atomic
def letters_again(*, run_id: int, acting: Acting) -> PrintRun:
    """A run once more (the printer jammed): the same letters, with a line in the log."""
    run = PrintRun.objects.get(pk=run_id)
    _log(run, None, run.count, acting)
    return run


@transaction.atomic
def letter_again(*, delivery_id: int, acting: Acting) -> Delivery:
    """One letter once more, to the address that the office has now; one that had come back is handed over
    again and its task is settled. Raises Delivery.DoesNotExist for what was never printed."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("notice__office")
    letter = rows.get(pk=delivery_id, print_run__isnull=False)
    _readdress(letter)
    if letter.state == State.BOUNCED:
        letter.state, letter.ended_at, letter.handed_over_at = State.HANDED_OVER, None, clock.now()
        letter.tries += 1
        letter.save(update_fields=["state", "ended_at", "handed_over_at", "tries"])
        Bounce.objects.filter(delivery=letter, settled_at=None).update(
            settled_at=clock.now(), settled_by_id=acting.user_id, settled_reason="もう一度刷って出した"
        )
    assert letter.print_run is not None
    _log(letter.print_run, letter, 1, acting)
    return letter


def _readdress(letter: Delivery) -> None:
    office, notice = letter.notice.office, letter.notice
    if office is not None:
        address = f"{office.address}\n{office.building}".strip()
        notice.postal = {"addressee": office.name, "postal_code": office.postal_code, "address": address}
        notice.save(update_fields=["postal"])


def letter_returned(*, delivery_id: int, acting: Acting) -> Bounce | None:
    """The post brought a letter back; `acting.reason` is what stands on it. Twice changes nothing (None)."""
    text = acting.reason.strip() or "郵便で戻った"
    return bounce_record(delivery_id=delivery_id, status="", text=text, by_id=_person(acting))


def _log(run: PrintRun, letter: Delivery | None, count: int, acting: Acting) -> None:
    PrintLog.objects.create(
        run=run, letter=letter, count=count, by_id=_person(acting), at=clock.now(), reason=acting.reason[:200]
    )


def _person(acting: Acting) -> int:
    assert acting.user_id is not None, "only a person handles letters"
    return acting.user_id
