"""What was said with whom: the contact log, calls under way, what to come back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from careplan_portal.lib.prepared import prepared
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


def has_consent(call: ContactLog) -> bool:
    """Whether the caller agreed that one acts for them: when they were proved, or at an act of this call."""
    return call.consent or call.lines.filter(kind=ContactKind.ACT, consent=True).exists()


def calls_begun(user_id: Any, since: Any) -> QuerySet[ContactLog]:
    """Calls that this person began at `since` or later and has not ended."""
    ended = ContactLog.objects.filter(kind=ContactKind.CALL_ENDED, call=OuterRef("pk"))
    began = ContactLog.objects.filter(by_id=user_id, kind=ContactKind.CALL_BEGAN, at__gte=since)
    return began.exclude(Exists(ended))


_began = prepared(lambda user_id, since: calls_begun(user_id, since).select_related("office").order_by("at", "pk"))


def holds_since(now: datetime) -> datetime:
    """When a call that still holds at `now` began at the earliest (inclusive)."""
    return now - caller.VALID_FOR


def open_calls(user_id: int, now: datetime) -> list[ContactLog]:
    """Every call of this person that is proved, not ended and still holds, the latest first; one an office."""
    rows = _began.all(user_id, holds_since(now))
    by_office = {row.office_id: row for row in rows if caller.still_holds(row.at, now)}
    return sorted(by_office.values(), key=lambda row: row.at, reverse=True)


def follow_ups(until: date | None, *, by: int | None = None) -> QuerySet[ContactLog]:
    """What somebody has to come back to and nobody has yet, the oldest first: by `until` (inclusive), or
    whenever for None; `by`: only what this person promised."""
    done = ContactLog.objects.filter(kind=ContactKind.FOLLOWED_UP, about=OuterRef("pk"))
    promised = ContactLog.objects.filter(follow_up_on__isnull=False)
    if until is not None:
        promised = promised.filter(follow_up_on__lte=until)
    if by is not None:
        promised = promised.filter(by_id=by)
    return promised.exclude(Exists(done)).select_related("office", "by").order_by("follow_up_on", "pk")


def promised_to(office_id: Any) -> QuerySet[ContactLog]:
    """What somebody said they would come back to at an office and nobody has yet, the oldest first; without stops to
    be confirmed by letter, which are told apart."""
    return follow_ups(None).filter(office_id=office_id).exclude(kind=ContactKind.LETTER_NEEDED)


def contacts_between(first: date, last: date, *, topic: str = "", by: int | None = None) -> QuerySet[ContactLog]:
    """The log of all offices over some days, both inclusive, the latest first; without the rows that only say
    that a call ended or a promise was kept."""
    found = ContactLog.objects.filter(recorded_on__range=(first, last)).exclude(
        kind__in=[ContactKind.CALL_ENDED, ContactKind.FOLLOWED_UP]
    )
    if topic:
        found = found.filter(topics__contains=[topic])
    if by is not None:
        found = found.filter(by_id=by)
    return found.select_related("office", "by", "call").order_by("-recorded_on", "-pk")


def letters_needed(office_id: Any) -> QuerySet[ContactLog]:
    """Stops of an office that could not be confirmed by mail and wait for a letter."""
    done = ContactLog.objects.filter(kind=ContactKind.FOLLOWED_UP, about=OuterRef("pk"))
    return ContactLog.objects.filter(office_id=office_id, kind=ContactKind.LETTER_NEEDED).exclude(Exists(done))


def unanswered(rows: Sequence[ContactLog]) -> set[int]:
    """Of some rows of the log, those with a day to come back on which nobody has."""
    waiting = {row.pk for row in rows if row.follow_up_on}
    if not waiting:
        return set()
    done = ContactLog.objects.filter(kind=ContactKind.FOLLOWED_UP, about__in=waiting)
    return waiting - set(done.values_list("about_id", flat=True))
