"""The business number (事業所番号): ten characters that name a care office.

Prefecture 2, class 1, county or city 2, serial 4, check digit 1. The class is a
digit or a letter other than I, O and Q. Source: DOMAIN, "Business number".

Only the shape can be refused. A failing check digit or a prefecture that does not
exist is a hint: real offices have such numbers, so nobody is turned away for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

LENGTH: Final = 10
PATTERN: Final = r"^[0-9]{2}[0-9A-HJ-NPR-Z][0-9]{7}$"
"""The shape, for the database and for forms; ASCII digits only."""

CLASS_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
CLASS_NAMES: Final = {
    "0": "地域包括支援センター",
    "1": "医療機関",
    "3": "歯科",
    "4": "薬局",
    "5": "介護老人保健施設",
    "6": "訪問看護ステーション",
    "7": "指定事業所",
    "8": "基準該当事業所",
    "9": "地域密着型サービス",
    "A": "総合事業",
    "B": "介護医療院",
}

GROUPS: Final = (2, 1, 2, 4, 1)
"""How the number is printed and read out: 31 7 02 0143 2."""

Problem = Literal["empty", "characters", "length", "letter"]
Hint = Literal["check_digit", "prefecture"]

_SHAPE = re.compile(PATTERN)
_DROPPED = dict.fromkeys(
    map(ord, " \t\r\n\u00a0\u200b\u200c\u200d\ufeff" + "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\u2043"
        "\uff0d\ufe58\ufe63\u2500\u2501\u30fc\uff70\u30a0\u3030\u02d7\u2e3a\u2e3b"),
)  # fmt: skip
_LOOKALIKES = {"I": "1", "O": "0", "Q": "0"}


class BusinessNumberError(ValueError):
    """The text cannot be a business number. ``code`` for programs, ``text`` for people."""

    def __init__(self, code: Problem, text: str) -> None:
        super().__init__(text)
        self.code: Problem = code
        self.text = text


@dataclass(frozen=True, slots=True)
class BusinessNumber:
    """A well-formed business number and what its parts say."""

    value: str

    @property
    def prefecture(self) -> str:
        """The first two characters; "01" to "47" exist."""
        return self.value[:2]

    @property
    def kind(self) -> str:
        """The class character, see CLASS_NAMES."""
        return self.value[2]

    @property
    def kind_name(self) -> str:
        """The class in Japanese, empty where no official name is known."""
        return CLASS_NAMES.get(self.kind, "")

    @property
    def grouped(self) -> str:
        """2-1-2-4-1 with spaces: ``31 7 02 0143 2``."""
        return grouped(self.value)

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What looks odd without being refused."""
        found: list[Hint] = []
        if not prefecture_exists(self.value):
            found.append("prefecture")
        if not check_digit_holds(self.value):
            found.append("check_digit")
        return tuple(found)

    def __str__(self) -> str:
        return self.value


def normalize(text: str) -> str:
    """NFKC, upper case, without spaces and hyphens or dashes of any kind. Never fails."""
    if is_well_formed(text):
        return text
    folded = unicodedata.normalize("NFKC", text.translate(_DROPPED))
    return "".join(folded.upper().translate(_DROPPED).split())


def is_well_formed(text: str) -> bool:
    """Whether ``text``, as it stands, has the shape of a business number."""
    return _SHAPE.match(text) is not None and len(text) == LENGTH


def parse(text: str) -> BusinessNumber:
    """The number that a person meant by ``text``.

    Raises BusinessNumberError with code ``empty``, ``characters``, ``length`` or ``letter``
    (I, O or Q as class). The check digit is not looked at: see ``BusinessNumber.hints``.
    """
    value = normalize(text)
    if not value:
        raise BusinessNumberError("empty", "事業所番号を入れてください。10けたの番号です。")
    strange = sorted({char for char in value if not (char.isascii() and char.isalnum())})
    if strange:
        listed = "、".join(f"「{char}」" for char in strange[:3])
        raise BusinessNumberError(
            "characters", f"事業所番号に使えない文字{listed}があります。数字と英字だけで入れてください。"
        )
    if len(value) != LENGTH:
        raise BusinessNumberError("length", _length_sentence(len(value)))
    if value[2] in _LOOKALIKES:
        raise BusinessNumberError(
            "letter",
            f"3けた目に「{value[2]}」は使われません。数字の「{_LOOKALIKES[value[2]]}」ではないか、確かめてください。",
        )
    if not is_well_formed(value):
        raise BusinessNumberError(
            "characters", "事業所番号で英字があるのは3けた目だけです。ほかは数字で入れてください。"
        )
    return BusinessNumber(value)


