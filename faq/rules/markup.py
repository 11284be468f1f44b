"""Markdown of entries as HTML, and as plain lines: a strict allow-list, whatever an editor pastes."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "h3"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"https", "http", "tel", "mailto"}

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)|<((?:https?|tel|mailto):[^>\s]+)>")
_MARKS = re.compile(r"^\s*(?:[-*+]|\d+\.|#+|\|)\s*|[*_`|]+|\[([^\]]*)\]\([^)]*\)")


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@lru_cache(maxsize=512)
def render(text: str) -> str:
    """Safe HTML of an entry's text: paragraphs, lists, tables, emphasis, links. Everything else is dropped."""
    html = _markdown().render(text)
    html = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")
    return html.replace("<ul>", '<ul class="list-marks">').replace("<ol", '<ol class="list-marks"').strip()


def links(text: str) -> list[str]:
    """The addresses that a text links to, in order."""
    return [inside or bare for inside, bare in _LINK.findall(text)]


def plain_lines(text: str) -> list[str]:
    """The text's lines without marks, for searching, telephones and screen summaries; empty lines dropped."""
    lines = (_MARKS.sub(lambda match: match.group(1) or " ", line).strip() for line in text.splitlines())
    return [re.sub(r"\s+", " ", line) for line in lines if re.search(r"\w", line)]
