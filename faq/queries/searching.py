"""The search as pages, programs and other apps use it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from faq.queries.current import Card, Current, current
from faq.queries.showing import OfficeValues, own_sentence
from faq.rules.highlight import Asked, Piece, asked_words, highlight
from faq.rules.search import Answer, search

MOST_RESULTS = 50


def answer(question: str, *, limit: int = 5, staff: bool = False) -> Answer:
    """The entries that answer a question, best first, at most ``limit`` (1 to 50); without hits it is not settled."""
    return search(current(staff=staff).index, question, max(1, min(limit, MOST_RESULTS)))


@dataclass(frozen=True, slots=True)
class Result:
    """One entry found: its card, the address with the question in it, question and short answer as HTML with the
    words that answer marked, and the office's own sentence with its name (empty without dates)."""

    card: Card
    url: str
    question: SafeString
    short: SafeString
    yours: str
    yours_name: str


def results(now: Current, question: str, *, limit: int, office: OfficeValues | None = None) -> list[Result]:
    """What a results page shows, best first; empty when the question is not settled."""
    asked = asked_words(question, now.index.vocabulary)
    query = urlencode({"q": question})
    hits = search(now.index, question, limit).hits
    return [_result(now.cards[hit.entry.slug], asked, office, query) for hit in hits]


def _result(card: Card, asked: Asked, office: OfficeValues | None, query: str) -> Result:
    yours, name = own_sentence(card.entry, office)
    return Result(
        card,
        f"{card.url}?{query}",
        _marked(highlight(card.entry.question, asked)),
        _marked(highlight(card.entry.short, asked)),
        yours,
        name,
    )


def _marked(pieces: Iterable[Piece]) -> SafeString:
    """The pieces as HTML, marked ones in ``mark``."""
    parts = (f"<mark>{escape(piece.text)}</mark>" if piece.marked else escape(piece.text) for piece in pieces)
    return mark_safe("".join(parts))  # noqa: S308 - escaped above
