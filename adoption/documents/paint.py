"""Drawings with their colours written into them, for papers and files that carry no stylesheet."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from adoption.documents.maps import MapDrawing
from careplan_portal.lib.charts import Drawing, Shape

FONT = "BIZ UDPGothic, Noto Sans CJK JP, Hiragino Sans, sans-serif"
# The same values as tokens.css; the longest class that is there counts.
PAINT = {
    "own": 'fill="none" stroke="#00428c" stroke-width="3.5" stroke-linejoin="round"',
    "own-dot": 'fill="#00428c" stroke="#ffffff" stroke-width="2"',
    "cmp-dot": 'fill="#767676"',
    "cmp": 'fill="none" stroke="#767676" stroke-width="2"',
    "cmp2": 'fill="none" stroke="#767676" stroke-width="2" stroke-dasharray="2 5" stroke-linecap="round"',
    "half": 'fill="none" stroke="#c74700" stroke-width="2" stroke-dasharray="6 4"',
    "grid": 'fill="none" stroke="#cccccc"',
    "axis": 'fill="none" stroke="#767676"',
    "band": 'fill="#f0f9ff"',
    "fill-1": 'fill="#00428c"',
    "fill-4": 'fill="#767676"',
    "fill-rest": 'fill="#e6e6e6"',
    "mut": 'fill="#4d4d4d"',
    "t-own": 'fill="#00428c"',
    "t-half": 'fill="#8b3200"',
    "b": 'font-weight="700"',
    "s15": 'font-size="15"',
    "s16": 'font-size="16"',
}
STEPS = ("#ffffff", "#dcf0ff", "#97d3ff", "#39abff", "#0066be", "#00316a")


def painted(drawing: Drawing, title: str) -> SafeString:
    """A whole <svg> that needs no stylesheet."""
    body = format_html_join("", "{}", ((_shape(shape),) for shape in drawing.shapes))
    return _svg(f"0 0 {drawing.width} {drawing.height}", title, body)


def painted_map(drawing: MapDrawing) -> SafeString:
    """A map as a whole <svg>, its places named by <title>, and beside them where there is room."""
    # Lines are as thick as on the page, whatever units an outline has.
    thin = 1 / drawing.scale
    at = format_html(' transform="{}"', drawing.transform) if drawing.transform else ""
    body = format_html_join(
        "",
        '<g{} fill="{}" stroke="{}" stroke-width="{}"><title>{}</title>{}</g>',
        (
            (at, STEPS[s.step], "#1a1a1a" if s.me else "#767676", round((2 if s.me else 0.5) * thin, 3), s.label, _outline(s))
            for s in drawing.spots
        ),
    )  # fmt: skip
    leaders = format_html_join(
        "", '<path d="M{} {}L{} {}" fill="none" stroke="#1a1a1a" stroke-width="1.5"/>',
        ((line.x1, line.y1, line.x2, line.y2) for line in drawing.leaders),
    )  # fmt: skip
    names = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" font-size="13" fill="{}"{}>{}</text>',
        (
            (
                name.x, name.y, name.anchor, "#ffffff" if "t-inv" in name.cls else "#1a1a1a",
                mark_safe(' font-weight="700"') if "b" in name.cls.split() else "", name.text,
            )
            for name in drawing.names
        ),
    )  # fmt: skip
    return _svg(drawing.view_box, drawing.title, body + leaders + names)


def _outline(spot: object) -> SafeString:
    path, x, y, r = (getattr(spot, name) for name in ("path", "x", "y", "r"))
    return format_html('<path d="{}"/>', path) if path else format_html('<circle cx="{}" cy="{}" r="{}"/>', x, y, r)


def _svg(view_box: str, title: str, body: SafeString) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{}" role="img" aria-label="{}" font-family="{}" '
        'font-size="14"><title>{}</title>{}</svg>',
        view_box, title, FONT, title, body,
    )  # fmt: skip


def _shape(shape: Shape) -> SafeString:
    names = shape.cls.split()
    ink = [] if shape.tag != "text" or {"mut", "t-own", "t-half"} & set(names) else ['fill="#1a1a1a"']
    paint = mark_safe(" ".join([*ink, *(PAINT[name] for name in names if name in PAINT)]))  # noqa: S308 - constants
    if shape.tag == "rect":
        return format_html('<rect x="{}" y="{}" width="{}" height="{}" {}/>', shape.x, shape.y, shape.w, shape.h, paint)
    if shape.tag == "path":
        return format_html('<path d="{}" {}/>', shape.d, paint)
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" {}>{}</text>',
        shape.x,
        shape.y,
        shape.anchor or "start",
        paint,
        shape.text,
    )
