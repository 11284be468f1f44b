"""The search as pages, programs and other apps use it: an index in every process, built anew when the stamp in
the database has moved on. A search costs one small query and no more."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from faq.models import Entry, OutsideText, SearchStamp, Spelling, WordGroup
from faq.queries.entries import visible_entries
from faq.queries.showing import OfficeValues, Shown, shown
from faq.rules.content import searched_lines
from faq.rules.highlight import Piece, highlight
from faq.rules.index import EntryText, Index, Knowledge, Readings, build
from faq.rules.search import Answer, search
from faq.rules.words import Vocabulary

MOST_RESULTS = 50


class _Kept:
    """The indexes of this process: one for visitors, one for staff, each with the stamp it was built at."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.built: dict[bool, tuple[uuid.UUID | None, Index]] = {}
        self.readings = {False: Readings(), True: Readings()}
        self.vocabulary = Vocabulary()
        self.known: dict[bool, tuple[Knowledge, Index]] = {}

    def index_of(self, knowledge: Knowledge, *, staff: bool) -> Index:
        """The index of this knowledge: the one there is when nothing that is searched has changed."""
        known = self.known.get(staff)
        if known is None or known[0] != knowledge:
            known = (knowledge, build(knowledge, self.readings[staff]))
            self.known[staff] = known
        return known[1]


_kept = _Kept()


def answer(question: str, *, limit: int = 5, staff: bool = False) -> Answer:
    """The entries that answer a question, best first, at most ``limit`` (1 to 50); without hits it is not settled."""
    return search(current_index(staff=staff), question, max(1, min(limit, MOST_RESULTS)))


def current_index(*, staff: bool = False) -> Index:
    """The index of what is published now."""
    stamp = search_stamp()
    kept = _kept.built.get(staff)
    if kept is None or kept[0] != stamp:
        with _kept.lock:
            kept = _kept.built.get(staff)
            if kept is None or kept[0] != stamp:
                kept = (stamp, _kept.index_of(_knowledge(visible_entries(staff=staff)), staff=staff))
                _kept.built[staff] = kept
    return kept[1]


def search_stamp() -> uuid.UUID | None:
    """What changes whenever the search would find something else; None before anything was loaded."""
    return SearchStamp.objects.filter(pk=1).values_list("token", flat=True).first()


def _knowledge(entries: QuerySet[Entry]) -> Knowledge:
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


@dataclass(frozen=True, slots=True)
class Result:
    """One entry found: its question and short answer in pieces to mark, and the office's own sentence."""

    entry: Entry
    question: list[Piece]
    short: list[Piece]
    shown: Shown


def results(question: str, *, limit: int, staff: bool = False, office: OfficeValues | None = None) -> list[Result]:
    """What a results page shows, best first; empty when the question is not settled."""
    index = current_index(staff=staff)
    hits = search(index, question, limit).hits
    entries = {
        entry.slug: entry for entry in visible_entries(staff=staff).filter(slug__in=[hit.entry.slug for hit in hits])
    }
    found = (entries[hit.entry.slug] for hit in hits if hit.entry.slug in entries)
    return [
        Result(
            entry,
            highlight(entry.question, question, index.vocabulary),
            highlight(entry.short, question, index.vocabulary),
            shown(entry, office),
        )
        for entry in found
    ]
