"""Placeholders in an entry's own-office sentence: a fixed list of names, filled with values that are handed in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from careplan_portal.lib.words import ja_date, yen

Value = datetime.date | int

LABELS = {
    "term_end": "いまの期間のおわりの日",
    "renewal_date": "更新日",
    "last_stop_day": "やめる届けを出せる最後の日",
    "filing_from": "申請できる最初の日",
    "filing_until": "申請できる最後の日",
    "fee": "次の期間の料金（円）",
}

STATES = {
    "free": "フリーパスの期間中",
    "paid": "有償の期間中",
    "auto": "自動更新",
    "manual": "手動更新",
    "reserved": "フリーパスの予約あり",
    "stopping": "やめる届けを出している",
}
"""What an office's sentence may be limited to: it is shown only to offices for which all of its states hold."""

_BRACES = re.compile(r"\{\{\s*([a-z_]*)\s*\}\}")


def placeholder_names(text: str) -> list[str]:
    """The names in braces, in order, with repetitions, known or not."""
    return _BRACES.findall(text)


def placeholder_mistakes(text: str) -> list[str]:
    """What is wrong with a text's placeholders, in sentences for editors; empty when all is well."""
    unknown = [f"「{name}」という差し込みはありません。" for name in placeholder_names(text) if name not in LABELS]
    stray = ["差し込みの波かっこが閉じていません。"] if re.search(r"[{}]", _BRACES.sub("", text)) else []
    return unknown + stray


def fill(text: str, values: Mapping[str, Value | None]) -> str:
    """The sentences of the text whose placeholders all have a value; a sentence with a missing one is left out,
    so no braces are ever shown. Days are written as in sentences, the fee in yen."""
    sentences = re.findall(r"[^。]*。|[^。]+$", text)
    return "".join(_filled(sentence, values) for sentence in sentences).strip()


def _filled(sentence: str, values: Mapping[str, Value | None]) -> str:
    names = placeholder_names(sentence)
    if placeholder_mistakes(sentence) or any(values.get(name) is None for name in names):
        return ""
    return _BRACES.sub(lambda match: _written(values[match.group(1)]), sentence)


def _written(value: Value | None) -> str:
    if isinstance(value, datetime.date):
        return ja_date(value)
    return "" if value is None else yen(value)
