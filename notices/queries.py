"""Everything that is read of the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from careplan_portal.lib import clock
from careplan_portal.lib.prepared import prepared
from notices.enums import Channel, State
from notices.models import Bounce, Delivery, LeadTimes, Notice, PrintLog, PrintRun

FIRST_LEADS = (60, 30, 7)


def lead_days(today: date) -> tuple[int, ...]:
    """How many days before a term's last day people are told, as decided for `today`; the longest first."""
    row = LeadTimes.objects.filter(starts_on__lte=today).first()
    return tuple(sorted(row.days if row else FIRST_LEADS, reverse=True))


def lead_times() -> QuerySet[LeadTimes]:
    """Every decision, the latest first."""
    return LeadTimes.objects.select_related("by")


def notices_of_office(office_id: int) -> QuerySet[Notice]:
    """What an office was told, for its members, the latest first."""
    return Notice.objects.filter(office_id=office_id, in_portal=True).prefetch_related("deliveries")


newest_notices = prepared(lambda office_id: Notice.objects.filter(office_id=office_id, in_portal=True)[:3])


def told_already(office_ids: Iterable[int], kinds: Iterable[str]) -> set[tuple[str, int | None, str]]:
    """(kind, office, subject) of what these offices were told of these kinds. One query."""
    found = Notice.objects.filter(office_id__in=list(office_ids), kind__in=list(kinds))
    return set(found.values_list("kind", "office_id", "subject"))


def was_told(kind: str, subject: str) -> bool:
    """Whether a notice of the kind about the subject is in the outbox, whatever became of it."""
    return Notice.objects.filter(kind=kind, subject=subject).exists()


def bounces_open() -> QuerySet[Bounce]:
    """What came back and nobody has settled, the oldest first: tasks of the helpdesk."""
    rows = Bounce.objects.filter(settled_at=None).select_related("delivery__notice__office")
    return rows.order_by("at", "pk")


def bounces_of_office(office_id: Any) -> QuerySet[Bounce]:
    """Open bounces of an office's notices and of its people's addresses, the latest first; an address may come twice."""
    return Bounce.objects.filter(settled_at=None, delivery__notice__office_id=office_id).order_by("-at", "-pk")


def unreachable(addresses: Iterable[str]) -> set[str]:
    """Of these addresses those from which something came back that nobody has settled."""
    wanted = {address.lower() for address in addresses}
    return set(Bounce.objects.filter(settled_at=None, address__in=wanted).values_list("address", flat=True))


def letters_waiting() -> QuerySet[Delivery]:
    """Letters to be printed, the oldest first."""
    rows = Delivery.objects.filter(state=State.QUEUED, channel=Channel.LETTER)
    return rows.select_related("notice__office").order_by("pk")


def letters_of(run: PrintRun) -> QuerySet[Delivery]:
    """The letters of a print run in the order of their pages."""
    return run.letters.select_related("notice__office").order_by("pk")


def print_runs() -> QuerySet[PrintRun]:
    """Print runs, the latest first, with how often each was printed and how many letters came back."""
    returned = Count("letters", filter=Q(letters__state=State.BOUNCED), distinct=True)
    runs = PrintRun.objects.select_related("made_by").annotate(printed=Count("log", distinct=True), returned=returned)
    return runs.order_by("-pk")  # counting groups the rows, and a grouped query forgets the model's order


def print_log(run: PrintRun) -> QuerySet[PrintLog]:
    """Each printing of the run or of one of its letters, the latest first."""
    return run.log.select_related("by", "letter__notice__office")


def undeliverable() -> QuerySet[Delivery]:
    """What could not be handed over at all and for which no other way was found, the latest first."""
    other = Delivery.objects.filter(notice=OuterRef("notice"), state__in=[State.QUEUED, State.HANDED_OVER])
    rows = Delivery.objects.filter(state=State.GIVEN_UP).exclude(Exists(other))
    return rows.select_related("notice__office").order_by("-ended_at", "-pk")


def trying() -> QuerySet[Delivery]:
    """Mails that were refused for now and are tried again, those tried most often first."""
    rows = Delivery.objects.filter(state=State.QUEUED, channel=Channel.MAIL, tries__gt=0)
    return rows.select_related("notice__office").order_by("-tries", "next_try_at")


def outbox_counts(days: int = 30) -> dict[str, dict[str, int]]:
    """Deliveries by channel and state: what waits, and what became of the rest in the last `days`."""
    # Mails are handed over at the wall's time, letters on the business day, which in a demo is another one.
    since = min(timezone.now(), clock.now()) - timedelta(days=days)
    recent = Q(state=State.QUEUED) | Q(handed_over_at__gte=since) | Q(ended_at__gte=since)
    rows = Delivery.objects.filter(recent).order_by().values_list("channel", "state").annotate(count=Count("pk"))
    counts = {channel: dict.fromkeys(State.values, 0) for channel in Channel.values}
    for channel, state, count in rows:
        counts[channel][state] = count
    return counts
