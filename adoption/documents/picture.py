"""A card's drawing as a picture that stands alone: with title, legend, day and source."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from adoption.documents.card import Card
from adoption.documents.paint import FONT, PAINT, STEPS, painted, painted_map
from adoption.rules.definitions import SOURCES
from careplan_portal.lib import charts, pdf, words

WIDTH, EDGE, HIGHEST = 760, 30, 700
Row = tuple[float, str, str]
"""How far below the row before, how it is written, what it says."""


def picture(card: Card) -> SafeString:
    """The drawing as an <svg> framed by words; empty for a card without a drawing."""
    if card.map:
        inner, (width, height) = painted_map(card.map), card.map.size
    elif card.chart:
        inner, width, height = painted(card.chart.wide, card.chart.title), card.chart.wide.width, card.chart.wide.height
    else:
        return SafeString()
    # Charts keep the size of their letters; high maps do not run over the picture's foot.
    room = WIDTH - 2 * EDGE if card.map else min(WIDTH - 2 * EDGE, width * 1.2)
    tall = min(room * height / width, HIGHEST)
    y, parts = 14.0, []
    for step, style, text in _head(card):
        y += step
        parts.append(_text(EDGE, y, style, text))
    y += 12
    legend, rows = _legend(card, y)
    y += rows * 24 + 10
    # The drawing keeps its own units in an <svg> of its own.
    placed = str(inner).replace("<svg ", f'<svg x="{EDGE}" y="{y:.0f}" width="{room}" height="{tall:.0f}" ', 1)
    y += tall + 12
    for step, style, text in _foot(card):
        y += step
        parts.append(_text(EDGE, y, style, text))
    total = round(y + 18)
    frame = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" '
        'font-family="{2}" font-size="14"><title>{3}</title><rect width="{0}" height="{1}" fill="#ffffff"/>',
        WIDTH, total, FONT, card.sheet.title,
    )  # fmt: skip
    # All parts are written above or by paint.py, with what they say escaped.
    return mark_safe(f"{frame}{''.join(parts)}{legend}{placed}</svg>")  # noqa: S308


def _head(card: Card) -> Iterator[Row]:
    for line in _broken(card.title, 22):
        yield 28, 'font-size="22" font-weight="700" fill="#1a1a1a"', line
    for line in _broken(f"{card.sheet.title}　{card.sub}", 14):
        yield 22, 'fill="#4d4d4d"', line


def _foot(card: Card) -> Iterator[Row]:
    filters = "　".join(f"{name}：{value}" for name, value in card.sheet.filters)
    credit = f"　{card.map.credit}" if card.map else ""
    for text in (
        f"時点：{words.ja_day(card.sheet.day)}24時　{filters}",
        f"定義：{card.sheet.definition.text}",
        f"出典：{SOURCES}{credit}",
    ):
        for line in _broken(text, 12):
            yield 18, 'font-size="12" fill="#4d4d4d"', line


def _legend(card: Card, y: float) -> tuple[SafeString, int]:
    """Swatches in rows, and how many rows."""
    marks = [(f'fill="{STEPS[step]}"', label) for step, label in card.map.steps] if card.map else [
        (PAINT[cls], label) for cls, label in card.legend
    ]  # fmt: skip
    if not marks:
        return SafeString(), 0
    x, row, placed = float(EDGE), 0, []
    for paint, label in marks:
        wide = 34 + charts.text_width(label) + 18
        if x + wide > WIDTH - EDGE and x > EDGE:
            x, row = float(EDGE), row + 1
        placed.append((x, y + row * 24, mark_safe(paint), x + 34, y + row * 24 + 12, label))  # noqa: S308 - constants
        x += wide
    drawn = format_html_join(
        "", '<rect x="{}" y="{}" width="26" height="14" {} stroke="#767676"/><text x="{}" y="{}" fill="#1a1a1a">{}</text>', placed
    )  # fmt: skip
    return drawn, row + 1


def _broken(text: str, size: float) -> list[str]:
    """Lines that fit into the picture."""
    lines, line = [], ""
    for char in text:
        if charts.text_width(line + char, size) > WIDTH - 2 * EDGE:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


def _text(x: float, y: float, style: str, text: str) -> str:
    return f'<text x="{x}" y="{y:.0f}" {style}>{escape(text)}</text>'


def as_png(card: Card) -> bytes:
    """The picture in pixels, twice as fine as on a screen; empty without a drawing, or where the machine
    has nothing to draw it with."""
    drawn = picture(card)
    if not drawn or not pdf.draws_png():
        return b""
    height = str(drawn).split('height="', 1)[1].split('"', 1)[0]
    source = format_html(
        '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{}</title><style>'
        "@page {{ size: {}px {}px; margin: 0 }} body {{ margin: 0 }} svg {{ display: block }}</style></head><body>{}</body></html>",
        card.sheet.title, WIDTH, height, drawn,
    )  # fmt: skip
    return pdf.as_png(pdf.from_html(str(source)).pdf)
