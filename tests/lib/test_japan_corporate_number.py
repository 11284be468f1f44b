"""The corporate number: shape and check digit. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan_portal.lib.japan import corporate_number as cn


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("8700110005901", "8700110005901"),
        ("８７００１１０００５９０１", "8700110005901"),
        ("8-7001-1000-5901", "8700110005901"),
        ("T8700110005901", "8700110005901"),
        (" 8 7001 1000 5901", "8700110005901"),
        ("8−7001−1000−5901", "8700110005901"),
    ],
)
def test_spellings(typed: str, value: str) -> None:
    assert cn.parse(typed) == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("870011000590", "length"),
        ("87001100059012", "length"),
        ("87001100059O1", "characters"),
    ],
)
def test_what_cannot_be_one(typed: str, code: str) -> None:
    with pytest.raises(cn.CorporateNumberError) as caught:
        cn.parse(typed)
    assert caught.value.code == code
    assert caught.value.text


def test_the_official_example() -> None:
    # The National Tax Agency's own worked example: 700110005901 carries 8.
    assert cn.check_digit("700110005901") == 8
    assert cn.check_digit_holds("8700110005901")
    assert not cn.check_digit_holds("7700110005901")


@given(st.integers(0, 999_999_999_999))
def test_a_check_digit_is_one_to_nine_and_holds(number: int) -> None:
    rest = f"{number:012d}"
    digit = cn.check_digit(rest)
    assert 1 <= digit <= 9
    assert cn.check_digit_holds(f"{digit}{rest}")
