"""The FAQ on paper."""

import datetime

from django.core.cache import cache
from django.template.loader import render_to_string

from careplan_portal.lib.pdf import from_html
from faq.queries import changed_on, current, search_stamp, shown

KEPT_SECONDS = 30 * 24 * 60 * 60
TITLE = "よくある質問"


def booklet_pdf(today: datetime.date) -> bytes:
    """All published answers for visitors in their paper version, with contents, page numbers and the day of the
    last change (``today`` before there was any). Rendering takes seconds, so the paper is kept until something
    changes."""
    key = f"faq-booklet:{search_stamp()}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = from_html(booklet_html(changed_on() or today)).pdf
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def booklet_html(day: datetime.date) -> str:
    """The booklet before it becomes a PDF."""
    now = current()
    parts = [
        (count.topic, [(card.entry, shown(card.entry)) for card in now.of_topic(count.topic.key)])
        for count in now.topics
    ]
    context = {"parts": parts, "day": day, "document_title": f"{TITLE} {day.isoformat()}"}
    return render_to_string("documents/faq_booklet.html", context)
