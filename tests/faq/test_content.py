"""The data files: complete, in the project's own words, with the facts right."""

import json
import re
from pathlib import Path

from faq.rules.content import UNDECIDED_BEGINS, Content
from faq.rules.golden import parse_golden
from faq.rules.text import fold
from faq.services.loading import DATA, read_entries

CONTENTS = read_entries()
GOLDEN = Path(__file__).parent / "golden"


def everything(content: Content) -> str:
    return "\n".join(
        [content.question, content.short, content.details, content.phone, content.paper, content.yours, *content.asks]
    )


def answers(content: Content) -> str:
    return "\n".join([content.short, content.details, content.phone, content.paper])


ALL = "\n".join(everything(content) for content in CONTENTS.values())


def test_every_source_question_has_an_entry() -> None:
    covered = {number for content in CONTENTS.values() for number in content.source_questions}
    assert covered == set(range(1, 71))


def test_shared_answers_stand_once() -> None:
    """Questions that share one answer in the source have one entry that names them all."""
    for shared in ((1, 2, 3), (25, 26, 27), (36, 37, 38), (47, 48), (54, 55), (62, 63)):
        assert any(set(shared) <= set(content.source_questions) for content in CONTENTS.values()), shared


def test_what_is_open_says_so_first() -> None:
    undecided = {slug for slug, content in CONTENTS.items() if content.status == "undecided"}
    assert {"fee-future", "subsidy-after", "equipment-future", "certification-info"} <= undecided
    for slug in undecided:
        assert CONTENTS[slug].short.startswith(UNDECIDED_BEGINS), slug


def test_contradictions_are_told() -> None:
    future = answers(CONTENTS["fee-future"])
    assert "質問13" in future
    assert "質問53" in future
    stopping = answers(CONTENTS["stop-how"])
    assert "質問10" in stopping
    assert "質問11" in stopping
    assert "2028年3月" in CONTENTS["april-may-start"].details
    assert "都道府県" in CONTENTS["municipal-support"].short
    assert "2025年4月14日" in CONTENTS["private-services"].short
    assert "Ver1.2.0" in CONTENTS["standard-v3-v4"].details
    assert "V4.1" in CONTENTS["tais-optional"].short


def test_amounts_are_right_everywhere() -> None:
    for slug, content in CONTENTS.items():
        text = answers(content)
        assert "21,00円" not in text, slug
        assert not re.search(r"(?:月額?|毎月)(?:に)?21,000円", text.replace("「毎月21,000円」", "")), slug
        assert set(re.findall(r"\d{1,3}(?:,\d{3})+円", text)) <= {"21,000円", "13,200円", "42,000円", "63,000円"}, slug
    assert "42,000円" in CONTENTS["cost-three-years"].short


def test_days_are_right() -> None:
    window = answers(CONTENTS["apply-window"])
    assert "2025年6月1日から2026年5月31日まで" in window
    assert "予定" in window
    year = answers(CONTENTS["free-year-length"])
    assert "2025年8月1日に申請すると、2026年7月31日まで" in year
    assert "2027年5月30日まで" in year
    spring = answers(CONTENTS["april-may-start"])
    assert "2026年4月15日から2027年4月14日まで" in spring


def test_words_of_the_visual_standard() -> None:
    """No scrutiny, no blame, no receipts for money; offices are 事業所."""
    for slug, content in CONTENTS.items():
        text = answers(content)
        assert "審査" not in text, slug
        assert "貴事業所" not in text, slug
        assert "届きました" not in text, slug
        assert content.short.endswith(("。", "）")), slug
        assert not content.question.endswith(("？", "?", "。")) or "。" in content.question[:-1], slug


def test_everybody_can_ask_in_several_ways() -> None:
    few = {slug: len(content.asks) for slug, content in CONTENTS.items() if len(content.asks) < 5}
    assert few == {}


def test_no_entry_is_a_dead_end() -> None:
    assert [slug for slug, content in CONTENTS.items() if not content.related] == []


def test_no_source_text_is_copied(shared_dir: Path) -> None:
    """Not one stretch of thirty characters of an answer or a question of the source."""
    items = json.loads((shared_dir / "seed" / "qa.json").read_text(encoding="utf-8"))["items"]
    ours = fold(ALL)
    copied = []
    for item in items:
        for text in (item["question_ja"], item["answer_ja"]):
            theirs = fold(text)
            copied += [theirs[at : at + 30] for at in range(len(theirs) - 29) if theirs[at : at + 30] in ours]
    assert copied == []


LONG_ENOUGH = 8
"""A measuring question of so many signs must not even stand inside a line of the data; a shorter one is a word."""


def test_no_measuring_question_stands_in_the_data(shared_dir: Path) -> None:
    """Otherwise the measure would measure nothing. Says how many and of which set, so that nobody reads a set that is
    kept aside."""
    data = {fold(ask) for content in CONTENTS.values() for ask in (*content.asks, content.question, content.short)}
    paths = [path for folder in (DATA, DATA / "asks", DATA / "entries") for path in folder.glob("*.toml")]
    data |= {fold(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()}
    everything_folded = "\n".join(data)
    for path in [*GOLDEN.glob("*.tsv"), shared_dir / "cases" / "faq_queries.tsv"]:
        questions = [fold(one.text) for one in parse_golden(path.read_text(encoding="utf-8").splitlines())]
        assert sum(text in data for text in questions) == 0, path.name
        assert sum(len(text) >= LONG_ENOUGH and text in everything_folded for text in questions) == 0, path.name
