"""Names made comparable: one key for every way to write the same sound or letters.

``search_key`` is what the portal stores and what it makes of a query, so that both
sides fold alike: width, case, hiragana and katakana, small kana, voicing marks, long
marks, spaces and signs no longer matter; kanji variants that offices mix (髙/高, 﨑/崎,
澤/沢, 龍ヶ崎/龍ケ崎) count as one.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_KATAKANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}  # ァ … ヶ
_SMALL: Final = dict(zip(map(ord, "ぁぃぅぇぉっゃゅょゎゕゖ"), map(ord, "あいうえおつやゆよわかけ"), strict=True))
_OLD_KANA: Final = dict(zip(map(ord, "ゐゑを"), map(ord, "いえお"), strict=True))
_UNVOICED: Final = dict(
    zip(
        map(ord, "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゔ"),
        map(ord, "かきくけこさしすせそたちつてとはひふへほはひふへほう"),
        strict=True,
    )
)
_VARIANTS: Final = dict(
    zip(map(ord, "髙﨑嵜碕德濵濱澤邉邊齋齊斎廣櫻嶋槗眞國惠圓會學澁條"), "高崎崎崎徳浜浜沢辺辺斉斉斉広桜島橋真国恵円会学渋条", strict=True)
)  # fmt: skip
_LONG_MARKS: Final = "ー〜~"


def hiragana(text: str) -> str:
    """NFKC, katakana as hiragana: half-width ｶﾞ, full-width ガ and が become が. Nothing is dropped."""
    return unicodedata.normalize("NFKC", text).translate(_KATAKANA)


def katakana(text: str) -> str:
    """NFKC, hiragana as katakana, for forms that ask for カナ."""
    return unicodedata.normalize("NFKC", text).translate({low: high for high, low in _KATAKANA.items()})


def is_kana(text: str) -> bool:
    """Whether the text is written in kana alone (spaces, ・ and ー allowed) and not empty."""
    letters = [char for char in hiragana(text) if not char.isspace() and char not in "・ー゛゜"]
    return bool(letters) and all("ぁ" <= char <= "ゖ" for char in letters)


class _Fold(dict[int, str | None]):
    """A translation table that learns: each character is folded once, then looked up."""

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = self._fold(chr(code))
        return folded

    @staticmethod
    def _fold(char: str) -> str | None:
        text = unicodedata.normalize("NFKC", char).lower()
        for table in (_KATAKANA, _SMALL, _OLD_KANA, _UNVOICED, _VARIANTS):
            text = text.translate(table)
        kept = "".join(one for one in text if one not in _LONG_MARKS and unicodedata.category(one)[0] in "LN")
        return kept or None


_FOLD: Final = _Fold()
_HALF_WIDTH_MARKS: Final = dict.fromkeys(map(ord, "ﾞﾟ\u3099\u309a゛゜"))


def search_key(text: str) -> str:
    """The key under which a name or its kana is stored and sought. May be empty.

    Only letters and numbers are left; see the module text for what is folded.
    """
    return text.translate(_HALF_WIDTH_MARKS).translate(_FOLD)


def bigrams(key: str) -> frozenset[str]:
    """The pairs of neighbouring characters in a search key; none for a single character."""
    return frozenset(key[at : at + 2] for at in range(len(key) - 1))
