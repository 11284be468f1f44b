"""Reading Japanese, finding entries, marking, filling in dates, Markdown: without a database."""

import datetime

import pytest

from faq.rules.content import Content, ContentError, content_mistakes, next_review, parse_entry
from faq.rules.difference import differences
from faq.rules.golden import GoldenQuestion, measure, parse_golden
from faq.rules.highlight import asked_words, highlight
from faq.rules.index import EntryText, Knowledge, Lexicon, build
from faq.rules.learning import masked, same_question
from faq.rules.markup import links, plain_lines, render
from faq.rules.placeholders import fill, placeholder_mistakes
from faq.rules.search import Answer, search
from faq.rules.text import MAX_LENGTH, Spellings, fold, sentences
from faq.rules.words import Vocabulary, read

VOCABULARY = Vocabulary(
    {"提供表": "提供票", "フリーバス": "フリーパス"},
    {"money": ("料金", "お金", "いくら"), "stop": ("やめる", "解約"), "pc": ("パソコン", "PC"), "sort": ("スキャン",)},
)
ENTRIES = (
    EntryText(
        "fee", "利用料はいくらですか", "年21,000円です。", ("事業所番号ごとです。",), ("料金", "値段を知りたい"), (28,)
    ),
    EntryText("stop", "利用をやめるには", "届け出ます。", (), ("解約したい", "途中でやめたい"), (10, 11)),
    EntryText("pc", "パソコンは何台で使えますか", "1台がすすめです。", (), ("端末の台数",), (40,)),
    EntryText("table", "提供票のまちがい", "直してもらってください。", (), ("提供票が誤りだらけ",), (69,)),
)
OUTSIDE = ("明日の天気", "確定申告の期限", "電車の時刻")
INDEX = build(Knowledge(ENTRIES, VOCABULARY, OUTSIDE, ("天気", "税金", "ガス")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("データー", "ﾃﾞｰﾀ"),
        ("ＡＰＩ連携", "api 連携"),
        ("フリーパス", "ふりーぱす"),
        ("ユーザー", "ユーザ"),
        ("チェックシート", "ちえつくしいと".replace("しい", "し")),
        ("「料金」？", "料金"),
    ],
)
def test_spellings_of_the_same_fold_into_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_takes_anything_and_ends() -> None:
    assert fold("") == fold("　。、！？") == ""
    assert fold("\x00\u200b料\x07金") == "料金"
    assert len(fold("あ" * 10 * MAX_LENGTH)) == MAX_LENGTH


def test_spellings_are_set_right_once_and_the_longest_first() -> None:
    spell = Spellings({"申込": "申し込み", "申込み": "申し込み", "ab": "b"})
    assert spell.apply("申込みと申込書") == "申し込みと申し込み書"
    assert spell.apply("aab") == "ab"
    assert Spellings({}).apply("そのまま") == "そのまま"


def test_sentences_of_a_long_question() -> None:
    assert sentences("使えますか？ 教えて。\n料金は") == ["使えますか", "教えて", "料金は"]
    assert sentences("できるのか、知りたい") == ["できるのか", "知りたい"]


def test_nothing_is_found_across_punctuation() -> None:
    assert "sort" not in read("使います。キャンペーンは", VOCABULARY).concepts
    assert "sort" in read("スキャンする", VOCABULARY).concepts


@pytest.mark.parametrize("form", ["やめたい", "やめます", "やめられますか", "解約できる"])
def test_verbs_belong_to_their_group_in_any_form(form: str) -> None:
    assert "stop" in read(form, VOCABULARY).concepts


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("いくらかかるの", "fee"),
        ("りょうきん", "fee"),
        ("かいやくしたい", "stop"),
        ("とちゅうでやめたい", "stop"),
        ("ＰＣ２台めもＯＫ？", "pc"),
        ("提供表がまちがっている", "table"),
    ],
)
def test_spoken_short_and_misspelt_questions_find_their_entry(question: str, slug: str) -> None:
    found = search(INDEX, question)
    assert found.settled, found.sure
    assert found.hits[0].entry.slug == slug


@pytest.mark.parametrize("question", ["明日は天気がいいですか", "税金の計算", "zzzz", "", "？！", "ラーメンが食べたい"])
def test_foreign_questions_are_not_settled(question: str) -> None:
    assert search(INDEX, question).hits == ()


def test_a_word_of_two_kana_is_no_foreign_word_inside_another() -> None:
    assert search(INDEX, "料金がすぐ知りたい").settled


