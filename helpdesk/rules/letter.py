"""The letter that answers an inquiry: how it begins and ends, whether it says anything yet, and how an entry joins it.
Pure."""

import re
import unicodedata
from collections.abc import Sequence

THANKS = "お問い合わせありがとうございます。"
NOTHING_SAID = "あいさつだけで、答えがまだ書かれていません。答えを書くか、FAQを入れてください。"

_NOISE = re.compile(r"[\s。、，．,.!！?？・「」…ー~〜\-]+")
_GREETINGS = (
    "お問い合わせ", "ありがとうございます", "ありがとうございました", "いただき", "まことに", "誠に", "このたびは", "この度は",
    "いつも", "お世話になっております", "お世話になります", "ご利用", "よろしくお願いいたします", "よろしくお願いします",
    "どうぞ", "何卒", "なにとぞ", "宜しくお願いいたします", "宜しくお願いします", "ヘルプデスク", "です", "以上",
    "失礼いたします", "失礼します", "ください", "を", "の",
)  # fmt: skip
_WORDS = re.compile("|".join(sorted((_NOISE.sub("", word) for word in _GREETINGS), key=len, reverse=True)))


def greeting(name: str) -> str:
    """How every answer begins."""
    return f"{name}様\n\n{THANKS}\n\n"


def says_nothing(text: str, name: str) -> bool:
    """Whether a letter holds only its greeting and closing: nothing is left without them."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    for called in (f"{name}様", f"{name}さま", f"{name}さん"):
        plain = plain.replace(_NOISE.sub("", unicodedata.normalize("NFKC", called)), "")
    return not _WORDS.sub("", plain)


def with_entry(text: str, entry: Sequence[str]) -> str:
    """The draft with the lines of an entry at its end, a blank line between; lines that stand in it already are
    not said twice."""
    known = {line.strip() for line in text.splitlines()}
    added = [line for line in entry if line and line.strip() not in known]
    return "\n\n".join(part for part in (text.rstrip(), "\n".join(added)) if part) + "\n"
