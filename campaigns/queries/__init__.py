"""Everything that is read of campaigns and applications. Nothing here writes."""

from campaigns.queries.answers import (
    CodesScope,
    OfficeAnswer,
    answer_from,
    application_by_receipt,
    application_facts,
    application_state,
    applications_of,
    campaign_on,
    office_answer,
    office_in_scope,
    provisional_applications,
    scope_of_codes,
    situation_of,
    window_of,
)
from campaigns.queries.mine import Happened, Mine, history, mine

__all__ = [
    "CodesScope",
    "Happened",
    "Mine",
    "OfficeAnswer",
    "answer_from",
    "application_by_receipt",
    "application_facts",
    "application_state",
    "applications_of",
    "campaign_on",
    "history",
    "mine",
    "office_answer",
    "office_in_scope",
    "provisional_applications",
    "scope_of_codes",
    "situation_of",
    "window_of",
]
