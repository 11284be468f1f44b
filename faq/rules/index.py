"""Entries made ready for searching: which feature of a text stands in which phrase and in which entry, and how
much it says. Built once from plain data, then only read, so threads can share it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from faq.rules.text import fold
from faq.rules.words import Reading, Vocabulary, read

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Posting = tuple[Ints, Floats]
Counts = dict[str, float]

KIND_WEIGHT = {"w": 0.7, "r": 0.2, "c": 1.6, "2": 0.15, "3": 0.25}
"""How much each kind of feature counts: word, reading, group of words, two and three characters."""

FIELD_WEIGHT = {"question": 3.0, "ask": 2.0, "short": 1.5, "details": 0.6}
PHRASE_WEIGHT = {"question": 1.3, "ask": 1.0, "short": 1.0, "details": 0.9, "outside": 1.0}
PHRASE_LENGTH_POWER = 0.6
SATURATION, LENGTH_SHARE = 1.2, 0.4
SHORTEST_LINE = 8


@dataclass(frozen=True, slots=True)
class EntryText:
    """What of an entry is searched. ``asks``: the ways people ask it; ``details``: its lines."""

    slug: str
    question: str
    short: str
    details: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    source_questions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything an index is built from. ``outside``: questions that the FAQ does not answer;
    ``outside_words``: words that it never deals with."""

    entries: tuple[EntryText, ...]
    vocabulary: Vocabulary
    outside: tuple[str, ...] = ()
    outside_words: tuple[str, ...] = ()


class Readings:
    """Readings of texts, kept from one build to the next: an edited entry does not make all others read again."""

    def __init__(self) -> None:
        self._kept: dict[str, Reading] = {}
        self._vocabulary: Vocabulary | None = None

    def of(self, texts: Iterable[str], vocabulary: Vocabulary) -> dict[str, Reading]:
        same = self._vocabulary is not None and (
            self._vocabulary.groups == vocabulary.groups and self._vocabulary.spellings == vocabulary.spellings
        )
        kept = self._kept if same else {}
        self._kept = {text: kept.get(text) or read(text, vocabulary) for text in texts}
        self._vocabulary = vocabulary
        return self._kept


@dataclass(slots=True)
class Index:
    entries: tuple[EntryText, ...]
    vocabulary: Vocabulary
    rarity: dict[str, float]
    unknown_rarity: float
    phrase_postings: dict[str, Posting]
    entry_postings: dict[str, Posting]
    phrase_scale: Floats
    phrase_starts: NDArray[np.intp]
    outside_words: frozenset[str]
    outside_inside: frozenset[str]
    outside_lengths: tuple[int, ...]
    folded: tuple[str, ...]
    sounds: dict[str, str] = field(default_factory=dict)
    known_words: frozenset[str] = field(default_factory=frozenset)

    def weight(self, feature: str) -> float:
        """How much a feature says: its rarity times the weight of its kind; unknown ones say the most."""
        return self.rarity.get(feature, self.unknown_rarity) * KIND_WEIGHT[feature[0]]


def build(knowledge: Knowledge, readings: Readings | None = None) -> Index:
    """The index of a body of knowledge; about a millisecond for ten phrases that were not read before."""
    readings = readings or Readings()
    phrases = [phrase for entry in knowledge.entries for phrase in _phrases(entry)]
    outside = [("outside", text) for text in knowledge.outside]
    texts = [text for _, text in phrases + outside]
    read_texts = readings.of(texts, knowledge.vocabulary)
    features = {text: reading.features() for text, reading in read_texts.items()}
    per_entry = [_entry_counts(entry, features) for entry in knowledge.entries]
    rarity = _rarities(per_entry, [features[text] for _, text in outside])
    words = {fold(word) for word in knowledge.outside_words}
    return Index(
        entries=knowledge.entries,
        vocabulary=knowledge.vocabulary,
        rarity=rarity,
        unknown_rarity=math.log((len(per_entry) + 1) / 0.5),
        phrase_postings=_phrase_postings(phrases + outside, features, rarity),
        entry_postings=_entry_postings(per_entry, rarity),
        phrase_scale=_phrase_scale(phrases + outside, features, rarity),
        phrase_starts=_starts([len(_phrases(entry)) for entry in knowledge.entries], len(outside)),
        outside_words=frozenset(words),
        outside_inside=frozenset(word for word in words if _findable(word)),
        outside_lengths=tuple(sorted({len(word) for word in words if _findable(word)})),
        folded=tuple(fold(" ".join(text for _, text in _phrases(entry))) for entry in knowledge.entries),
        sounds=dict(sound for _, text in phrases for sound in read_texts[text].sounds),
        known_words=frozenset(feature for counts in per_entry for feature in counts if feature[0] == "w"),
    )


