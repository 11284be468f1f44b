"""What somebody typed, recognised by its shape."""

from typing import Any

import pytest

from campaigns.rules import receipt_number
from careplan_portal.lib.japan import phone
from helpdesk.rules.lookup import LONGEST, Question, about_number, slips, understand, without_legal_forms, words
from helpdesk.rules.places import apart, read_places
from helpdesk.rules.ticket import NotATicket, ticket_number, ticket_parse

RECEIPT = receipt_number(2026, 4, 731846)
TICKET = ticket_number(2026, 4, 731846)

SHAPES: list[tuple[str, dict[str, Any]]] = [
    ("3170201432", {"number": "3170201432"}),
    ("31 7 02 0143 2", {"number": "3170201432"}),
    ("３１７０２０１４３２", {"number": "3170201432"}),
    ("31-7-02-0143-2", {"number": "3170201432"}),
    ("31ー7ー02ー0143ー2", {"number": "3170201432"}),
    ("事業所番号：3170201432", {"number": "3170201432"}),
    ("番号 3170201432", {"number": "3170201432"}),
    ("o170102313", {"number": "0170102313"}),
    ("31702OI432", {"number": "3170201432"}),
    ("13a0000001", {"number": "13A0000001"}),
    ("0170102313", {"number": "0170102313", "phone": "0170102313"}),
    ("011-531-1338", {"number": "0115311338", "phone": "0115311338", "phone_first": True}),
    ("0115311338", {"number": "0115311338", "phone": "0115311338"}),
    ("(0859)21-5851", {"phone": "0859215851", "phone_first": True}),
    ("０８５９－２１－５８５１", {"phone": "0859215851", "phone_first": True, "number": "0859215851"}),
    ("+81-859-21-5851", {"phone": "0859215851"}),
    ("090 1234 5678", {"phone": "09012345678", "phone_first": True}),
    ("TEL 0859-21-5851", {"phone": "0859215851", "phone_first": True, "number": "0859215851"}),
    ("0859", {"number_part": "0859", "phone": "0859"}),
    ("085", {"number_part": "085"}),
    ("317020", {"number_part": "317020"}),
    ("31A0", {"number_part": "31A0"}),
    ("170102313", {"number_part": "170102313"}),
    ("2011001027780", {"corporate_number": "2011001027780"}),
    ("法人番号 2-0110-0102-7780", {"corporate_number": "2011001027780"}),
    ("T2011001027780", {"corporate_number": "2011001027780"}),
    (RECEIPT, {"receipt": RECEIPT}),
    (RECEIPT.lower().replace("-", " "), {"receipt": RECEIPT}),
    (RECEIPT.replace("FP-", "").replace("-", ""), {"receipt": RECEIPT}),
    ("FP-2604-731", {"receipt_part": "2604731"}),
    (TICKET, {"ticket": TICKET}),
    (TICKET.lower().replace("-", ""), {"ticket": TICKET}),
    ("Hana@Example.JP", {"mail": "hana@example.jp"}),
    ("ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ", {"mail": "hana@example.jp"}),
    ("米子 デイ", {"words": ("米子", "てい")}),
    ("よなご　いずみのその", {"words": ("よなこ", "いすみのその")}),
    ("ｲｽﾞﾐﾉｿﾉ", {"words": ("いすみのその",)}),
    ("第2デイ", {"words": ("第2てい",)}),
    ("３F", {"words": ("3f",)}),
    ("", {}),
    ("　", {}),
    ("・・・", {}),
]


@pytest.mark.parametrize(("typed", "expected"), SHAPES, ids=[typed or "empty" for typed, _ in SHAPES])
def test_a_text_is_recognised_by_its_shape(typed: str, expected: dict[str, Any]) -> None:
    question = understand(typed)
    found = {name: getattr(question, name) for name in Question.__slots__ if name != "text"}
    assert {name: value for name, value in found.items() if value} == expected
    assert question.is_empty == (not expected)


def test_a_long_paste_is_cut_and_never_fails() -> None:
    assert len(understand("あ" * 5000).text) == LONGEST


def test_words_are_kept_once_and_in_order() -> None:
    assert words("デイ 米子、デイ・ﾃﾞｲ") == ("てい", "米子")


