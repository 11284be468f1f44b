"""受付番号: short, readable aloud, with a check character. `FP-2604-731-846-K`"""

import re
import unicodedata

# 23 letters without I, O and Q, which are misheard and misread as 1 and 0; 23 is prime, so one
# wrong digit or two swapped neighbours never keep the check character.
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
SERIALS = 1_000_000

_SHAPE = re.compile(r"(?:FP)?([0-9]{10})([A-HJ-NPR-Z])")


class NotAReceiptNumber(ValueError):
    """The text is not a receipt number, or its check character does not fit."""


def receipt_number(year: int, month: int, serial: int) -> str:
    """The number of the `serial`-th draw (0 to 999,999) of a month."""
    digits = f"{year % 100:02d}{month:02d}{serial:06d}"
    return _shown(digits, _check(digits))


def receipt_parts(number: str) -> tuple[int, int, int]:
    """Year, month and serial of a number as stored."""
    digits = re.sub(r"\D", "", number)
    return 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:10])


def receipt_parse(text: str) -> str:
    """The number as stored, from any spelling: full-width, lower case, without hyphens or `FP`.

    Raises NotAReceiptNumber.
    """
    plain = re.sub(r"[\s\-‐-―−ー－]", "", unicodedata.normalize("NFKC", text)).upper()
    match = _SHAPE.fullmatch(plain)
    if match is None or _check(match[1]) != match[2]:
        raise NotAReceiptNumber(text)
    return _shown(match[1], match[2])


def _check(digits: str) -> str:
    weighted = sum((place + 2) * int(digit) for place, digit in enumerate(digits))
    return LETTERS[weighted % len(LETTERS)]


def _shown(digits: str, check: str) -> str:
    return f"FP-{digits[:4]}-{digits[4:7]}-{digits[7:]}-{check}"
