"""One key for every way to write the same name. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan_portal.lib.japan import kana


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("デイサービス　みなと", "ﾃﾞｲｻｰﾋﾞｽ みなと"),
        ("でいさーびす", "テイサヒス"),
        ("カイゴ　シエン", "かいごしえん"),
        ("ケアプランセンター灘", "けあぷらんせんたー灘"),
        ("ＡＢＣケア", "abcケア"),
        ("龍ヶ崎", "龍ケ崎"),
        ("髙﨑ケア", "高崎ケア"),
        ("訪問看護「すみれ」", "訪問看護すみれ"),
        ("キャッチ・ボール", "きやつちぼる"),
        ("ヴィラ", "ビラ".replace("ビ", "ウイ")),
        ("㈱みどり", "(株)みどり"),
        ("グループホーム1", "ｸﾞﾙｰﾌﾟﾎｰﾑ１"),
        ("ヲ", "お"),
    ],
)
def test_same_key(one: str, other: str) -> None:
    assert kana.search_key(one) == kana.search_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("みなと", "みさき"), ("灘", "港"), ("A1", "A2"), ("かき", "きか")])
def test_other_key(one: str, other: str) -> None:
    assert kana.search_key(one) != kana.search_key(other)


def test_marks_alone_give_nothing() -> None:
    assert kana.search_key("・ー　（）゛") == ""


def test_forms() -> None:
    assert kana.hiragana("ﾃﾞｲ サービス") == "でい さーびす"
    assert kana.katakana("でい さーびす") == "デイ サービス"
    assert kana.hiragana("漢字ヶ") == "漢字ゖ"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("カイゴ　シエン", True),
        ("かいごー", True),
        ("ｶｲｺﾞ", True),
        ("介護", False),
        ("A", False),
        ("", False),
        ("　", False),
    ],
)
def test_is_kana(text: str, expected: bool) -> None:
    assert kana.is_kana(text) is expected


def test_bigrams() -> None:
    assert kana.bigrams("みなと") == {"みな", "なと"}
    assert kana.bigrams("み") == frozenset()
    assert kana.bigrams("") == frozenset()


@given(st.text(max_size=20))
def test_a_key_is_its_own_key(text: str) -> None:
    key = kana.search_key(text)
    assert kana.search_key(key) == key


@given(st.text(alphabet="アイウエオガギグ介護 ーA1", max_size=12), st.text(alphabet="アガ介A1", min_size=1, max_size=4))
def test_a_part_is_found_in_the_whole(around: str, part: str) -> None:
    """What a caller says of a name is found, however the rest is written."""
    assert kana.search_key(part) in kana.search_key(around + part + around)
