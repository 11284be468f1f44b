"""The business number: shape, check digit, neighbours. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan_portal.lib.japan import business_number as bn

WELL_FORMED = st.builds(
    lambda prefecture, kind, rest: f"{prefecture:02d}{kind}{rest:07d}",
    st.integers(0, 99),
    st.sampled_from(bn.CLASS_CHARACTERS),
    st.integers(0, 9_999_999),
)


@pytest.mark.parametrize(
    "typed",
    [
        "3170201432",
        " 3170201432 ",
        "31 7 02 0143 2",
        "31-7-02-0143-2",
        "３１７０２０１４３２",
        "３１－７－０２－０１４３－２",
        "31‐7‑02‒0143–2",
        "31—7―02−0143ｰ2",
        "31ー7　02\u00a00143\u200b2",
        "31\t7\n0201432",
        "\ufeff3170201432",
    ],
)
def test_every_spelling_is_the_same_number(typed: str) -> None:
    assert bn.parse(typed).value == "3170201432"


def test_letters_become_upper_case() -> None:
    assert bn.parse("13b1900012").value == "13B1900012"
    assert bn.parse("１３ｂ１９０００１２").value == "13B1900012"


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("", "empty", "入れてください"),
        (" 　-－ ", "empty", "入れてください"),
        ("317020143", "length", "1けた足りません"),
        ("31702014321", "length", "1けた多く"),
        ("31702O1432", "characters", "3けた目だけ"),
        ("3170201#32", "characters", "「#」"),
        ("事業所31702", "characters", "「事」"),
        ("31I0201432", "letter", "「I」は使われません"),
        ("31O0201432", "letter", "数字の「0」"),
        ("31q0201432", "letter", "「Q」"),
        ("A170201432", "characters", "3けた目だけ"),
        ("317020143²x", "length", "多く"),
    ],
)
def test_what_cannot_be_a_number_is_said_in_plain_words(typed: str, code: str, said: str) -> None:
    with pytest.raises(bn.BusinessNumberError) as caught:
        bn.parse(typed)
    assert caught.value.code == code
    assert said in caught.value.text


def test_digits_of_other_scripts_are_not_taken_for_ascii() -> None:
    assert not bn.is_well_formed("3170201٤32")
    with pytest.raises(bn.BusinessNumberError):
        bn.parse("3170201٤32")


def test_a_line_end_is_no_part_of_a_number() -> None:
    assert not bn.is_well_formed("3170201432\n")


def test_parts_of_a_number() -> None:
    number = bn.parse("31B0201432")
    assert (number.prefecture, number.kind, number.kind_name) == ("31", "B", "介護医療院")
    assert number.grouped == "31 B 02 0143 2"
    assert str(number) == "31B0201432"
    assert bn.parse("31Z0201432").kind_name == ""


def test_groups_of_unfinished_numbers() -> None:
    assert bn.grouped("31702") == "31 7 02"
    assert bn.grouped("31702014329") == "31 7 02 0143 2 9"
    assert bn.grouped("") == ""


@pytest.mark.parametrize(
    ("first_nine", "digits"),
    [
        # 000000000 sums to 0
        ("000000000", {0}),
        # from the right: 9·2=18→9
        ("270000009", {(-(9 + 7 + 4)) % 10}),
        # letters: B=11 twice 22→4; 1·2, 3·1 before it
        ("31B000000", {(-(6 + 1 + 4)) % 10}),
        # K=19 comes right after J=18 (I is skipped): 38→11
        ("27K000000", {(-(4 + 7 + 11)) % 10}),
        # R=24 after P=23 (Q is skipped), S=25, Z=32: 64→10
        ("27Z000000", {(-(4 + 7 + 10)) % 10}),
        # Tokyo, visiting nurse: long (1·2 + 3 + 6·2→3 = 8) or short (0)
        ("136000000", {2, 0}),
        ("115000000", {(-(2 + 1 + 1)) % 10, 0}),
        # Tokyo, designated: long only
        ("137000000", {(-(2 + 3 + 5)) % 10}),
        # class 6 elsewhere: long only
        ("276000000", {(-(4 + 7 + 3)) % 10}),
    ],
)
def test_check_digit_by_hand(first_nine: str, digits: set[int]) -> None:
    assert bn.check_digits(first_nine) == digits
    for digit in range(10):
        assert bn.check_digit_holds(f"{first_nine}{digit}") is (digit in digits)


def test_odd_numbers_are_hinted_at_and_never_refused() -> None:
    assert bn.parse("9970201430").hints == ("prefecture", "check_digit")
    right = next(iter(bn.check_digits("317020143")))
    assert bn.parse(f"317020143{right}").hints == ()
    assert bn.parse(f"317020143{(right + 1) % 10}").hints == ("check_digit",)


def test_near_numbers_of_a_slip() -> None:
    near = bn.near_numbers("3170201432")
    assert {"3170201442", "3170201342", "31B0201432", "1370201432"} <= near
    assert "3170201432" not in near
    assert "3170201423" in near
    assert "3170204132" in near
    assert "3170201999" not in near


def test_near_numbers_read_letters_as_the_digits_they_look_like() -> None:
    assert "3170201432" in bn.near_numbers("317O2O1432")
    assert "3110201432" in bn.near_numbers("31I0201432")


@pytest.mark.parametrize("typed", ["", "317020143", "31702014321", "なまえ"])
def test_near_numbers_need_ten_characters(typed: str) -> None:
    assert bn.near_numbers(typed) == frozenset()


@given(WELL_FORMED)
def test_normalizing_twice_is_normalizing_once(number: str) -> None:
    spelled = bn.grouped(number).replace(" ", "－").lower()
    assert bn.normalize(spelled) == number
    assert bn.normalize(bn.normalize(spelled)) == number
    assert bn.parse(spelled).value == number


@given(st.text(max_size=30))
def test_any_text_is_parsed_or_refused_with_a_sentence(text: str) -> None:
    if bn.is_well_formed(bn.normalize(text)):
        assert bn.parse(text).value == bn.normalize(text)
        return
    with pytest.raises(bn.BusinessNumberError) as caught:
        bn.parse(text)
    assert caught.value.code in {"empty", "characters", "length", "letter"}
    assert caught.value.text.endswith("。")


@given(WELL_FORMED)
def test_near_is_mutual(number: str) -> None:
    near = bn.near_numbers(number)
    assert all(bn.is_well_formed(one) for one in near)
    assert all(number in bn.near_numbers(one) for one in list(near)[:10])


@given(WELL_FORMED, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_breaks_the_check(number: str, at: int, shift: int) -> None:
    """Where only one check digit is possible, a single wrong digit always shows."""
    if at == 2 or number[2] in "13456":
        return
    number = number[:9] + str(next(iter(bn.check_digits(number[:9]))))
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert not bn.check_digit_holds(wrong)
