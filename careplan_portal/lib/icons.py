"""The drawn signs of the portal: each state has a shape of its own, so that colour is never needed.

Inline SVG, because the markup must also work in PDFs and without a second request. Drawn on 24 × 24.
"""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString, mark_safe

_RING = '<circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" stroke-width="2"/>'
_DISC = '<circle cx="12" cy="12" r="11" fill="currentColor"/>'

SHAPES = {
    "ok": _DISC + '<path d="M6.5 12.5l4 4 7-8.5" fill="none" stroke="#fff" stroke-width="2.6"/>',
    "yen": _RING + '<path d="M8 6.5l4 5 4-5M12 11.5V18M8.5 12.5h7M8.5 15.2h7" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "clock": _RING + '<path d="M12 6v6.5l4.5 2.5" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "none": '<circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="4 3"/><path d="M7.5 12h9" stroke="currentColor" stroke-width="2.2"/>',
    "lapsed": _RING + '<path d="M5 19L19 5" stroke="currentColor" stroke-width="2.2"/>',
    "stop": _RING + '<rect x="8" y="8" width="8" height="8" fill="currentColor"/>',
    "warn": '<path d="M12 2L23 21.5H1Z" fill="currentColor"/><path d="M12 9v6.2M12 17.2v2" stroke="#fff" stroke-width="2.4"/>',
    "error": '<path d="M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9Z" fill="currentColor"/><path d="M12 6v7.5M12 16v2.4" stroke="#fff" stroke-width="2.6"/>',
    "info": _DISC + '<path d="M12 10.5V18M12 6v2.4" stroke="#fff" stroke-width="2.6"/>',
    "next": '<path d="M4 12h14M12.5 5.5L19 12l-6.5 6.5" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "back": '<path d="M20 12H6M11.5 5.5L5 12l6.5 6.5" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "save": '<path d="M12 3v12M6.5 10L12 15.5 17.5 10M4 20h16" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "paper": '<path d="M5 2h9l5 5v15H5Z" fill="none" stroke="currentColor" stroke-width="2"/><path d="M14 2v5h5M8 12h8M8 16h8" fill="none" stroke="currentColor" stroke-width="2"/>',
    "print": '<path d="M7 9V3h10v6M7 18H3V9h18v9h-4" fill="none" stroke="currentColor" stroke-width="2"/><path d="M7 14h10v7H7Z" fill="none" stroke="currentColor" stroke-width="2"/>',
    "copy": '<path d="M8 8h12v13H8Z" fill="none" stroke="currentColor" stroke-width="2"/><path d="M16 8V3H4v13h4" fill="none" stroke="currentColor" stroke-width="2"/>',
    "menu": '<path d="M3 6h18M3 12h18M3 18h18" stroke="currentColor" stroke-width="2.2"/>',
    "search": '<circle cx="10.5" cy="10.5" r="7" fill="none" stroke="currentColor" stroke-width="2.2"/><path d="M16 16l5.5 5.5" stroke="currentColor" stroke-width="2.4"/>',
    "key": '<circle cx="8" cy="12" r="5" fill="none" stroke="currentColor" stroke-width="2.2"/><path d="M13 12h9M18 12v4" fill="none" stroke="currentColor" stroke-width="2.2"/>',
}  # fmt: skip

BRAND = '<svg viewBox="0 0 40 24" width="40" height="24" aria-hidden="true" focusable="false"><path d="M10 12H30" stroke="#00316a" stroke-width="4"/><circle cx="9" cy="12" r="8" fill="#00316a"/><circle cx="31" cy="12" r="6.5" fill="#ffc700" stroke="#00316a" stroke-width="3"/></svg>'  # fmt: skip


@cache
def icon(name: str, size: int | None = None) -> SafeString:
    """Inline SVG of a sign, hidden from assistive technology: the word stands beside it.

    ``size`` in px where no component's style gives one. Raises KeyError for an unknown name.
    """
    measure = f' width="{size}" height="{size}"' if size else ""
    return mark_safe(  # noqa: S308 - constants of this module only
        f'<svg viewBox="0 0 24 24"{measure} aria-hidden="true" focusable="false">{SHAPES[name]}</svg>'
    )


def brand() -> SafeString:
    """The mark of the service: two dots and the line between them."""
    return mark_safe(BRAND)  # noqa: S308 - constant
