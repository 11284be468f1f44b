"""Entries as pages and editors read them."""

from __future__ import annotations

import datetime
from dataclasses import fields
from typing import Any

from django.db.models import Q, QuerySet

from careplan_portal.lib.prepared import prepared
from faq.enums import State
from faq.models import Entry
from faq.rules.content import Content


def visible_entries(*, staff: bool) -> QuerySet[Entry]:
    """What may be read: everything published, for visitors without what is for the helpdesk alone."""
    shown = Entry.objects.published() if staff else Entry.objects.for_visitors()
    return shown.select_related("topic").order_by("topic__position", "position")


_one = prepared(lambda slug: visible_entries(staff=False).filter(slug=slug))
_one_for_staff = prepared(lambda slug: visible_entries(staff=True).filter(slug=slug))
_some = prepared(lambda slugs: visible_entries(staff=False).filter(slug__any=slugs))
_some_for_staff = prepared(lambda slugs: visible_entries(staff=True).filter(slug__any=slugs))


def entry_for(slug: str, *, staff: bool) -> Entry:
    """The published entry at an address; raises Entry.DoesNotExist."""
    found = (_one_for_staff if staff else _one).first(slug)
    if found is None:
        raise Entry.DoesNotExist(slug)
    return found


def related_entries(entry: Entry, *, staff: bool) -> list[Entry]:
    """Its related entries that may be read, in the order in which it names them."""
    if not entry.related:
        return []
    found = {other.slug: other for other in (_some_for_staff if staff else _some).all(list(entry.related))}
    return [found[slug] for slug in entry.related if slug in found]


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
