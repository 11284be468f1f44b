"""Topics written into a note as one types: `#料金 #停止`. Pure."""

import re
import unicodedata
from collections.abc import Mapping

_TAG = re.compile(r"#([^\s#、。,，.]{2,20})")


def topics_in(text: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of `labels` that the tags of a text name, in the order of the text, each once. A tag names the
    first label that holds its word (#料金 is 料金と請求); one that names none stays a word of the text."""
    words = _TAG.findall(unicodedata.normalize("NFKC", text))
    named = (next((key for key, label in labels.items() if word in label), "") for word in words)
    return tuple(dict.fromkeys(key for key in named if key))


_ASKED = re.compile(r"^\s*(?:問|Q)\s*[:：]\s*(\S.*)$", re.MULTILINE | re.IGNORECASE)


def questions_in(text: str) -> tuple[str, ...]:
    """What was asked, word for word: the lines of a note that begin with 問： or Q:, each once, without that mark."""
    return tuple(dict.fromkeys(line.strip() for line in _ASKED.findall(unicodedata.normalize("NFKC", text))))
