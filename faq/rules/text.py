"""Japanese text made comparable: width, kana, long vowels, other spellings; sentences of a long question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_KATAKANA = re.compile(r"[ァ-ヶ]")
_NOISE = re.compile(r"[^0-9a-zぁ-ゖ一-鿿々〆]+")
_BREAK = re.compile(r"[\s、。,.!?・「」『』()…]+")
_SENTENCE_END = re.compile(r"[。．!?\n]+|(?<=[かねよ])、")
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")

MAX_LENGTH = 2000
"""Longer questions are cut: nothing useful stands behind two thousand characters."""


def clean(text: str) -> str:
    """The text in one width (NFKC), lower case, without control characters, at most MAX_LENGTH characters."""
    normal = unicodedata.normalize("NFKC", text[:MAX_LENGTH]).lower()
    return "".join(" " if unicodedata.category(sign) in {"Cc", "Cf"} else sign for sign in normal).strip()


def hiragana(text: str) -> str:
    """Katakana as hiragana; everything else unchanged."""
    return _KATAKANA.sub(lambda match: chr(ord(match.group()) - 0x60), text)


def fold(text: str) -> str:
    """What two spellings of the same thing share: one width, hiragana, no long vowel marks, no small kana,
    no spaces or punctuation. ``データー`` and ``ﾃﾞｰﾀ`` become the same."""
    return "".join(runs(text))


def runs(text: str) -> list[str]:
    """The folded text in its pieces between punctuation, so that nothing is found across a full stop."""
    pieces = _BREAK.split(hiragana(clean(text)).translate(_SMALL))
    return [run for piece in pieces if (run := _NOISE.sub("", piece))]


class Spellings:
    """Other and wrong spellings, set right in one pass (the longest first), on text that ``clean`` made."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._right = {clean(wrong): clean(right) for wrong, right in pairs.items()}
        words = sorted(self._right, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words))) if words else None

    def apply(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self._right[match.group()], text)


def sentences(text: str) -> list[str]:
    """The sentences of a question, without empty ones."""
    return [part.strip() for part in _SENTENCE_END.split(clean(text)) if part.strip()]


def grams(pieces: list[str], size: int) -> list[str]:
    """All stretches of ``size`` characters of a text's runs, in order, with repetitions."""
    return [piece[start : start + size] for piece in pieces for start in range(len(piece) - size + 1)]
