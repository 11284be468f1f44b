from faq.queries.editing import Step, changed_on, desk_entries, example_office, group_initial, steps_of, words_page
from faq.queries.entries import (
    TopicCount,
    audience_entries,
    content_of,
    drafts,
    entry_for,
    overdue_entries,
    related_entries,
    topic_counts,
    visible_entries,
)
from faq.queries.learning import Asked, Unclear, Week, week
from faq.queries.searching import Result, answer, current_index, results, search_stamp, vocabulary
from faq.queries.showing import OfficeValues, Shown, office_values, shown

__all__ = [
    "Asked",
    "OfficeValues",
    "Result",
    "Shown",
    "Step",
    "TopicCount",
    "Unclear",
    "Week",
    "answer",
    "audience_entries",
    "changed_on",
    "content_of",
    "current_index",
    "desk_entries",
    "drafts",
    "entry_for",
    "example_office",
    "group_initial",
    "office_values",
    "overdue_entries",
    "related_entries",
    "results",
    "search_stamp",
    "shown",
    "steps_of",
    "topic_counts",
    "visible_entries",
    "vocabulary",
    "week",
    "words_page",
]
