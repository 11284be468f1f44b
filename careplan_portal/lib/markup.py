"""HTML written in Python: ``escaped`` and ``markup`` are Django's ``conditional_escape`` and ``format_html`` for texts
that exist already.

Django's own also keep texts lazy that are translated later, which takes five times as long as the escaping; a page
has a hundred of them, and the portal has one language. A lazy text is written out here.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe


def escaped(value: Any) -> str:
    """The value as text with ``& < > " '`` escaped; what is marked safe (``__html__``) stays as it is."""
    if type(value) is str:
        return html.escape(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return html.escape(str(value))


def markup(pattern: str, *values: Any) -> SafeString:
    """``pattern.format(*values)`` with every value escaped unless it is marked safe. The pattern is ours, never typed."""
    return mark_safe(pattern.format(*map(escaped, values)))  # noqa: S308 - escaped


def markup_each(pattern: str, rows: Iterable[Iterable[Any]]) -> SafeString:
    """``markup`` for each row of values, one after another."""
    return mark_safe("".join(pattern.format(*map(escaped, row)) for row in rows))  # noqa: S308 - escaped
