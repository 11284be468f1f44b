"""How good the search must be. The sets are read as they stand; whoever changes entries runs faq_eval first."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from faq.queries import answer
from faq.rules.golden import Measure, measure, parse_golden, source_questions
from faq.rules.search import Answer

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"


def ask(text: str) -> Answer:
    return answer(text, limit=10)


def measured(path: Path) -> Measure:
    return measure(parse_golden(path.read_text(encoding="utf-8").splitlines()), ask)


def test_each_source_question_has_its_entry_first(loaded: None, shared_dir: Path) -> None:
    items = json.loads((shared_dir / "seed" / "qa.json").read_text(encoding="utf-8"))
    questions = source_questions(items)
    assert len(questions) == 70
    missed = [
        question.text[:40]
        for question in questions
        if not set(map(str, ask(question.text).hits[0].entry.source_questions)) & question.expected
    ]
    assert missed == []


def test_the_given_questions_are_found(loaded: None, shared_dir: Path) -> None:
    result = measured(shared_dir / "cases" / "faq_queries.tsv")
    assert result.hit_at_3 is not None
    assert result.hit_at_3 >= 0.95
    assert result.hit_at_1 is not None
    assert result.hit_at_1 >= 0.85


MARKS = {"vague": (0.80, 0.68)}
"""Least hit@3 and hit@1 of a set; the others hold what was promised."""
READ = {"own", "tuned"}
"""Sets that may be read; of the others a failure shows figures and no questions."""


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.tsv")), ids=lambda path: path.stem)
def test_every_set_of_the_checkout_holds_its_mark(loaded: None, path: Path) -> None:
    result = measured(path)
    said = result if path.stem in READ else replace(result, misses=())
    least_at_3, least_at_1 = MARKS.get(path.stem, (0.95, 0.80))
    assert (result.hit_at_3 or 0) >= least_at_3, said
    assert (result.hit_at_1 or 0) >= least_at_1, said
    assert result.foreign == 0 or (result.foreign_not_settled or 0) >= (0.80 if path.stem == "vague" else 0.90), said


def test_the_sets_are_large_and_of_six_voices() -> None:
    """At least 240 questions of six voices, the half that is kept aside by other people than the half tuned on."""
    sets = {path.stem: parse_golden(path.read_text(encoding="utf-8").splitlines()) for path in GOLDEN.glob("*.tsv")}
    tuned, kept = ({one.voice for one in sets[name]} for name in ("tuned", "kept"))
    assert len(sets["tuned"]) + len(sets["kept"]) >= 240
    assert len(tuned) == len(kept) == 3
    assert not tuned & kept
    assert sum(one.foreign for one in sets["kept"]) >= 30


def test_the_misses_of_a_set_kept_aside_are_not_printed(loaded: None) -> None:
    out = StringIO()
    call_command("faq_eval", "--misses", stdout=out)
    questions = parse_golden((GOLDEN / "kept.tsv").read_text(encoding="utf-8").splitlines())
    assert not any(len(one.text) > 8 and one.text[:60] in out.getvalue() for one in questions)


def test_faq_eval_prints_every_set(loaded: None) -> None:
    out = StringIO()
    call_command("faq_eval", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].split()[:4] == ["set", "asked", "hit@1", "hit@3"]
    assert any(line.startswith("own ") for line in lines)
    out = StringIO()
    call_command("faq_eval", "--json", stdout=out)
    assert json.loads(out.getvalue())["own"]["asked"] > 50
