"""Check codes of papers: drawn at random, short enough to read out, with a check character.

`LC-2604-7K3M-9XPA-R`: what it is, the month, eight drawn characters, the check character. Thirty-one
characters without 0, 1, I, O and Q, which are misread; 31 is prime, so one wrong character or two
swapped neighbours never keep the check character. Eight characters cannot be guessed by trying.
"""

import re
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPRSTUVWXYZ"
DRAWN = 8
CAPACITY: int = len(ALPHABET) ** DRAWN

_SHAPE = re.compile(rf"([A-Z]{{2}})([0-9]{{4}})([{ALPHABET}]{{{DRAWN}}})([{ALPHABET}])")
_BETWEEN = re.compile(r"[\s\-‐-―−ー－]")


class NotACheckCode(ValueError):
    """The text is not a check code, or its check character does not fit."""


def draw(prefix: str, year: int, month: int) -> str:
    """A new code; `prefix` is two letters."""
    return make(prefix, year, month, "".join(secrets.choice(ALPHABET) for _ in range(DRAWN)))


def make(prefix: str, year: int, month: int, drawn: str) -> str:
    """The code with these eight characters."""
    stamp = f"{year % 100:02d}{month:02d}"
    return _shown(prefix, stamp, drawn, _check(prefix, stamp, drawn))


def parse(text: str) -> str:
    """The code as stored, from any spelling: full-width, lower case, without hyphens.

    Raises NotACheckCode.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    match = _SHAPE.fullmatch(plain)
    if match is None or _check(match[1], match[2], match[3]) != match[4]:
        raise NotACheckCode(text)
    return _shown(*match.groups())


def letters_of(value: int) -> str:
    """A number from 0 to below CAPACITY as the eight characters of a code."""
    if not 0 <= value < CAPACITY:
        raise ValueError(value)
    letters = ""
    for _ in range(DRAWN):
        value, digit = divmod(value, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return letters


def number_of(code: str) -> int:
    """The number in a code as `parse` gives it: what `letters_of` was given."""
    value = 0
    for letter in code[8:12] + code[13:17]:
        value = value * len(ALPHABET) + ALPHABET.index(letter)
    return value


def _check(prefix: str, stamp: str, drawn: str) -> str:
    values = [ord(letter) - ord("A") for letter in prefix]
    values += [int(digit) for digit in stamp]
    values += [ALPHABET.index(char) for char in drawn]
    return ALPHABET[sum((place + 2) * value for place, value in enumerate(values)) % len(ALPHABET)]


def _shown(prefix: str, stamp: str, drawn: str, check: str) -> str:
    return f"{prefix}-{stamp}-{drawn[:4]}-{drawn[4:]}-{check}"
