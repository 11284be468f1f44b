"""What changed between two contents of an entry, field by field and line by line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LABELS = {
    "question": "質問",
    "short": "短い答え",
    "details": "くわしく",
    "yours": "事業所ごとの文",
    "yours_for": "その文を出す状態",
    "phone": "電話で伝える",
    "paper": "紙で渡す",
    "topic": "話題",
    "audience": "だれに",
    "status": "決まりぐあい",
    "source_questions": "説明会の質問",
    "rules": "規則",
    "related": "近い質問",
    "asks": "聞かれ方",
    "as_of": "いつの内容か",
    "review_on": "次に確かめる日",
    "owner": "担当",
}


@dataclass(frozen=True, slots=True)
class Line:
    """``sign``: "+" new, "-" gone, " " the same."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    lines: tuple[Line, ...]


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], choices: Mapping[str, Mapping[str, str]]
) -> list[FieldChange]:
    """The fields that changed, in the order in which an editor sees them; with ``before`` None all that is filled.
    ``choices``: the words for the values of a field, by field."""
    changed = []
    for name, label in LABELS.items():
        words = choices.get(name, {})
        old, new = ([words.get(line, line) for line in _lines(side.get(name))] for side in (before or {}, after))
        if old != new:
            changed.append(FieldChange(label, tuple(_compared(old, new))))
    return changed


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return str(value).splitlines()


def _compared(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """The changed lines with one unchanged line around them."""
    found = difflib.unified_diff(old, new, lineterm="", n=1)
    return [Line(line[0], line[1:]) for line in list(found)[2:] if not line.startswith("@@")]
