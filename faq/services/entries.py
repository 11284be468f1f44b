"""Writing entries: a draft, then publishing it; every step leaves a revision."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from careplan_portal.lib.acting import Acting
from faq.enums import RevisionKind, State
from faq.models import Entry, Topic
from faq.queries import content_of
from faq.rules.content import Content, ContentError, content_mistakes, next_review
from faq.services.links import dead_ends
from faq.services.record import revision_add, stamp_move


@transaction.atomic
def entry_start(*, slug: str, question: str, topic: str, today: datetime.date, acting: Acting) -> Entry:
    """A new entry with nothing but its question, as a draft that nobody sees. Raises ContentError when the address
    is taken or the topic unknown."""
    if Entry.objects.filter(slug=slug).exists():
        raise ContentError([f"アドレス {slug} は、もう使われています。"])
    if not Topic.objects.filter(key=topic).exists():
        raise ContentError(["話題を選んでください。"])
    entry = Entry(
        slug=slug,
        topic_id=topic,
        position=next_position(),
        question=question[:120],
        audience=["office", "helpdesk"],
        asks=[question],
        as_of=today,
        review_on=next_review(today, "settled"),
        owner="運営事務局",
    )
    entry.full_clean(exclude=["short"])
    entry.save()
    _revise(RevisionKind.DRAFTED, entry, content_of(entry), acting)
    return entry


@transaction.atomic
def draft_save(*, entry: Entry, content: Content, acting: Acting, seen: int | None = None) -> Entry:
    """Keep a change that waits to be published; what is published stays. Unfinished drafts are welcome: what is
    missing is said when publishing. Raises ContentError for an unknown topic or an unknown related entry, and when
    there is a newer revision than the one ``seen`` (its key; None writes over whatever is there)."""
    entry = _locked(entry)
    _guard_seen(entry, seen)
    _check_names(entry, content)
    entry.draft = content.as_json()
    entry.save(update_fields=["draft"])
    _revise(RevisionKind.DRAFTED, entry, content, acting)
    return entry


@transaction.atomic
def entry_publish(*, entry: Entry, acting: Acting, seen: int | None = None) -> Entry:
    """Publish the draft, or a new or withdrawn entry as it stands. Raises ContentError with all that is missing, also
    pages of our own that links lead to, and when there is a newer revision than the one ``seen``."""
    entry = _locked(entry)
    _guard_seen(entry, seen)
    content = content_of(entry, draft=True)
    if mistakes := [*content_mistakes(content), *dead_ends(content)]:
        raise ContentError(mistakes)
    _check_names(entry, content)
    entry_fill(entry, content)
    entry.state = State.PUBLISHED
    entry.draft = None
    entry.save()
    stamp_move()
    _revise(RevisionKind.PUBLISHED, entry, content, acting)
    return entry


@transaction.atomic
def draft_discard(*, entry: Entry, acting: Acting) -> Entry:
    """Throw the waiting change away; nothing happens when there is none."""
    entry = _locked(entry)
    if entry.draft is None:
        return entry
    thrown = content_of(entry, draft=True)
    entry.draft = None
    entry.save(update_fields=["draft"])
    _revise(RevisionKind.DISCARDED, entry, thrown, acting)
    return entry


@transaction.atomic
def entry_withdraw(*, entry: Entry, acting: Acting) -> Entry:
    """Take a published entry away from readers and the search; it can be published again."""
    entry = _locked(entry)
    entry.state = State.WITHDRAWN
    entry.save(update_fields=["state"])
    stamp_move()
    _revise(RevisionKind.WITHDRAWN, entry, content_of(entry), acting)
    return entry


@transaction.atomic
def entry_review(*, entry: Entry, next_on: datetime.date, today: datetime.date, acting: Acting) -> Entry:
    """Somebody has checked that the entry still holds: its day becomes today. Raises ContentError when the next
    day of review is not after today."""
    if next_on <= today:
        raise ContentError(["次に確かめる日は、きょうより後にしてください。"])
    entry = _locked(entry)
    entry.as_of, entry.review_on = today, next_on
    entry.save(update_fields=["as_of", "review_on"])
    stamp_move()
    _revise(RevisionKind.REVIEWED, entry, content_of(entry), acting)
    return entry


def entry_fill(entry: Entry, content: Content) -> None:
    """Put a content into the entry's columns; saves nothing."""
    for name, value in content.as_json().items():
        setattr(entry, "topic_id" if name == "topic" else name, value)
    entry.as_of, entry.review_on = content.as_of, content.review_on


def next_position() -> int:
    """The number that the next new entry gets, the one printed on paper."""
    highest: dict[str, Any] = Entry.objects.aggregate(highest=Max("position"))
    return (highest["highest"] or 0) + 1


def _locked(entry: Entry) -> Entry:
    return Entry.objects.select_for_update().get(pk=entry.pk)


def _guard_seen(entry: Entry, seen: int | None) -> None:
    """Nobody writes over, or publishes, what somebody else wrote meanwhile without having seen it."""
    newest = entry.revisions.select_related("by").order_by("-pk").first()
    if seen is not None and newest is not None and newest.pk != seen:
        raise ContentError(
            [f"{newest.by or 'ほかの人'}さんが先に直しました。「これまでのこと」で違いを確かめてください。"]
        )


def _check_names(entry: Entry, content: Content) -> None:
    mistakes = [] if Topic.objects.filter(key=content.topic).exists() else ["話題を選んでください。"]
    known = set(Entry.objects.filter(slug__in=content.related).values_list("slug", flat=True)) - {entry.slug}
    mistakes += [f"近い質問 {slug} が見つかりません。" for slug in content.related if slug not in known]
    if mistakes:
        raise ContentError(mistakes)


def _revise(kind: RevisionKind, entry: Entry, content: Content, acting: Acting) -> None:
    revision_add(kind=kind, subject=f"entry:{entry.slug}", content=content.as_json(), acting=acting, entry=entry)
