"""Whether a link of an entry still leads somewhere. Asks the other side once."""

from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.urls import Resolver404, resolve

from faq.queries import visible_entries
from faq.queries.links import BROKEN
from faq.rules.content import Content
from faq.rules.markup import links

OK = "ok"
KEPT_SECONDS = 9 * 24 * 60 * 60
"""Longer than the week until the next check."""


def links_check(*, timeout: float) -> tuple[int, list[dict[str, Any]]]:
    """Follow every link of every published entry, ``timeout`` seconds each: how many there are, and those that lead
    nowhere with what was answered. What is broken stands on the editors' page until the next check."""
    found = [
        {"slug": entry.slug, "link": link, "state": link_state(link, timeout=timeout)}
        for entry in visible_entries(staff=True)
        for link in links(entry.details)
    ]
    broken = [one for one in found if one["state"] != OK]
    cache.set(BROKEN, broken, KEPT_SECONDS)
    return len(found), broken


def link_state(link: str, *, timeout: float) -> str:
    """``ok``, or what is wrong with a link. Our own addresses are resolved, telephone and mail ones taken as they
    are, web pages asked for with HEAD, ``timeout`` in seconds; a redirect counts as ok."""
    parts = urlsplit(link)
    if parts.scheme in ("tel", "mailto"):
        return OK
    if not parts.scheme:
        return _own(parts.path)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "not a web address"
    return _asked(parts.scheme, parts.hostname, parts.port, parts.path or "/", timeout)


def dead_ends(content: Content) -> list[str]:
    """Sentences about links of a content to pages of our own that are not there; asks nobody outside."""
    own = [link for link in links(content.details) if link.startswith("/")]
    return [f"このページは、この窓口にありません: {link}" for link in own if _own(urlsplit(link).path) != OK]


def _own(path: str) -> str:
    try:
        resolve(path)
    except Resolver404:
        return "no such page here"
    return OK


def _asked(scheme: str, host: str, port: int | None, path: str, timeout: float) -> str:
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=timeout)
    try:
        connection.request("HEAD", path)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {error}"
    finally:
        connection.close()
    return OK if status < 400 or status == http.HTTPStatus.METHOD_NOT_ALLOWED else f"answered {status}"
