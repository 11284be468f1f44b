"""Which entries answer a question, in which order, and whether any does: "not settled" is an answer, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from faq.rules.index import EntryText, Floats, Index
from faq.rules.text import fold, sentences
from faq.rules.words import Reading, heard, read

ENTRY_SHARE = 2.0
"""What the whole entry counts beside its best phrases."""

SHARPNESS = 4
"""Best phrases are added after raising to this power: near to the maximum, with some thanks to a second one."""

# Fitted on questions held out of the data file and on questions of other fields; see docs and faq_eval.
SURE = {"score": 3.0, "outside": -13.1, "unknown": -0.8, "foreign": -6.2, "constant": 0.6}
SETTLED_FROM = -1.1
LEAST_SCORE = 0.3
"""A top entry less sure than this, or with less in common than this, is not shown: the helpdesk is named instead."""

NEAR_TOP = 0.42
"""Further entries are shown down to this share of the best one's score."""

LONG = 60
"""From this many characters on a question is also read sentence by sentence, and strange words weigh less."""
MOST_FEATURES = 220


@dataclass(frozen=True, slots=True)
class Hit:
    entry: EntryText
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """``hits`` best first, empty when nothing settles the question; ``sure`` is above SETTLED_FROM then not."""

    hits: tuple[Hit, ...]
    sure: float

    @property
    def settled(self) -> bool:
        return bool(self.hits)


def as_dict(hit: Hit) -> dict[str, object]:
    """A hit as programs get it."""
    entry = hit.entry
    return {
        "slug": entry.slug,
        "question": entry.question,
        "score": hit.score,
        "source_questions": list(entry.source_questions),
    }


def search(index: Index, question: str, limit: int = 5) -> Answer:
    """The entries that answer a question, best first, at most ``limit``; none when it is not settled."""
    reading = read(question, index.vocabulary)
    if not index.entries or not reading.folded:
        return Answer((), float("-inf"))
    spoken = heard(question, index.sounds, index.vocabulary)
    scores, outside = _scores(index, reading, spoken)
    if len(reading.folded) >= LONG:
        scores = scores + _by_sentence(index, question)
    best = int(scores.argmax())
    sure = _sure(index, reading, float(scores[best]), outside, best, known=bool(spoken))
    if sure < SETTLED_FROM or scores[best] < LEAST_SCORE:
        return Answer((), sure)
    order = np.argsort(-scores)[:limit]
    near = [int(number) for number in order if scores[number] >= NEAR_TOP * scores[best]]
    return Answer(tuple(Hit(index.entries[number], round(float(scores[number]), 4)) for number in near), sure)


def _scores(index: Index, reading: Reading, spoken: Sequence[str] = ()) -> tuple[Floats, float]:
    """Every entry's score, and that of the nearest question that lies outside. ``spoken``: features of words that
    were recognised by their sound; what stands for them in kana then says nothing."""
    features = _features(index, reading)
    if spoken:
        features = [*{*spoken, *(feature for feature in features if feature in index.rarity)}]
    phrases = np.zeros(len(index.phrase_scale), dtype=np.float32)
    wholes = np.zeros(len(index.entries), dtype=np.float32)
    squares = most = 0.0
    for feature in features:
        weight = index.weight(feature)
        squares += weight * weight
        most += weight
        if (posting := index.phrase_postings.get(feature)) is not None:
            phrases[posting[0]] += posting[1]
        if (posting := index.entry_postings.get(feature)) is not None:
            wholes[posting[0]] += posting[1]
    near = phrases * index.phrase_scale / max(squares, 1e-6) ** 0.5
    best = np.add.reduceat(near**SHARPNESS, index.phrase_starts) ** (1 / SHARPNESS)
    entries = len(index.entries)
    outside = float(near[index.phrase_starts[-1] :].max()) if len(best) > entries else 0.0
    return best[:entries] + ENTRY_SHARE * wholes / max(most, 1e-6), outside


def _features(index: Index, reading: Reading) -> list[str]:
    """The question's features; of a very long one, those that say the most."""
    features = set(reading.features())
    if len(features) <= MOST_FEATURES:
        return list(features)
    return sorted(features, key=index.weight, reverse=True)[:MOST_FEATURES]


def _by_sentence(index: Index, question: str) -> Floats:
    """For long questions: what each of its sentences finds by itself, the best one counted most."""
    parts = [part for part in sentences(question) if len(fold(part)) > 5]
    found = [_scores(index, read(part, index.vocabulary))[0] for part in parts[:12]]
    if not found:
        return np.zeros(len(index.entries), dtype=np.float32)
    stacked = np.sort(np.stack(found), axis=0)[::-1]
    shares = np.array([0.5**place for place in range(len(stacked))], dtype=np.float32)
    return np.asarray((stacked * shares[:, None]).sum(axis=0) / shares.sum(), dtype=np.float32)


def _sure(index: Index, reading: Reading, score: float, outside: float, best: int, *, known: bool) -> float:
    """How sure it is that the best entry answers (log odds): near to it, far from what lies outside, no strange
    words. A long question always has strange words and is taken as one for us."""
    long = len(reading.folded) >= LONG
    words = Counter(f"w{word}" for word in reading.words)
    unknown = 0 if known else sum(count for word, count in words.items() if word not in index.known_words)
    foreign = 0 if long else min(_foreign(index, reading, best), 2)
    return (
        SURE["constant"]
        + SURE["score"] * score
        + SURE["outside"] * outside
        + SURE["unknown"] * unknown / max(words.total(), 1)
        + SURE["foreign"] * foreign
    )


def _foreign(index: Index, reading: Reading, best: int) -> int:
    """How many words stand in the question that this FAQ never deals with and the entry found does not use."""
    folded = reading.folded
    found = index.outside_words.intersection(map(fold, reading.words)) | {
        folded[start : start + length]
        for length in index.outside_lengths
        for start in range(len(folded) - length + 1)
        if folded[start : start + length] in index.outside_inside
    }
    return sum(word not in index.folded[best] for word in found)
