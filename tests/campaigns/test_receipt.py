import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules import SERIALS, NotAReceiptNumber, receipt_number, receipt_parse

NUMBERS = st.builds(receipt_number, st.integers(2025, 2099), st.integers(1, 12), st.integers(0, SERIALS - 1))


def test_the_shape_is_short_and_readable_aloud():
    assert receipt_number(2026, 4, 731846) == "FP-2604-731-846-" + receipt_number(2026, 4, 731846)[-1]


@given(NUMBERS)
def test_every_spelling_is_understood(number):
    wide = number.translate({ord(c): ord(c) + 0xFEE0 for c in number if c != "-"})
    for spelling in (
        number,
        number.lower(),
        number.replace("-", ""),
        number[3:],
        wide.replace("-", "ー"),
        f" {number} ",
    ):
        assert receipt_parse(spelling) == number


@given(NUMBERS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number, place, shift):
    digits = number.replace("-", "")[2:12]
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(NotAReceiptNumber):
        receipt_parse(wrong + number[-1])


@given(NUMBERS, st.integers(0, 8))
def test_two_swapped_neighbours_are_noticed(number, place):
    digits = number.replace("-", "")[2:12]
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped != digits:
        with pytest.raises(NotAReceiptNumber):
            receipt_parse(swapped + number[-1])


@pytest.mark.parametrize("text", ["", "FP-2604-731-846", "31 7 02 0143 2", "FP-2604-731-846-I", "あいう"])
def test_what_is_no_receipt_number(text):
    with pytest.raises(NotAReceiptNumber):
        receipt_parse(text)
