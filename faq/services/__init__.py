from faq.services.entries import (
    draft_discard,
    draft_save,
    entry_publish,
    entry_review,
    entry_start,
    entry_withdraw,
)
from faq.services.loading import Loaded, faq_load

__all__ = [
    "Loaded",
    "draft_discard",
    "draft_save",
    "entry_publish",
    "entry_review",
    "entry_start",
    "entry_withdraw",
    "faq_load",
]