def test_legal_forms_are_left_out_unless_nothing_is_left() -> None:
    assert without_legal_forms(words("株式会社ツクイ 米子")) == ("つくい", "米子")
    assert without_legal_forms(words("株式会社")) == ("株式会社",)


@pytest.mark.parametrize(
    ("typed", "code", "names"),
    [
        ("米子 デイ", "312029", ("てい",)),
        ("米子市 デイ", "312029", ("てい",)),
        ("よなご デイ", "312029", ("てい",)),
        ("よなごし デイ", "312029", ("てい",)),
        ("鳥取県 米子 つつじ", "312029", ("つつし",)),
        ("さっぽろ きたく さくら", "011029", ("さくら",)),
        ("札幌市北区 さくら", "011029", ("さくら",)),
    ],
)
def test_words_that_name_a_place(typed: str, code: str, names: tuple[str, ...]) -> None:
    reading = read_places(words(typed))[0]
    assert code in reading.codes
    assert reading.names == names


def test_a_prefecture_holds_its_municipalities_and_a_city_its_wards() -> None:
    assert "312029" in read_places(words("鳥取県 デイ"))[0].codes
    assert {"011002", "011011", "011029"} <= read_places(words("札幌 デイ"))[0].codes


def test_a_word_that_is_a_place_and_a_name_is_read_either_way() -> None:
    assert [reading.names for reading in read_places(words("北区 さくら"))] == [("さくら",), ("北区",), ()]


def test_no_place_no_reading() -> None:
    assert read_places(words("いずみの苑")) == ()


def test_ticket_numbers_need_their_letters_and_their_check() -> None:
    assert ticket_parse(TICKET.lower()) == TICKET
    for wrong in (RECEIPT, TICKET[2:], TICKET[:-1], TICKET[:-3] + "9" + TICKET[-2:], "TO"):
        if wrong != TICKET:
            with pytest.raises(NotATicket):
                ticket_parse(wrong)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("鳥取県米子市 しおさい", ("鳥取県", "米子市", "しおさい")), ("米子市川端町", ("米子市", "川端町")), ("よなご市しおさい", ("よなこ市", "しおさい")),
        ("米子のしおさい", ("米子", "しおさい")), ("みなとの風", ("みなとの風",)), ("米子の", ("米子の",)), ("しおさい", ("しおさい",)),
    ],
)  # fmt: skip
def test_places_stand_apart_from_what_is_written_next_to_them(typed: str, parts: tuple[str, ...]) -> None:
    assert apart(words(typed)) == parts


def test_the_beginning_of_a_place_names_it_only_when_asked() -> None:
    assert read_places(words("隠岐 さくら"))[0].names == ("隠岐",)
    assert "325287" in read_places(words("隠岐 さくら"), beginnings=True)[0].codes


def test_places_with_nothing_in_common_come_after_one_place_and_a_name() -> None:
    readings = read_places(words("隠岐の島 デイ さくら"))
    assert readings[0].names == ("てい", "さくら")
    assert [reading.scattered for reading in readings if reading.names] == [False, False, True]


def test_one_sound_misheard_leaves_a_pattern_for_each_place_of_a_long_word() -> None:
    assert slips("さくら") == []
    assert {"_おはの泉", "あお_の泉", "あおはの_", "あおの泉", "あお_はの泉"} <= set(slips("あおはの泉"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3170201432", "検査数字も合う"), ("3170201433", "検査数字が合わない"), ("9970201432", "はじめの2けた（99）"),
        ("31702014321", "いまは11けた"), ("31702", ""), ("みなとの風", ""), ("0859-00-0123", ""),
    ],
)  # fmt: skip
def test_what_is_said_of_a_number_that_no_office_has(typed: str, said: str) -> None:
    text = about_number(understand(typed))
    assert said in text
    assert bool(text) is bool(said)


def test_telephones_one_slip_away() -> None:
    near = phone.near("0859006777")
    assert {"0859006778", "0859006707", "0859007677"} <= set(near)
    assert "0859006777" not in near
    assert len(near) == len(set(near))
    assert all(number.startswith("0") for number in near)
