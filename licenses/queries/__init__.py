"""Everything that is read of licences, for screens and for other apps. Nothing here writes."""

from licenses.queries.ledger import Problem, ledger_problems
from licenses.queries.many import standings
from licenses.queries.papers import (
    Offered,
    Verified,
    document_by_code,
    documents_of,
    newest_documents,
    paper_verified,
    papers_offered,
    verified,
)
from licenses.queries.past import acted_since, standing_past
from licenses.queries.standing import (
    Loaded,
    Standing,
    events_of,
    load_facts,
    made_free,
    next_renewal_after,
    offices_using,
    policy,
    policy_beside,
    policy_columns,
    standing,
)

__all__ = [
    "Loaded",
    "Offered",
    "Problem",
    "Standing",
    "Verified",
    "acted_since",
    "document_by_code",
    "documents_of",
    "events_of",
    "ledger_problems",
    "load_facts",
    "made_free",
    "newest_documents",
    "next_renewal_after",
    "offices_using",
    "paper_verified",
    "papers_offered",
    "policy",
    "policy_beside",
    "policy_columns",
    "standing",
    "standing_past",
    "standings",
    "verified",
]
