"""The queue of inquiries, one inquiry, and what can be counted of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from faq.models import Entry
from helpdesk.enums import InquiryState, Topic
from helpdesk.models import ClosingDay, ContactLog, Inquiry, InquiryEvent, InquiryMessage, Solved
from helpdesk.rules.hours import Left, time_left


def closing_days(first: date | None = None) -> frozenset[date]:
    """The helpdesk's own closing days, from `first` on (all when None)."""
    days = ClosingDay.objects.filter(withdrawn_at=None)
    if first is not None:
        days = days.filter(day__gte=first)
    return frozenset(days.values_list("day", flat=True))


def closing_rows(first: date) -> QuerySet[ClosingDay]:
    """Own closing days from `first` on that were not taken back, in order."""
    return ClosingDay.objects.filter(withdrawn_at=None, day__gte=first).select_related("by").order_by("day")


def queue(*, mine: int | None = None, topic: str = "", state: str = "") -> QuerySet[Inquiry]:
    """What waits for an answer, the nearest due first; `mine`: only what this person has taken; `state`: only
    what waits for somebody, is taken, or was passed on (InquiryState; any other text means all)."""
    waiting = Inquiry.objects.open().select_related("taken_by", "office").order_by("due_at", "pk")
    if mine is not None:
        waiting = waiting.filter(taken_by_id=mine)
    waiting = waiting.filter(topic=topic) if topic else waiting
    return waiting.filter(**_OPEN_STATES.get(state, {}))


# The SQL twin of Inquiry.state for those that are open.
_OPEN_STATES: Mapping[str, Mapping[str, Any]] = {
    InquiryState.WAITING: {"taken_by__isnull": True, "passed_at__isnull": True},
    InquiryState.TAKEN: {"taken_by__isnull": False, "passed_at__isnull": True},
    InquiryState.PASSED_ON: {"passed_at__isnull": False},
}


def waiting_count() -> int:
    """How many inquiries are open, taken or not."""
    return Inquiry.objects.open().count()


def done(limit: int = 50) -> QuerySet[Inquiry]:
    """The latest that are no longer open."""
    ended = Q(answered_at__isnull=False) | Q(closed_at__isnull=False) | Q(merged_into__isnull=False)
    return Inquiry.objects.filter(ended).select_related("taken_by", "office").order_by("-received_at")[:limit]


def inquiries_of(sender_id: int) -> QuerySet[Inquiry]:
    """What this person sent while signed in, the newest first, with what was written either way."""
    sent = Inquiry.objects.filter(sender_id=sender_id).order_by("-received_at", "-pk")
    return sent.select_related("office").prefetch_related("messages")


def inquiry_by_number(number: str) -> Inquiry:
    """Raises Inquiry.DoesNotExist."""
    return Inquiry.objects.select_related("taken_by", "office__municipality", "merged_into").get(number=number)


