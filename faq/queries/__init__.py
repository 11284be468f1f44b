from faq.queries.current import Card, Current, TopicCount, current, search_stamp, vocabulary
from faq.queries.editing import (
    Step,
    changed_on,
    choice_words,
    desk_entries,
    example_office,
    group_initial,
    newest_step,
    steps_of,
    words_page,
)
from faq.queries.entries import (
    content_of,
    drafts,
    entry_for,
    overdue_entries,
    related_entries,
    visible_entries,
)
from faq.queries.learning import Asked, Unclear, Week, week
from faq.queries.searching import Result, answer, results
from faq.queries.showing import OfficeValues, Shown, office_choices, office_values, shown

__all__ = [
    "Asked",
    "Card",
    "Current",
    "OfficeValues",
    "Result",
    "Shown",
    "Step",
    "TopicCount",
    "Unclear",
    "Week",
    "answer",
    "changed_on",
    "choice_words",
    "content_of",
    "current",
    "desk_entries",
    "drafts",
    "entry_for",
    "example_office",
    "group_initial",
    "newest_step",
    "office_choices",
    "office_values",
    "overdue_entries",
    "related_entries",
    "results",
    "search_stamp",
    "shown",
    "steps_of",
    "visible_entries",
    "vocabulary",
    "week",
    "words_page",
]
