"""How good the search is: measured on sets of questions whose right answers are known."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from faq.rules.search import Answer

FOREIGN = frozenset({"foreign", "-"})
"""What stands instead of numbers when nothing here answers."""


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """``expected``: source question numbers or slugs, one of which must be met; empty for a foreign question."""

    text: str
    expected: frozenset[str]
    voice: str = ""

    @property
    def foreign(self) -> bool:
        return not self.expected


@dataclass(frozen=True, slots=True)
class Measure:
    """``asked`` questions with an answer, ``foreign`` without; shares between 0 and 1, None where none was asked."""

    asked: int
    hit_at_1: float | None
    hit_at_3: float | None
    mrr: float | None
    foreign: int
    foreign_not_settled: float | None
    misses: tuple[str, ...] = ()


def parse_golden(lines: Iterable[str]) -> list[GoldenQuestion]:
    """Questions of a file with tabs: ``question, numbers`` or ``voice, question, numbers``; numbers joined by
    commas (slugs may stand among them), or ``foreign`` or ``-``. Empty lines, comments and a head are skipped."""
    questions = []
    kept = (line for line in lines if line.strip() and not line.startswith("#"))
    for row in csv.reader(kept, delimiter="\t", quoting=csv.QUOTE_NONE):
        voice, text, expected = ("", *row) if len(row) == 2 else (row[0], row[1], row[2])
        if text == "question":
            continue
        parts = frozenset(part.strip() for part in expected.split(",") if part.strip()) - FOREIGN
        questions.append(GoldenQuestion(text.strip(), parts, voice))
    return questions


def source_questions(material: Mapping[str, Any]) -> list[GoldenQuestion]:
    """The source's own questions, each expecting an entry that names its number."""
    return [
        GoldenQuestion(item["question_ja"], frozenset({str(item["number"])}), "source") for item in material["items"]
    ]


def measure(questions: Sequence[GoldenQuestion], ask: Callable[[str], Answer]) -> Measure:
    """Asks every question and counts: first, among the first three, mean of 1 / rank, foreign ones left open."""
    ranks = {question: _rank(question, ask(question.text)) for question in questions if not question.foreign}
    left_open = [not ask(question.text).settled for question in questions if question.foreign]
    return Measure(
        asked=len(ranks),
        hit_at_1=_share([rank == 1 for rank in ranks.values()]),
        hit_at_3=_share([0 < rank <= 3 for rank in ranks.values()]),
        mrr=_mean([1 / rank if rank else 0.0 for rank in ranks.values()]),
        foreign=len(left_open),
        foreign_not_settled=_share(left_open),
        misses=tuple(question.text for question, rank in ranks.items() if not 0 < rank <= 3),
    )


def _rank(question: GoldenQuestion, answer: Answer) -> int:
    """The place of the first right entry, 0 when there is none."""
    for place, hit in enumerate(answer.hits, start=1):
        if question.expected & {hit.entry.slug, *map(str, hit.entry.source_questions)}:
            return place
    return 0


def _share(values: Sequence[bool]) -> float | None:
    return _mean([float(value) for value in values])


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
