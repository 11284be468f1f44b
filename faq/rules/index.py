"""Entries made ready for searching: which feature of a text stands in which phrase and in which entry, and how
much it says. Flat arrays, built once from plain data, then only read, so threads can share them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from faq.rules.text import fold
from faq.rules.words import Vocabulary, read

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]

KIND_WEIGHT = {"w": 0.7, "r": 0.2, "c": 1.6, "2": 0.15, "3": 0.3}
"""How much each kind of feature counts: word, reading, group of words, two and three characters."""

FIELD_WEIGHT = {"question": 3.0, "ask": 2.0, "short": 1.5, "details": 0.6}
PHRASE_WEIGHT = {"question": 1.3, "ask": 1.0, "short": 1.0, "details": 0.9, "outside": 1.0}
PHRASE_LENGTH_POWER = 0.7
SATURATION, LENGTH_SHARE = 1.2, 0.4
SHORTEST_LINE = 8
LEANS_BY = "wc23"
"""Kinds of features by which a question leans towards what people ask here or towards what lies outside."""

SAYS_NOTHING = 0.12
"""Features of less weight stand in about every second entry: they are not looked up in whole entries, and neither
are pairs of characters, which stand in many and say little."""


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


class Lexicon:
    """Numbers of features, and the texts that were read, kept from one build to the next: an edited entry does not
    make all others read again. Numbers are only added, so an index built earlier stays right."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.sounds: dict[str, str] = {}
        self._texts: dict[str, Ints] = {}
        self._vocabulary: Vocabulary | None = None

    def features(self, texts: Iterable[str], vocabulary: Vocabulary) -> list[Ints]:
        """The features of each text, by number, with repetitions."""
        if self._vocabulary is None or not self._vocabulary.same(vocabulary):
            self._texts, self._vocabulary = {}, vocabulary
        return [self._texts[text] if text in self._texts else self._read(text, vocabulary) for text in texts]

    def _read(self, text: str, vocabulary: Vocabulary) -> Ints:
        reading = read(text, vocabulary)
        self.sounds.update(reading.sounds)
        numbers = [self.numbers.setdefault(feature, len(self.numbers)) for feature in reading.features()]
        self._texts[text] = np.array(numbers, dtype=np.int32)
        return self._texts[text]


@dataclass(slots=True)
class Index:
    """``weight`` by feature: how rare it is times how much its kind counts, 0 for one that stands nowhere here.
    Features of phrase ``p``: ``phrase_features[phrase_places[p]:phrase_places[p + 1]]``; its entry: the number of
    ``phrase_starts`` up to it, outside questions counted as one more entry. Entries of feature ``f``, with its share
    in each: ``entry_numbers``, ``entry_values`` from ``entry_places[f]``. ``leaning`` by feature: how much likelier it
    is in what people ask here than in what lies outside (log odds), NaN where neither has it."""

    entries: tuple[EntryText, ...]
    vocabulary: Vocabulary
    lexicon: Lexicon
    weight: Floats
    leaning: Floats
    in_entries: NDArray[np.bool_]
    looked_up: NDArray[np.bool_]
    unknown_rarity: float
    phrase_features: Ints
    phrase_places: Places
    phrase_scale: Floats
    phrase_starts: Places
    entry_numbers: Ints
    entry_values: Floats
    entry_places: Places
    folded: tuple[str, ...]
    outside_words: frozenset[str] = field(default_factory=frozenset)
    outside_inside: frozenset[str] = field(default_factory=frozenset)
    outside_lengths: tuple[int, ...] = ()

    def number(self, feature: str) -> int:
        """The number of a feature that stands in an entry or an outside question; -1 for any other."""
        found = self.lexicon.numbers.get(feature, -1)
        return found if found < len(self.weight) and self.weight[found] > 0 else -1

    def knows_word(self, word: str) -> bool:
        """Whether a word in its dictionary form stands in an entry."""
        found = self.lexicon.numbers.get(f"w{word}", -1)
        return 0 <= found < len(self.in_entries) and bool(self.in_entries[found])


