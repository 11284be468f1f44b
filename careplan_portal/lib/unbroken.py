"""Sentences whose dates and numbers stay in one piece at the end of a line.

Japanese breaks between any two characters, so 2026年5月31日（日） would part anywhere. What has to be read as one is put
into ``<span class="nobr">``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from careplan_portal.lib.markup import escaped

_WEEKDAY = r"(?:[（(][月火水木金土日][）)])?"
# One set of first characters, then what may follow each: a search for alternatives takes five times as long.
_WHOLE = re.compile(
    r"[<0-9A-Z年第](?:"
    # Of text that is markup already: what holds no sentence or is whole as it is, and each tag with its attributes.
    r"(?<=<)(?P<left>(?P<raw>textarea|option|script|svg|time)\b.*?</(?P=raw)>|span class=\"nobr\">[^<]*</span>|[^>]*>)"
    # 6月28日, 12月29日〜1月3日, 5月31日（日）
    rf"|(?<=[0-9])(?:\d?月\d{{1,2}}日(?:[〜～]\d{{1,2}}月\d{{1,2}}日|{_WEEKDAY})"
    # 1年間, 2025年6月, 2026年5月31日（日）
    rf"|\d{{0,3}}年(?:\d{{1,2}}月(?:\d{{1,2}}日{_WEEKDAY})?|間)"
    # 21,000円, 年21,000円
    r"|[\d,]*円)|(?<=年)\d[\d,]*円"
    # 17時08分, 10 km以内, 第2版
    r"|(?<=[0-9])\d?時\d{1,2}分|(?<=[0-9])[\d.]* ?km(?:以内)?|(?<=第)\d+版"
    # FP-2604-731-846-K, which would part before its last letter; not where it is the end of an address
    r"|(?<=[A-Z])(?<![\w/-].)[A-Z]-[0-9A-Z]+(?:-[0-9A-Z]+)+)",
    re.DOTALL,
)


# Longer texts are whole blocks of a page, which are seldom the same twice.
_SENTENCE = 500


def whole_dates(text: Any) -> SafeString:
    """The text, escaped unless it is markup, with its dates, amounts and receipt numbers unbreakable."""
    shown = escaped(text)
    return _sentence(shown) if len(shown) <= _SENTENCE else _unbroken(shown)


def _unbroken(shown: str) -> SafeString:
    return mark_safe(_WHOLE.sub(_kept, shown))  # noqa: S308 - escaped


# The same sentences stand on page after page of a day.
_sentence = lru_cache(maxsize=4096)(_unbroken)


def _kept(found: re.Match[str]) -> str:
    return found[0] if found["left"] else f'<span class="nobr">{found[0]}</span>'
