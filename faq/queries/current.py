"""What is published, as every process keeps it: cards for lists, topics, and the index of the search. Read anew when
the stamp in the database has moved on; until then asking costs one small query."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Subquery
from django.urls import reverse

from careplan_portal.lib.prepared import prepared
from careplan_portal.lib.words import ja_day
from faq.enums import Status
from faq.models import Entry, OutsideText, SearchStamp, Spelling, Topic, WordGroup
from faq.queries.entries import visible_entries
from faq.rules.content import searched_lines
from faq.rules.highlight import markable
from faq.rules.index import EntryText, Index, Knowledge, Lexicon, build
from faq.rules.words import Vocabulary


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in a list: itself, its address, and what stands below it."""

    entry: Entry
    url: str
    tags: tuple[str, ...]

    @property
    def more_tags(self) -> tuple[str, ...]:
        """Without the topic: where a heading names it."""
        return self.tags[1:]


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic with how many entries it has; ``label`` is what a list says: 申し込む（24）."""

    topic: Topic
    entries: int
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Current:
    """What is published, as one process keeps it while the stamp stays the same. Only read. ``cards`` by slug in the
    entries' order; ``topics`` in their order, empty ones left out."""

    stamp: uuid.UUID | None
    index: Index
    cards: dict[str, Card]
    topics: tuple[TopicCount, ...]

    def of_topic(self, key: str) -> list[Card]:
        return [card for card in self.cards.values() if card.entry.topic_id == key]

    def for_audience(self, audience: str) -> list[Card]:
        return [card for card in self.cards.values() if audience in card.entry.audience]


class _Kept:
    """What this process keeps: once for visitors, once for staff."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.current: dict[bool, Current] = {}
        self.lexicons = {False: Lexicon(), True: Lexicon()}
        self.vocabulary = Vocabulary()
        self.known: dict[bool, tuple[Knowledge, Index]] = {}

    def index_of(self, knowledge: Knowledge, *, staff: bool) -> Index:
        """The index of this knowledge: the one there is when nothing that is searched has changed."""
        known = self.known.get(staff)
        if known is None or known[0] != knowledge:
            known = (knowledge, build(knowledge, self.lexicons[staff]))
            self.known[staff] = known
        return known[1]


_kept = _Kept()


def current(*, staff: bool = False, stamp: uuid.UUID | None = None) -> Current:
    """What is published now: one small query, and a new index when something changed. ``stamp`` from whoever has read
    it already (``stamp_beside``)."""
    stamp = stamp or search_stamp()
    kept = _kept.current.get(staff)
    if kept is None or kept.stamp != stamp:
        with _kept.lock:
            kept = _kept.current.get(staff)
            if kept is None or kept.stamp != stamp:
                kept = _read(stamp, staff=staff)
                _kept.current[staff] = kept
    return kept


def _read(stamp: uuid.UUID | None, *, staff: bool) -> Current:
    entries = list(visible_entries(staff=staff))
    index = _kept.index_of(_knowledge(entries), staff=staff)
    for entry in entries:
        markable(entry.question)
        markable(entry.short)
    counts = Counter(entry.topic_id for entry in entries)
    return Current(
        stamp,
        index,
        {entry.slug: _card(entry) for entry in entries},
        tuple(_counted(topic, counts[topic.key]) for topic in Topic.objects.all() if counts[topic.key]),
    )


def _counted(topic: Topic, entries: int) -> TopicCount:
    return TopicCount(topic, entries, reverse("faq:topic", args=[topic.key]), f"{topic.title}（{entries}）")


def _card(entry: Entry) -> Card:
    numbers = "、".join(map(str, entry.source_questions))
    tags = (
        entry.topic.title,
        "" if entry.status == Status.SETTLED else entry.get_status_display(),
        f"説明会の質問 {numbers}" if numbers else "",
        f"{ja_day(entry.as_of)}の内容",
        "ヘルプデスクだけに見えます" if entry.staff_only else "",
    )
    return Card(entry, reverse("faq:entry", args=[entry.slug]), tuple(tag for tag in tags if tag))


_stamp = prepared(lambda: SearchStamp.objects.filter(pk=1).values_list("token", flat=True))


def search_stamp() -> uuid.UUID | None:
    """What changes whenever the search would find something else; None before anything was loaded."""
    return _stamp.first()


def stamp_beside() -> Subquery:
    """An annotation that reads the stamp along with a row of another table."""
    return Subquery(SearchStamp.objects.filter(pk=1).values("token")[:1])


def _knowledge(entries: Iterable[Entry]) -> Knowledge:
    return Knowledge(
        tuple(entry_text(entry) for entry in entries),
        vocabulary(),
        _outside(OutsideText.Kind.QUESTION),
        _outside(OutsideText.Kind.WORD),
    )


def entry_text(entry: Entry) -> EntryText:
    """What of an entry is searched."""
    return EntryText(
        entry.slug,
        entry.question,
        entry.short,
        searched_lines(entry.details),
        tuple(entry.asks),
        tuple(entry.source_questions),
    )


def vocabulary() -> Vocabulary:
    """Spellings and groups of words as they stand in the database; made ready once while they stay the same."""
    spellings = dict(Spelling.objects.values_list("wrong", "right"))
    groups = {name: tuple(words) for name, words in WordGroup.objects.values_list("name", "words")}
    if (spellings, groups) != (_kept.vocabulary.spellings, _kept.vocabulary.groups):
        _kept.vocabulary = Vocabulary(spellings, groups)
    return _kept.vocabulary


def _outside(kind: str) -> tuple[str, ...]:
    return tuple(OutsideText.objects.filter(kind=kind).order_by("text").values_list("text", flat=True))
