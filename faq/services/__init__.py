from faq.services.entries import (
    draft_discard,
    draft_save,
    entry_publish,
    entry_review,
    entry_start,
    entry_withdraw,
)
from faq.services.learning import day_hash, feedback_record, question_opened, question_record, questions_forget
from faq.services.links import dead_ends
from faq.services.loading import Loaded, faq_load
from faq.services.wording import outside_add, spelling_save, word_group_save

__all__ = [
    "Loaded",
    "day_hash",
    "dead_ends",
    "draft_discard",
    "draft_save",
    "entry_publish",
    "entry_review",
    "entry_start",
    "entry_withdraw",
    "faq_load",
    "feedback_record",
    "outside_add",
    "question_opened",
    "question_record",
    "questions_forget",
    "spelling_save",
    "word_group_save",
]
