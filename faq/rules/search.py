"""Which entries answer a question, in which order, and whether any does: "not settled" is an answer, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from faq.rules.index import KIND_WEIGHT, EntryText, Floats, Index, Ints, Places
from faq.rules.text import fold, sentences
from faq.rules.words import Reading, heard, read

ENTRY_SHARE = 4.0
"""What the whole entry counts beside its best phrases."""

SHARPNESS = 5
"""Best phrases are added after raising to this power: near to the maximum, with some thanks to a second one."""

# Logistic regression on ways of asking and outside questions, each fifth of them held out of the index in turn. The
# weight of foreign words is set lower than what came out: real questions name more of the world than ours do.
SURE = {"score": 1.85, "outside": -7.48, "unknown": -1.15, "foreign": -2.0, "leaning": 0.614, "constant": -1.03}
SETTLED_FROM = -0.5
LEAST_SCORE = 0.3
"""A top entry less sure than this, or with less in common than this, is not shown: the helpdesk is named instead."""

NEAR_TOP = 0.42
"""Further entries are shown down to this share of the best one's score."""

LONG = 60
"""From this many characters on a question is also read sentence by sentence, and strange words weigh less."""
MOST_FEATURES = 220
CANDIDATES = 60
"""So many entries are compared phrase by phrase: those that as wholes have the most in common with the question."""


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
    spoken = heard(question, index.lexicon.sounds, index.vocabulary)
    scores, outside = _scores(index, reading, spoken)
    if len(reading.folded) >= LONG:
        scores = scores + _by_sentence(index, question)
    best = int(scores.argmax())
    sure = _sure(index, reading, spoken, float(scores[best]), outside, best)
    if sure < SETTLED_FROM or scores[best] < LEAST_SCORE:
        return Answer((), sure)
    enough = np.flatnonzero(scores >= NEAR_TOP * scores[best])
    near = enough[np.argsort(-scores[enough], kind="stable")][:limit]
    return Answer(tuple(Hit(index.entries[number], round(float(scores[number]), 4)) for number in near), sure)


def _scores(index: Index, reading: Reading, spoken: Sequence[str] = ()) -> tuple[Floats, float]:
    """Every entry's score, and that of the nearest question that lies outside. ``spoken``: features of words that
    were recognised by their sound; what stands for them in kana then says nothing."""
    known, unknown = _features(index, reading, spoken)
    weights = index.weight[known]
    squares = float((weights * weights).sum()) + sum(weight * weight for weight in unknown)
    wholes = _wholes(index, known) / max(float(weights.sum()) + sum(unknown), 1e-6)
    near = _near(index, known, wholes) / np.float32(max(squares, 1e-6) ** 0.5)
    entries = len(index.entries)
    return near[:entries] + np.float32(ENTRY_SHARE) * wholes, float(near[entries])


def _features(index: Index, reading: Reading, spoken: Sequence[str]) -> tuple[Ints, list[float]]:
    """The question's features: numbers of those that are known (of a very long question those that say the most),
    weights of those that are not."""
    features = {*reading.features(), *spoken}
    numbers = {feature: index.number(feature) for feature in features}
    known = np.array([number for number in numbers.values() if number >= 0], dtype=np.int32)
    if len(known) > MOST_FEATURES:
        known = known[np.argsort(-index.weight[known])[:MOST_FEATURES]]
    strange = [feature for feature, number in numbers.items() if number < 0] if not spoken else []
    return known, [index.unknown_rarity * KIND_WEIGHT[feature[0]] for feature in strange]


def _wholes(index: Index, known: Ints) -> Floats:
    """What the entries as wholes have in common with the question."""
    wholes = np.zeros(len(index.entries), dtype=np.float32)
    for number in known[index.looked_up[known]]:
        found = slice(index.entry_places[number], index.entry_places[number + 1])
        wholes[index.entry_numbers[found]] += index.entry_values[found]
    return wholes


def _near(index: Index, known: Ints, wholes: Floats) -> Floats:
    """How near the best phrases of each entry are (0 for entries that have too little in common to be looked at),
    and at the end how near the nearest outside question is."""
    asked = np.zeros(len(index.weight), dtype=np.float32)
    asked[known] = index.weight[known] ** 2
    entries = len(index.entries)
    looked_at = np.arange(entries) if entries <= CANDIDATES else np.argpartition(-wholes, CANDIDATES)[:CANDIDATES]
    near = np.zeros(entries + 1, dtype=np.float32)
    starts, ends = index.phrase_starts[looked_at], index.phrase_starts[looked_at + 1]
    likeness, groups = _likeness(index, asked, starts, ends)
    near[looked_at] = np.add.reduceat(likeness**SHARPNESS, groups) ** np.float32(1 / SHARPNESS)
    first, last = index.phrase_starts[-1:], np.array([len(index.phrase_scale)])
    near[entries] = _likeness(index, asked, first, last)[0].max() if last > first else 0.0
    return near


def _likeness(index: Index, asked: Floats, starts: Places, ends: Places) -> tuple[Floats, Places]:
    """For each phrase of the given ranges the weight that it shares with the question, over its own length; and
    where each range begins among them."""
    phrases, groups = _ranges(starts, ends)
    places, _ = _ranges(index.phrase_places[starts], index.phrase_places[ends])
    lengths = index.phrase_places[phrases + 1] - index.phrase_places[phrases]
    begins = np.cumsum(lengths) - lengths
    shared = np.add.reduceat(asked[index.phrase_features[places]], begins)
    return np.asarray(shared * index.phrase_scale[phrases], dtype=np.float32), groups


def _ranges(starts: Places, ends: Places) -> tuple[Places, Places]:
    """All numbers of many ranges in one array, and where each range begins in it. No range is empty."""
    lengths = ends - starts
    groups = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum()), dtype=np.int64) + np.repeat(starts - groups, lengths), groups


def _by_sentence(index: Index, question: str) -> Floats:
    """For long questions: what each of its sentences finds by itself, the best one counted most."""
    parts = [part for part in sentences(question) if len(fold(part)) > 5]
    found = [_scores(index, read(part, index.vocabulary))[0] for part in parts[:12]]
    if not found:
        return np.zeros(len(index.entries), dtype=np.float32)
    stacked = np.sort(np.stack(found), axis=0)[::-1]
    shares = np.array([0.5**place for place in range(len(stacked))], dtype=np.float32)
    return np.asarray((stacked * shares[:, None]).sum(axis=0) / shares.sum(), dtype=np.float32)


def _sure(index: Index, reading: Reading, spoken: Sequence[str], score: float, outside: float, best: int) -> float:
    """How sure it is that the best entry answers (log odds): near to it, far from what lies outside, leaning towards
    what is asked here, no strange words. A long question always has strange words and is taken as one for us."""
    long = len(reading.folded) >= LONG
    unknown = 0 if spoken else sum(not index.knows_word(word) for word in reading.words)
    foreign = 0 if long else min(_foreign(index, reading, best), 2)
    return (
        SURE["constant"]
        + SURE["score"] * score
        + SURE["outside"] * outside
        + SURE["unknown"] * unknown / max(len(reading.words), 1)
        + SURE["foreign"] * foreign
        + SURE["leaning"] * _leaning(index, reading, spoken)
    )


def _leaning(index: Index, reading: Reading, spoken: Sequence[str]) -> float:
    """Towards what is asked here (above 0) or what lies outside: the sum over the question's features, damped by
    their number because neighbouring ones tell the same."""
    odds = index.leaning[_features(index, reading, spoken)[0]]
    known = odds[~np.isnan(odds)]
    return float(known.sum() / np.sqrt(max(len(known), 1)))


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
