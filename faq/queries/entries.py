"""Entries as pages and editors read them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q, QuerySet

from faq.enums import State
from faq.models import Entry, Topic
from faq.rules.content import Content


@dataclass(frozen=True, slots=True)
class TopicCount:
    topic: Topic
    entries: int


def visible_entries(*, staff: bool) -> QuerySet[Entry]:
    """What may be read: everything published, for visitors without what is for the helpdesk alone."""
    shown = Entry.objects.published() if staff else Entry.objects.for_visitors()
    return shown.select_related("topic").order_by("topic__position", "position")


def entry_for(slug: str, *, staff: bool) -> Entry:
    """The published entry at an address; raises Entry.DoesNotExist."""
    return visible_entries(staff=staff).get(slug=slug)


def related_entries(entry: Entry, *, staff: bool) -> list[Entry]:
    """Its related entries that may be read, in the order in which it names them."""
    found = {other.slug: other for other in visible_entries(staff=staff).filter(slug__in=entry.related)}
    return [found[slug] for slug in entry.related if slug in found]


def topic_counts(*, staff: bool) -> list[TopicCount]:
    """Topics in their order with how many readable entries each has; empty ones are left out."""
    counts: dict[str, int] = {}
    for key in visible_entries(staff=staff).values_list("topic_id", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return [TopicCount(topic, counts[topic.key]) for topic in Topic.objects.all() if topic.key in counts]


def audience_entries(audience: str, *, staff: bool) -> QuerySet[Entry]:
    """Readable entries written for an audience."""
    return visible_entries(staff=staff).filter(audience__contains=[audience])


def drafts() -> QuerySet[Entry]:
    """Entries that wait for somebody to publish them: new ones, and published ones with a change."""
    waiting = Q(state=State.DRAFT) | Q(draft__isnull=False)
    return Entry.objects.filter(waiting).select_related("topic").order_by("topic__position", "position")


def overdue_entries(today: datetime.date) -> QuerySet[Entry]:
    """Published entries whose day of review has come, the longest overdue first."""
    return Entry.objects.overdue(today).select_related("topic").order_by("review_on", "position")


def content_of(entry: Entry, *, draft: bool = False) -> Content:
    """The entry's content as a value: what is published, or with ``draft`` the change that waits (if any)."""
    if draft and entry.draft is not None:
        return Content.from_json(entry.draft)
    return Content.from_json({field.name: _column(entry, field.name) for field in fields(Content)})


def _column(entry: Entry, name: str) -> Any:
    return entry.topic_id if name == "topic" else getattr(entry, name)