def _findable(folded: str) -> bool:
    """Whether a word is looked for inside a text: one or two kana stand in many others by chance."""
    return len(folded) > 3 or (len(folded) > 1 and any("一" <= sign <= "鿿" for sign in folded))


def _phrases(entry: EntryText) -> list[tuple[str, str]]:
    """The texts of an entry that a question is compared with one by one, each with its kind."""
    return [
        ("question", entry.question),
        *(("ask", ask) for ask in entry.asks),
        ("short", entry.short),
        *(("details", line) for line in entry.details if len(line) > SHORTEST_LINE),
    ]


def _entry_counts(entry: EntryText, features: dict[str, list[str]]) -> Counts:
    counts: defaultdict[str, float] = defaultdict(float)
    for kind, text in _phrases(entry):
        for feature in features[text]:
            counts[feature] += FIELD_WEIGHT[kind]
    return dict(counts)


def _rarities(per_entry: Sequence[Counts], outside: Iterable[list[str]]) -> dict[str, float]:
    in_entries = Counter(feature for counts in per_entry for feature in counts)
    only_outside = Counter(feature for found in outside for feature in set(found) if feature not in in_entries)
    entries = len(per_entry) + 1
    rarity = {feature: math.log(entries / (count + 0.5)) for feature, count in in_entries.items()}
    return rarity | {feature: math.log(entries / (count / 2 + 0.5)) for feature, count in only_outside.items()}


def _phrase_postings(
    phrases: Sequence[tuple[str, str]], features: dict[str, list[str]], rarity: dict[str, float]
) -> dict[str, Posting]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, (_, text) in enumerate(phrases):
        for feature in set(features[text]):
            places[feature].append(number)
    return {
        feature: (
            np.array(found, dtype=np.int32),
            np.full(len(found), (rarity[feature] * KIND_WEIGHT[feature[0]]) ** 2, dtype=np.float32),
        )
        for feature, found in places.items()
    }


def _phrase_scale(
    phrases: Sequence[tuple[str, str]], features: dict[str, list[str]], rarity: dict[str, float]
) -> Floats:
    """What a phrase's sum is multiplied by: its kind's weight over its own length to a power."""
    scales = []
    for kind, text in phrases:
        length = sum((rarity[feature] * KIND_WEIGHT[feature[0]]) ** 2 for feature in set(features[text]))
        scales.append(PHRASE_WEIGHT[kind] / max(length, 1e-6) ** PHRASE_LENGTH_POWER)
    return np.array(scales, dtype=np.float32)


def _entry_postings(per_entry: Sequence[Counts], rarity: dict[str, float]) -> dict[str, Posting]:
    """BM25 over the fields' weighted counts."""
    lengths = [sum(counts.values()) for counts in per_entry]
    average = (sum(lengths) / len(lengths)) if lengths else 1.0
    places: defaultdict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for number, (counts, length) in enumerate(zip(per_entry, lengths, strict=True)):
        damping = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length / average)
        for feature, count in counts.items():
            places[feature][0].append(number)
            places[feature][1].append(rarity[feature] * KIND_WEIGHT[feature[0]] * count / (count + damping))
    return {
        feature: (np.array(numbers, dtype=np.int32), np.array(values, dtype=np.float32))
        for feature, (numbers, values) in places.items()
    }


def _starts(lengths: Sequence[int], outside: int) -> NDArray[np.intp]:
    """Where each entry's phrases begin, and at the end where the outside ones do."""
    starts = np.concatenate(([0], np.cumsum(lengths)))
    return np.array(starts if outside else starts[:-1], dtype=np.intp)