def build(knowledge: Knowledge, lexicon: Lexicon | None = None) -> Index:
    """The index of a body of knowledge; about a third of a millisecond for a phrase that was not read before."""
    lexicon = lexicon or Lexicon()
    phrases = [_phrases(entry) for entry in knowledge.entries]
    flat = [phrase for group in phrases for phrase in group] + [("outside", text) for text in knowledge.outside]
    features = lexicon.features([text for _, text in flat], knowledge.vocabulary)
    starts = np.cumsum([0, *map(len, phrases)], dtype=np.int64)
    owners = np.repeat(np.arange(len(phrases) + 1), [*map(len, phrases), len(knowledge.outside)])
    size = len(lexicon.numbers)
    kinds = np.array([KIND_WEIGHT[feature[0]] for feature in lexicon.numbers], dtype=np.float32)
    counts = _entry_counts(flat, features, owners, size, len(phrases))
    rarity = _rarities(counts, features[len(flat) - len(knowledge.outside) :], size, len(phrases))
    weight = rarity * kinds
    phrase_features, phrase_places = _phrase_features(features, size)
    words = frozenset(fold(word) for word in knowledge.outside_words)
    inside = frozenset(word for word in words if _findable(word))
    return Index(
        entries=knowledge.entries,
        vocabulary=knowledge.vocabulary,
        lexicon=lexicon,
        weight=weight,
        leaning=_leaning([kind for kind, _ in flat], features, lexicon),
        in_entries=np.bincount(counts[0], minlength=size) > 0,
        looked_up=(weight >= SAYS_NOTHING) & (kinds != np.float32(KIND_WEIGHT["2"])),
        unknown_rarity=math.log((len(phrases) + 1) / 0.5),
        phrase_features=phrase_features,
        phrase_places=phrase_places,
        phrase_scale=_phrase_scale([kind for kind, _ in flat], weight, phrase_features, phrase_places),
        phrase_starts=starts,
        entry_numbers=counts[1],
        entry_values=_entry_values(counts, weight, len(phrases)),
        entry_places=np.searchsorted(counts[0], np.arange(size + 1)).astype(np.int64),
        folded=tuple(fold(" ".join(text for _, text in group)) for group in phrases),
        outside_words=words,
        outside_inside=inside,
        outside_lengths=tuple(sorted({len(word) for word in inside})),
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


Counts = tuple[Ints, Ints, Floats]


def _entry_counts(
    flat: Sequence[tuple[str, str]], features: Sequence[Ints], owners: NDArray[np.int64], size: int, entries: int
) -> Counts:
    """Feature, entry, and how often it stands there (weighted by field), ordered by feature, then entry."""
    of_entries = [number for number, owner in enumerate(owners) if owner < entries]
    lengths = [len(features[number]) for number in of_entries]
    if not sum(lengths):
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32)
    all_features = np.concatenate([features[number] for number in of_entries]).astype(np.int64)
    all_entries = np.repeat(owners[of_entries], lengths)
    weights = np.repeat([FIELD_WEIGHT[flat[number][0]] for number in of_entries], lengths)
    pairs, inverse = np.unique(all_features * entries + all_entries, return_inverse=True)
    totals = np.bincount(inverse, weights=weights)
    return (pairs // entries).astype(np.int32), (pairs % entries).astype(np.int32), totals.astype(np.float32)


def _rarities(counts: Counts, outside: Sequence[Ints], size: int, entries: int) -> Floats:
    """How rare each feature is among entries; among outside questions when it stands in no entry; 0 for none."""
    in_entries = np.bincount(counts[0], minlength=size)
    in_outside = _phrase_counts(outside, size)
    among = np.where(in_entries > 0, in_entries, in_outside / 2)
    rarity = np.log((entries + 1) / (among + 0.5))
    return np.where((in_entries > 0) | (in_outside > 0), np.maximum(rarity, 1e-6), 0.0).astype(np.float32)


def _leaning(kinds: Sequence[str], features: Sequence[Ints], lexicon: Lexicon) -> Floats:
    """Log odds of each feature, by the shares of the phrases that have it, half a phrase added to each side."""
    here = [found for kind, found in zip(kinds, features, strict=True) if kind in ("question", "ask")]
    outside = [found for kind, found in zip(kinds, features, strict=True) if kind == "outside"]
    size = len(lexicon.numbers)
    ours, theirs = _phrase_counts(here, size), _phrase_counts(outside, size)
    odds = np.log((ours + 0.5) / (len(here) + 1)) - np.log((theirs + 0.5) / (len(outside) + 1))
    counts = np.array([feature[0] in LEANS_BY for feature in lexicon.numbers], dtype=np.bool_) & (ours + theirs > 0)
    return np.where(counts, odds, np.nan).astype(np.float32)


def _phrase_counts(features: Sequence[Ints], size: int) -> NDArray[np.int64]:
    """In how many phrases each feature stands."""
    distinct = [np.unique(found) for found in features]
    return np.bincount(np.concatenate(distinct) if distinct else np.zeros(0, np.int64), minlength=size)


def _phrase_features(features: Sequence[Ints], size: int) -> tuple[Ints, Places]:
    """The distinct features of every phrase in one array, and where each phrase begins in it."""
    distinct = [np.unique(found) for found in features]
    places = np.cumsum([0, *map(len, distinct)], dtype=np.int64)
    return (np.concatenate(distinct) if distinct else np.zeros(0)).astype(np.int32), places


def _phrase_scale(kinds: Sequence[str], weight: Floats, phrase_features: Ints, places: Places) -> Floats:
    """What a phrase's sum is multiplied by: its kind's weight over its own length to a power."""
    squares = np.concatenate(([0.0], np.cumsum(weight[phrase_features].astype(np.float64) ** 2)))
    lengths = np.maximum(squares[places[1:]] - squares[places[:-1]], 1e-6)
    weights = np.array([PHRASE_WEIGHT[kind] for kind in kinds])
    return np.asarray(weights / lengths**PHRASE_LENGTH_POWER, dtype=np.float32)


def _entry_values(counts: Counts, weight: Floats, entries: int) -> Floats:
    """BM25 over the fields' weighted counts."""
    features, numbers, totals = counts
    lengths = np.bincount(numbers, weights=totals, minlength=entries)
    average = lengths.mean() if entries else 1.0
    damping = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(average, 1e-6))
    return np.asarray(weight[features] * totals / (totals + damping[numbers]), dtype=np.float32)
