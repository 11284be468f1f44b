"""The corporate number (法人番号): a check digit and twelve digits.

The check digit stands first: 9 minus the remainder by 9 of the other twelve, weighted
1, 2, 1, 2, … from the right. Source: Ordinance on the corporate number, article 2.
"""

from __future__ import annotations

import unicodedata
from typing import Final, Literal

LENGTH: Final = 13

Problem = Literal["empty", "characters", "length"]


class CorporateNumberError(ValueError):
    """The text cannot be a corporate number. ``code`` for programs, ``text`` for people."""

    def __init__(self, code: Problem, text: str) -> None:
        super().__init__(text)
        self.code: Problem = code
        self.text = text


def normalize(text: str) -> str:
    """NFKC, without spaces, hyphens and a leading T (as on invoices). Never fails."""
    folded = unicodedata.normalize("NFKC", text)
    kept = "".join(char for char in folded if not char.isspace() and unicodedata.category(char) != "Pd")
    kept = kept.replace("\u2212", "")
    return kept.removeprefix("T").removeprefix("t")


def parse(text: str) -> str:
    """The thirteen digits that a person meant.

    Raises CorporateNumberError with code ``empty``, ``characters`` or ``length``. A
    failing check digit is not refused, see ``check_digit_holds``.
    """
    value = normalize(text)
    if not value:
        raise CorporateNumberError("empty", "法人番号を入れてください。13けたの番号です。")
    if not (value.isascii() and value.isdigit()):
        raise CorporateNumberError("characters", "法人番号は数字だけです。")
    if len(value) != LENGTH:
        raise CorporateNumberError("length", f"法人番号は13けたです。いまは{len(value)}けたです。")
    return value


def check_digit(last_twelve: str) -> int:
    """The check digit, 1 to 9, for the twelve digits after it."""
    total = sum(int(char) * (1 + at % 2) for at, char in enumerate(reversed(last_twelve)))
    return 9 - total % 9


def check_digit_holds(number: str) -> bool:
    """Whether thirteen digits begin with their check digit."""
    return int(number[0]) == check_digit(number[1:])