def _length_sentence(length: int) -> str:
    if length < LENGTH:
        return (
            f"事業所番号は10けたです。いまは{length}けたで、{LENGTH - length}けた足りません。"
            "先頭の0が抜けていないか、確かめてください。"
        )
    return f"事業所番号は10けたです。いまは{length}けたで、{length - LENGTH}けた多くなっています。"


def grouped(number: str) -> str:
    """``number`` in groups 2-1-2-4-1 with spaces; too long or too short is kept as far as it goes."""
    parts, at = [], 0
    for width in GROUPS:
        parts.append(number[at : at + width])
        at += width
    return " ".join(part for part in [*parts, number[at:]] if part)


def prefecture_exists(number: str) -> bool:
    """Whether the first two characters are one of the 47 prefectures."""
    return "01" <= number[:2] <= "47"


# --- check digit -------------------------------------------------------------------


def _digit_sum(product: int) -> int:
    return sum(map(int, str(product)))


_VALUES: Final = {char: at for at, char in enumerate(CLASS_CHARACTERS)}
_ONCE: Final = {char: _digit_sum(value) for char, value in _VALUES.items()}
_TWICE: Final = {char: _digit_sum(2 * value) for char, value in _VALUES.items()}
_SHORT_CLASSES: Final = frozenset("13456")
_SHORT_PREFECTURES: Final = frozenset({"11", "12", "13", "14"})


def check_digits(first_nine: str) -> frozenset[int]:
    """The check digits, 0 to 9, that may follow the first nine characters: one or two.

    Modulus 10, weights 2-1-2-… from the right, digits of the products summed, letters
    A=10 … Z=32 without I, O, Q. In prefectures 11 to 14, classes 1, 3, 4, 5 and 6 also
    carry one over characters 4 to 9 alone. Both are in use there (of Tokyo's visiting
    nurses 84 % have the long one, of Saitama's none), so either counts. Expects
    well-formed characters (KeyError otherwise).
    """
    short = (
        _TWICE[first_nine[8]]
        + _ONCE[first_nine[7]]
        + _TWICE[first_nine[6]]
        + _ONCE[first_nine[5]]
        + _TWICE[first_nine[4]]
        + _ONCE[first_nine[3]]
    )
    long = short + _TWICE[first_nine[2]] + _ONCE[first_nine[1]] + _TWICE[first_nine[0]]
    if first_nine[2] in _SHORT_CLASSES and first_nine[:2] in _SHORT_PREFECTURES:
        return frozenset((-long % 10, -short % 10))
    return frozenset((-long % 10,))


def check_digit_holds(number: str) -> bool:
    """Whether a well-formed number ends with a check digit of its own. False is a warning,
    never a refusal: about one real number in a thousand fails."""
    return int(number[9]) in check_digits(number[:9])


# --- numbers nearby ----------------------------------------------------------------


def near_numbers(text: str) -> frozenset[str]:
    """Well-formed numbers one character or one swap of neighbours away from ``text``.

    ``text`` is normalised first; I, O and Q count as the digits they look like. Ten
    characters are expected: nine or eleven give nothing. About 130 candidates, without
    the number itself, whatever their check digits. Which of them exist is for the caller.
    """
    value = normalize(text)
    readable = "".join(_LOOKALIKES.get(char, char) for char in value)
    if len(value) != LENGTH:
        return frozenset()
    found = {readable, *_one_character_away(readable), *_one_swap_away(readable)} - {value}
    return frozenset(number for number in found if is_well_formed(number))


def _one_character_away(value: str) -> Iterator[str]:
    for at in range(LENGTH):
        for char in CLASS_CHARACTERS if at == 2 else "0123456789":
            yield value[:at] + char + value[at + 1 :]


def _one_swap_away(value: str) -> Iterator[str]:
    for at in range(LENGTH - 1):
        yield value[:at] + value[at + 1] + value[at] + value[at + 2 :]
