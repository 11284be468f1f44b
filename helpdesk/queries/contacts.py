"""What was said with whom: the contact log, calls under way, what to come back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from helpdesk.enums import ContactKind
from helpdesk.models import ContactLog
from helpdesk.rules import caller


def contacts_of(office_id: int) -> QuerySet[ContactLog]:
    """An office's contact log, the latest first."""
    return ContactLog.objects.filter(office_id=office_id).select_related("by", "call", "inquiry").order_by("-at", "-pk")


def current_call(office_id: int, user_id: int, now: datetime) -> ContactLog | None:
    """The proved call of this person about this office that has not ended and still holds at `now`."""
    ended = ContactLog.objects.filter(kind=ContactKind.CALL_ENDED, call=OuterRef("pk"))
    began = (
        ContactLog.objects.filter(office_id=office_id, by_id=user_id, kind=ContactKind.CALL_BEGAN)
        .exclude(Exists(ended))
        .order_by("-at", "-pk")
        .first()
    )
    return began if began is not None and caller.still_holds(began.at, now) else None


def follow_ups(today: date) -> QuerySet[ContactLog]:
    """What somebody has to come back to by `today` (inclusive) and nobody has yet, the oldest first."""
    done = ContactLog.objects.filter(kind=ContactKind.FOLLOWED_UP, about=OuterRef("pk"))
    return (
        ContactLog.objects.filter(follow_up_on__lte=today)
        .exclude(Exists(done))
        .select_related("office", "by")
        .order_by("follow_up_on", "pk")
    )


def letters_needed(office_id: int) -> int:
    """Stops of an office that could not be confirmed by mail and wait for a letter."""
    done = ContactLog.objects.filter(kind=ContactKind.FOLLOWED_UP, about=OuterRef("pk"))
    return ContactLog.objects.filter(office_id=office_id, kind=ContactKind.LETTER_NEEDED).exclude(Exists(done)).count()


def unanswered(rows: Sequence[ContactLog]) -> set[int]:
    """Of some rows of the log, those with a day to come back on which nobody has."""
    waiting = {row.pk for row in rows if row.follow_up_on}
    if not waiting:
        return set()
    done = ContactLog.objects.filter(kind=ContactKind.FOLLOWED_UP, about__in=waiting)
    return waiting - set(done.values_list("about_id", flat=True))
