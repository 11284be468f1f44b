"""Everything that is read of licences, for screens and for other apps. Nothing here writes."""

from licenses.queries.ledger import Problem, ledger_problems
from licenses.queries.many import standings
from licenses.queries.standing import (
    Loaded,
    Standing,
    events_of,
    load_facts,
    offices_using,
    policy,
    standing,
)

__all__ = [
    "Loaded",
    "Problem",
    "Standing",
    "events_of",
    "ledger_problems",
    "load_facts",
    "offices_using",
    "policy",
    "standing",
    "standings",
]
