"""Telephone numbers as they are really written: full-width digits, several kinds of
hyphen, brackets, or nothing between the parts.

Two forms: ``digits`` to search and compare, ``display`` to show. Where the parts are
not marked, nothing is invented: area codes have two to five digits, and only an office
itself knows its own, so unmarked numbers are shown unmarked, except for the prefixes
whose length is fixed (mobile, IP, toll-free).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_HYPHENS: Final = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\u2043\uff0d\ufe58\ufe63\u2500\u2501\u30fc\uff70\u02d7"), "-"
)  # fmt: skip
_BRACKETS: Final = re.compile(r"[()]+")
_MARKS: Final = re.compile(r"[0-9()\-.・/ ]+|^(?i:tel|電話)[:：]?")
_NOT_DIGIT: Final = re.compile(r"[^0-9]+")
_EDGES: Final = re.compile(r"^-+|-+$")
_PLAIN: Final = re.compile(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}")
_FIXED: Final = re.compile(r"(0[5789]0)([0-9]{4})([0-9]{4})|(0120)([0-9]{3})([0-9]{3})")


def _unified(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_HYPHENS)).translate(_HYPHENS)


def digits(text: str) -> str:
    """The digits alone, ASCII: for search and comparison. May be empty."""
    if text.isascii():
        return _NOT_DIGIT.sub("", text)
    return _NOT_DIGIT.sub("", _unified(text))


def is_plausible(number: str) -> bool:
    """Whether these digits can be dialled in Japan: one 0 first, ten or eleven of them."""
    return number.isdigit() and number[:1] == "0" and number[1:2] != "0" and len(number) in (10, 11)


def stray(text: str) -> str:
    """What stands in the text besides one number's digits and the marks between them, such as 内線; may be empty."""
    return _MARKS.sub("", _unified(text)).strip()


def near(number: str) -> list[str]:
    """The digits one digit or one swap of neighbours away, each once, without the number itself."""
    others = [
        number[:at] + digit + number[at + 1 :] for at in range(1, len(number)) for digit in "0123456789"
    ]  # fmt: skip
    swapped = [
        number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(1, len(number) - 1)
    ]  # fmt: skip
    return [one for one in dict.fromkeys([*others, *swapped]) if one != number]


def restore_zero(text: str) -> str:
    """Put back the leading zero that a spreadsheet dropped: ``594737987``, ``986-72-1000``.

    Only for text from files: nine digits without a leading 0, or ten of a mobile or IP
    number (``90…``, ``80…``, ``70…``, ``50…``). Anything else comes back as it was.
    """
    found = digits(text)
    lost = len(found) == 9 or (len(found) == 10 and found[:2] in {"50", "70", "80", "90"})
    if not lost or found[:1] == "0":
        return text
    return "0" + _unified(text).strip()


def display(text: str) -> str:
    """ASCII digits with ASCII hyphens between the parts: ``0859-00-0123``.

    Brackets count as hyphens. A number without marks stays without, unless its prefix
    has a fixed length. What has no digit at all gives an empty text.
    """
    if _PLAIN.fullmatch(text):
        return text
    marked = _BRACKETS.sub("-", _unified(text).strip())
    kept = re.sub(r"[^0-9-]+", "", marked)
    shown = _EDGES.sub("", re.sub(r"-{2,}", "-", kept))
    fixed = _FIXED.fullmatch(shown)
    if fixed:
        return "-".join(part for part in fixed.groups() if part)
    return shown