def test_scores_fall_and_the_limit_holds() -> None:
    hits = search(INDEX, "やめるときの料金", limit=2).hits
    assert 1 <= len(hits) <= 2
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_long_question_is_read_sentence_by_sentence() -> None:
    long = (
        "お世話になっております。" * 8
        + "ところで、途中でやめることはできるのでしょうか。"
        + "よろしくお願いいたします。" * 5
    )
    assert search(INDEX, long).hits[0].entry.slug == "stop"
    assert search(INDEX, "料金" * 5000).hits[0].entry.slug == "fee"


def test_an_empty_index_settles_nothing() -> None:
    empty = build(Knowledge((), Vocabulary(), OUTSIDE, ()))
    assert search(empty, "料金").hits == ()


def test_readings_are_kept_between_builds_and_dropped_with_the_words() -> None:
    lexicon = Lexicon()
    (first,) = lexicon.features(["料金"], VOCABULARY)
    assert lexicon.features(["解約", "料金"], VOCABULARY)[1] is first
    other = Vocabulary({}, {"fee": ("料金",)})
    (again,) = lexicon.features(["料金"], other)
    assert lexicon.numbers["cfee"] in again
    assert lexicon.numbers["cfee"] not in first


def test_an_index_stays_right_while_its_lexicon_grows() -> None:
    lexicon = Lexicon()
    one = build(Knowledge(ENTRIES[:2], VOCABULARY), lexicon)
    before = [hit.entry.slug for hit in search(one, "解約したい").hits]
    build(Knowledge(ENTRIES, VOCABULARY, OUTSIDE), lexicon)
    assert [hit.entry.slug for hit in search(one, "解約したい").hits] == before
    assert not search(one, "端末の台数").settled


def test_shared_words_and_meanings_are_marked() -> None:
    pieces = highlight("途中でやめると、お金はかかりますか", asked_words("解約の料金", VOCABULARY))
    assert [piece.text for piece in pieces if piece.marked] == ["やめる", "お金"]
    assert "".join(piece.text for piece in pieces) == "途中でやめると、お金はかかりますか"
    assert not any(piece.marked for piece in highlight("提供票のこと", asked_words("パソコン", VOCABULARY)))


VALUES = {"term_end": datetime.date(2027, 4, 14), "fee": 21000, "renewal_date": None}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{term_end}}までです。", "2027年4月14日（水）までです。"),
        ("{{ fee }}かかります。次は{{renewal_date}}です。", "21,000円かかります。"),
        ("{{renewal_date}}です。", ""),
        ("{{secret_key}}です。", ""),
        ("{{term_end}です。", ""),
        ("そのままです。", "そのままです。"),
        ("", ""),
    ],
)
def test_placeholders_are_filled_or_their_sentence_left_out(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled
    assert "{" not in fill(text, {})


def test_mistakes_in_placeholders_are_named() -> None:
    assert placeholder_mistakes("{{term_end}}まで") == []
    assert "user" in placeholder_mistakes("{{user}}")[0]
    assert placeholder_mistakes("{{term_end}まで")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[押す](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        '<a href="https://example.jp" onclick="x">a</a>',
        "<style>*{}</style><iframe src='//evil'></iframe>",
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_markdown_lets_nothing_dangerous_through(text: str) -> None:
    html = render(text).lower()
    assert "<script" not in html
    assert "<img" not in html
    assert "<iframe" not in html
    assert "<style" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_markdown_keeps_lists_tables_emphasis_and_links() -> None:
    html = render("- **太字**\n- [リンク](https://example.jp/)\n\n|a|b|\n|---|---:|\n|1|2|\n")
    assert "<strong>太字</strong>" in html
    assert 'href="https://example.jp/"' in html
    assert '<ul class="list-marks">' in html
    assert '<table class="tbl">' in html
    assert '<td class="r">2</td>' in html
    assert "style=" not in html


def test_links_and_plain_lines() -> None:
    text = "- [案内](https://example.jp/a) を見ます。\n1. `FP-2604`\n\n| a | b |\n|---|---|"
    assert links(text) == ["https://example.jp/a"]
    assert plain_lines(text) == ["案内 を見ます。", "FP-2604", "a b"]


def content(**changes: object) -> Content:
    values: dict[str, object] = {
        "topic": "fee",
        "question": "利用料はいくらですか",
        "short": "年21,000円です。",
        "details": "- くわしく",
        "phone": "1年で2万1千円です。",
        "paper": "年21,000円です。",
        "audience": ("office",),
        "as_of": datetime.date(2025, 4, 14),
        "review_on": datetime.date(2027, 4, 14),
    }
    return Content(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"short": ""}, "short"),
        ({"question": "あ" * 121}, "120"),
        ({"audience": ()}, "だれに"),
        ({"status": "maybe"}, "決まりぐあい"),
        ({"status": "undecided"}, "未定です"),
        ({"source_questions": (71,)}, "70"),
        ({"rules": ("R17",)}, "R16"),
        ({"review_on": datetime.date(2025, 4, 14)}, "次に確かめる日"),
        ({"phone": "あ" * 61}, "60"),
        ({"yours": "{{password}}です。"}, "password"),
        ({"yours_for": ("rich",)}, "rich"),
        ({"details": "{{term_end}}まで"}, "事業所ごとの文"),
        ({"details": "[x](ftp://example.jp)"}, "飛べません"),
    ],
)
def test_every_mistake_of_a_content_is_said(changes: dict[str, object], said: str) -> None:
    assert content_mistakes(content()) == []
    assert said in " ".join(content_mistakes(content(**changes)))


