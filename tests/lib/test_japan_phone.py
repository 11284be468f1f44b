"""Telephone numbers as offices write them. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan_portal.lib.japan import phone


@pytest.mark.parametrize(
    ("written", "digits", "shown"),
    [
        ("0859-00-0123", "0859000123", "0859-00-0123"),
        ("０８５９－００－０１２３", "0859000123", "0859-00-0123"),
        ("0859‐00‐0123", "0859000123", "0859-00-0123"),
        ("0859−00ｰ0123", "0859000123", "0859-00-0123"),
        ("0859ー00―0123", "0859000123", "0859-00-0123"),
        ("(0859)00-0123", "0859000123", "0859-00-0123"),
        ("（０８５９）-００-０１２３", "0859000123", "0859-00-0123"),
        ("0859 00 0123", "0859000123", "0859000123"),
        ("0859000123", "0859000123", "0859000123"),
        ("09000001234", "09000001234", "090-0000-1234"),
        ("05000001234", "05000001234", "050-0000-1234"),
        ("0120000000", "0120000000", "0120-000-000"),
        ("03-0000-0000", "0300000000", "03-0000-0000"),
        ("なし", "", ""),
        ("", "", ""),
    ],
)
def test_two_forms(written: str, digits: str, shown: str) -> None:
    assert phone.digits(written) == digits
    assert phone.display(written) == shown


@pytest.mark.parametrize(
    ("from_file", "restored"),
    [
        ("594000000", "0594000000"),
        ("986-00-1000", "0986-00-1000"),
        ("9000001234", "09000001234"),
        ("5000001234", "05000001234"),
        ("0594000000", "0594000000"),
        ("059400000", "059400000"),
        ("03-0000-0000", "03-0000-0000"),
        ("1234567", "1234567"),
        ("", ""),
    ],
)
def test_the_zero_a_spreadsheet_dropped(from_file: str, restored: str) -> None:
    assert phone.restore_zero(from_file) == restored


@pytest.mark.parametrize(
    ("digits", "plausible"),
    [
        ("0859000123", True),
        ("09000001234", True),
        ("859000123", False),
        ("085900012", False),
        ("", False),
        ("1859000123", False),
    ],
)
def test_plausible(digits: str, plausible: bool) -> None:
    assert phone.is_plausible(digits) is plausible


@given(st.text(max_size=20))
def test_display_keeps_the_digits(text: str) -> None:
    shown = phone.display(text)
    assert phone.digits(shown) == phone.digits(text)
    assert set(shown) <= set("0123456789-")
