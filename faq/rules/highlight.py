"""Which pieces of an entry's text answer to the words of a question: shown marked in the results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from faq.rules.text import fold
from faq.rules.words import POLITE, STOP, Vocabulary, Word, words


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


WIDE = frozenset(
    {"use", "system", "target", "future", "check", "need", "number", "how", "when", "what-is", "site", "send"}
)
"""Groups that stand in so many texts that marking them would mark everything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question, and the groups they belong to."""

    names: frozenset[str]
    meanings: frozenset[str]
    vocabulary: Vocabulary

    def shares(self, normal: str) -> bool:
        """Whether a word of an entry answers to one of the question."""
        return normal in self.names or not self.meanings.isdisjoint(self.vocabulary.meanings(normal))


UNITS = frozenset("円料代費台年月日回")
"""Endings of words that are not marked by themselves."""


@lru_cache(maxsize=16384)
def markable(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text that is shown again and again: as they stand there, and in their dictionary form, which is
    empty for those that are never marked."""
    return tuple((word.surface, word.normal if _is_marked(word) else "") for word in words(text))


def _is_marked(word: Word) -> bool:
    return word.content and word.normal not in STOP and word.surface not in UNITS and bool(fold(word.surface))


def asked_words(question: str, vocabulary: Vocabulary) -> Asked:
    """A question made ready for marking texts."""
    asked = [word for word in words(vocabulary.right(question)) if word.content and word.normal not in STOP]
    meanings = {name for word in asked for name in vocabulary.meanings(word.normal)} - WIDE
    return Asked(frozenset(word.normal for word in asked), frozenset(meanings), vocabulary)


def highlight(text: str, asked: Asked) -> list[Piece]:
    """The text cut into pieces; those that share a word, or the meaning of one, with the question are marked."""
    pieces: list[Piece] = []
    for surface, normal in markable(text):
        _append(pieces, surface, bool(normal) and asked.shares(normal))
    return pieces


def _append(pieces: list[Piece], text: str, marked: bool) -> None:
    if marked and pieces and not pieces[-1].marked and pieces[-1].text.endswith(POLITE):
        before = pieces.pop().text
        pieces += [Piece(before[:-1])] if before[:-1] else []
        text = before[-1] + text
    if pieces and pieces[-1].marked == marked:
        pieces[-1] = Piece(pieces[-1].text + text, marked)
    else:
        pieces.append(Piece(text, marked))
