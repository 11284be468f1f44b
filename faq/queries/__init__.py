from faq.queries.entries import (
    TopicCount,
    audience_entries,
    content_of,
    drafts,
    entry_for,
    newest_revision,
    overdue_entries,
    related_entries,
    revisions_of,
    topic_counts,
    visible_entries,
)
from faq.queries.searching import answer, current_index, vocabulary

__all__ = [
    "TopicCount",
    "answer",
    "audience_entries",
    "content_of",
    "current_index",
    "drafts",
    "entry_for",
    "newest_revision",
    "overdue_entries",
    "related_entries",
    "revisions_of",
    "topic_counts",
    "visible_entries",
    "vocabulary",
]
