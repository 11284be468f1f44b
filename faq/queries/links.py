"""Links of entries that led nowhere at the last check."""

from typing import Any

from django.core.cache import cache

BROKEN = "faq:broken-links"


def broken_links() -> list[dict[str, Any]]:
    """``slug``, ``link`` and ``state`` (what was answered) of each; empty too when nobody checked for nine days."""
    found: list[dict[str, Any]] = cache.get(BROKEN, [])
    return found
