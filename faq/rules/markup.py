"""Markdown of entries as HTML, and as plain lines: a strict allow-list, whatever an editor pastes."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "h3"}
# Raw HTML is off, so the only classes are those that _classed puts there.
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start", "class"},
    "ul": {"class"},
    "table": {"class"},
    "th": {"class"},
    "td": {"class"},
}
SCHEMES = {"https", "http", "tel", "mailto"}

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)|<((?:https?|tel|mailto):[^>\s]+)>")
_MARKS = re.compile(r"^\s*(?:[-*+]|\d+\.|#+|\|)\s*|[*_`|]+|\[([^\]]*)\]\([^)]*\)")


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@lru_cache(maxsize=512)
def render(text: str) -> str:
    """Safe HTML of an entry's text: paragraphs, lists, tables, emphasis, links. Everything else is dropped."""
    html = _classed(_markdown().render(text))
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener").strip()


def _classed(html: str) -> str:
    """The classes of the visual standard, figures to the right by class: inline styles are refused."""
    html = html.replace("<ul>", '<ul class="list-marks">').replace("<ol", '<ol class="list-marks"')
    return html.replace("<table>", '<table class="tbl">').replace('style="text-align:right"', 'class="r"')


def links(text: str) -> list[str]:
    """The addresses that a text links to, in order."""
    return [inside or bare for inside, bare in _LINK.findall(text)]


def plain_lines(text: str) -> list[str]:
    """The text's lines without marks, for searching, telephones and screen summaries; empty lines dropped."""
    lines = (_MARKS.sub(lambda match: match.group(1) or " ", line).strip() for line in text.splitlines())
    return [re.sub(r"\s+", " ", line) for line in lines if re.search(r"\w", line)]