def messages_of(inquiry: Inquiry) -> QuerySet[InquiryMessage]:
    """What was written, the first first; with what was merged into it."""
    return (
        InquiryMessage.objects.filter(Q(inquiry=inquiry) | Q(inquiry__merged_into=inquiry))
        .select_related("by", "inquiry")
        .order_by("at", "pk")
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A message with the questions of the entries that it used."""

    message: InquiryMessage
    questions: Sequence[str]


def messages_told(inquiry: Inquiry) -> list[Told]:
    """The messages, each with its entries' questions; an entry that is gone with its address."""
    messages = list(messages_of(inquiry))
    slugs = {slug for message in messages for slug in message.entries}
    asked = dict(Entry.objects.filter(slug__in=slugs).values_list("slug", "question")) if slugs else {}
    return [Told(message, [asked.get(slug, slug) for slug in message.entries]) for message in messages]


def events_of(inquiry: Inquiry) -> QuerySet[InquiryEvent]:
    """What happened to the inquiry, the first first."""
    return InquiryEvent.objects.filter(inquiry=inquiry).select_related("by").order_by("at", "pk")


def others_of(inquiry: Inquiry) -> QuerySet[Inquiry]:
    """Open inquiries of the same sender or office: what it may be merged into."""
    same = Q(email__iexact=inquiry.email)
    if inquiry.office_id:
        same |= Q(office_id=inquiry.office_id)
    return Inquiry.objects.open().filter(same).exclude(pk=inquiry.pk).order_by("received_at")[:10]


def left_of(inquiry: Inquiry, now: datetime, closed: frozenset[date]) -> Left:
    """How long until an inquiry is due, or since."""
    return time_left(now, inquiry.due_at, closed)


# statistics ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic over some days: what came in by form and by telephone, and how it was answered."""

    topic: str
    inquiries: int
    answered: int
    in_time: int
    contacts: int


@dataclass(frozen=True, slots=True)
class DayLine:
    day: date
    inquiries: int
    contacts: int
    solved: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """`solved` left the form because an entry answered them (`solved_by`: by its question); `open` still waits today."""

    first: date
    last: date
    topics: Sequence[TopicLine]
    days: Sequence[DayLine]
    solved: int
    solved_by: Sequence[tuple[str, int]]
    open: int

    @property
    def inquiries(self) -> int:
        return sum(line.inquiries for line in self.topics)

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.topics)

    @property
    def in_time(self) -> int:
        return sum(line.in_time for line in self.topics)

    @property
    def solved_share(self) -> float | None:
        """Of all who came to the form, those who left it for an entry; None when nobody came."""
        came = self.inquiries + self.solved
        return self.solved / came if came else None


def statistics(first: date, last: date) -> Statistics:
    """Figures of the days from `first` to `last`, both inclusive."""
    came = Inquiry.objects.filter(received_on__range=(first, last))
    contacts = ContactLog.objects.filter(recorded_on__range=(first, last), kind__in=["note", "act"])
    left = Solved.objects.filter(on__range=(first, last))
    by_slug = list(left.values_list("slug").annotate(n=Count("pk")).order_by("-n", "slug")[:10])
    asked = dict(Entry.objects.filter(slug__in=[slug for slug, _ in by_slug]).values_list("slug", "question"))
    return Statistics(
        first,
        last,
        _topics(came, contacts),
        _days(came, contacts, left),
        left.count(),
        [(asked.get(slug, slug), count) for slug, count in by_slug],
        waiting_count(),
    )


def _topics(came: QuerySet[Inquiry], contacts: QuerySet[ContactLog]) -> list[TopicLine]:
    counted = came.values("topic").annotate(
        inquiries=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        in_time=Count("pk", filter=Q(answered_at__lte=F("due_at"))),
    )
    by_topic: Mapping[str, Mapping[str, Any]] = {row["topic"]: row for row in counted}
    spoken = Counter(topic for topics in contacts.values_list("topics", flat=True) for topic in topics)
    nothing = {"inquiries": 0, "answered": 0, "in_time": 0}
    lines = []
    for topic in Topic:
        row = by_topic.get(topic, nothing)
        line = TopicLine(str(topic.label), row["inquiries"], row["answered"], row["in_time"], spoken[topic])
        if line.inquiries or line.contacts:
            lines.append(line)
    return sorted(lines, key=lambda line: -(line.inquiries + line.contacts))


def _days(came: QuerySet[Inquiry], contacts: QuerySet[ContactLog], left: QuerySet[Solved]) -> list[DayLine]:
    inquiries = dict(came.values_list("received_on").annotate(n=Count("pk")).order_by())
    spoken = dict(contacts.values_list("recorded_on").annotate(n=Count("pk")).order_by())
    solved = dict(left.values_list("on").annotate(n=Count("pk")).order_by())
    days = sorted({*inquiries, *spoken, *solved}, reverse=True)
    return [DayLine(day, inquiries.get(day, 0), spoken.get(day, 0), solved.get(day, 0)) for day in days]