def test_a_content_survives_json_and_its_digest_tells_changes() -> None:
    one = content(asks=("a", "b"), source_questions=(1, 2))
    assert Content.from_json(one.as_json()) == one
    assert one.digest() == Content.from_json(one.as_json()).digest() != content().digest()
    with pytest.raises(ContentError):
        Content.from_json({"question": "だけ"})


def test_a_file_entry_that_lacks_something_is_refused_by_name() -> None:
    with pytest.raises(ContentError, match="fee-x"):
        parse_entry({"slug": "fee-x", "topic": "fee"})


@pytest.mark.parametrize(
    ("as_of", "status", "expected"),
    [
        (datetime.date(2025, 4, 14), "settled", datetime.date(2027, 4, 14)),
        (datetime.date(2025, 4, 14), "undecided", datetime.date(2026, 4, 14)),
        (datetime.date(2028, 2, 29), "partly", datetime.date(2029, 2, 28)),
        (datetime.date(2028, 2, 29), "settled", datetime.date(2030, 2, 28)),
    ],
)
def test_the_next_review(as_of: datetime.date, status: str, expected: datetime.date) -> None:
    assert next_review(as_of, status) == expected


def test_differences_by_field_and_line() -> None:
    before, after = content(), content(short="年22,000円です。", asks=("料金",))
    changes = {change.label: change.lines for change in differences(before.as_json(), after.as_json(), {})}
    assert set(changes) == {"短い答え", "聞かれ方"}
    assert [(line.sign, line.text) for line in changes["短い答え"]] == [
        ("-", "年21,000円です。"),
        ("+", "年22,000円です。"),
    ]
    assert differences(before.as_json(), before.as_json(), {}) == []
    assert "質問" in {change.label for change in differences(None, before.as_json(), {})}
    named = differences(None, before.as_json(), {"status": {"settled": "決まっています"}})
    assert [line.text for change in named if change.label == "決まりぐあい" for line in change.lines] == [
        "決まっています"
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("番号は3170201432です", "番号は…です"),
        ("電話 090-1234-5678", "電話 …"),
        ("a.tanaka@mail.example.jp へ", "… へ"),
        ("21,000円は高い", "21,000円は高い"),
        ("2026年4月15日から", "2026年4月15日から"),
    ],
)
def test_questions_are_masked(text: str, kept: str) -> None:
    assert masked(text) == kept
    assert same_question(" 料金？ ") == same_question("料金")


def test_the_measure_counts_ranks_and_open_questions() -> None:
    lines = [
        "voice\tquestion\tsource_questions",
        "clerk\t料金\t28",
        "nurse\t解約\t12,pc",
        "other\t天気\tforeign",
        "x\t69",
    ]
    questions = parse_golden(lines)
    assert [question.text for question in questions] == ["料金", "解約", "天気", "x"]
    assert questions[2].foreign
    result = measure(questions, lambda text: search(INDEX, text))
    assert (result.asked, result.foreign, result.foreign_not_settled) == (3, 1, 1.0)
    assert result.hit_at_1 == round(1 / 3, 4)
    assert measure([], lambda _: Answer((), 0)).hit_at_1 is None
    assert measure([GoldenQuestion("解約", frozenset({"stop"}))], lambda text: search(INDEX, text)).mrr == 1.0
