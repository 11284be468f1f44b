"""Addresses of pages, worked out once a process for each name.

``django.urls.reverse`` goes through namespaces, patterns and languages anew at every call; a page with thirty links
spent a quarter of its time there. Here each name becomes a pattern once, and plain arguments are put into it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

# What every converter hands on as it is, without quoting.
PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_PLACES = ("qZq0", "qZq1", "qZq2")


def address(name: str, *args: object) -> str:
    """What ``reverse(name, args=args)`` answers; raises NoReverseMatch as that does."""
    texts = [str(one) for one in args]
    pattern = _pattern(name, len(texts), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    if pattern is None or not all(PLAIN.fullmatch(text) for text in texts):
        return reverse(name, args=args)
    for place, text in zip(_PLACES, texts, strict=False):
        pattern = pattern.replace(place, text, 1)
    return pattern


@lru_cache(maxsize=1024)
def _pattern(name: str, places: int, _urlconf: str, _prefix: str) -> str | None:
    """The address with a place for each argument; None where arguments of some kinds alone will do (a whole number,
    a date), which ``reverse`` has to check."""
    if places > len(_PLACES):
        return None
    try:
        return reverse(name, args=_PLACES[:places])
    except (NoReverseMatch, AttributeError):  # AttributeError: a converter that wants a day
        if not places:
            raise
        return None
