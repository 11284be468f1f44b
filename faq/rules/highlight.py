"""Which pieces of an entry's text answer to the words of a question: shown marked in the results."""

from __future__ import annotations

from dataclasses import dataclass

from faq.rules.text import fold
from faq.rules.words import POLITE, STOP, Vocabulary, words


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


def highlight(text: str, question: str, vocabulary: Vocabulary) -> list[Piece]:
    """The text cut into pieces; those that share a word, or the meaning of one, with the question are marked."""
    asked = [word for word in words(vocabulary.right(question)) if word.content and word.normal not in STOP]
    names = {word.normal for word in asked}
    meanings = {name for word in asked for name in vocabulary.meanings(word.normal)} - WIDE
    pieces: list[Piece] = []
    for word in words(text):
        shared = word.normal in names or meanings.intersection(vocabulary.meanings(word.normal))
        marked = bool(word.content and word.normal not in STOP and fold(word.surface) and shared)
        _append(pieces, word.surface, marked)
    return pieces


WIDE = frozenset(
    {"use", "system", "target", "future", "check", "need", "number", "how", "when", "what-is", "site", "send"}
)
"""Groups that stand in so many texts that marking them would mark everything."""


def _append(pieces: list[Piece], text: str, marked: bool) -> None:
    if marked and pieces and not pieces[-1].marked and pieces[-1].text.endswith(POLITE):
        before = pieces.pop().text
        pieces += [Piece(before[:-1])] if before[:-1] else []
        text = before[-1] + text
    if pieces and pieces[-1].marked == marked:
        pieces[-1] = Piece(pieces[-1].text + text, marked)
    else:
        pieces.append(Piece(text, marked))
