"""The FAQ on paper."""

import datetime

from django.core.cache import cache

from careplan_portal.lib.pdf import render
from faq.models import SearchStamp
from faq.queries import shown, topic_counts, visible_entries

KEPT_SECONDS = 24 * 60 * 60
TITLE = "よくある質問"


def booklet_pdf(today: datetime.date) -> bytes:
    """All published answers for visitors in their paper version, with contents, page numbers and a day. Rendering
    takes seconds, so the paper is kept for a day, or until something is published."""
    key = f"faq-booklet:{SearchStamp.objects.values_list('version', flat=True).first()}:{today.isoformat()}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = _rendered(today)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _rendered(today: datetime.date) -> bytes:
    entries = list(visible_entries(staff=False))
    parts = [
        (count.topic, [(entry, shown(entry)) for entry in entries if entry.topic_id == count.topic.key])
        for count in topic_counts(staff=False)
    ]
    return render("documents/faq_booklet.html", {"parts": parts, "today": today}, title=f"{TITLE} {today.isoformat()}")
