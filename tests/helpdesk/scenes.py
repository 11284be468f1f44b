"""Scenes of an office for the tables of sentences: facts, a day, and the campaign's window."""

from datetime import date

from campaigns.rules import GRANTED, RESERVED, UNUSED, Situation, assess
from careplan_portal.lib.dates import Period
from helpdesk.rules.saying import Scene
from licenses import rules
from licenses.rules import FREE_PASS, PAID, BadRecord, Fee, LicenseFacts, Plan, Policy

D = date.fromisoformat
WINDOW = Period(D("2025-06-01"), D("2026-05-31"))
POLICY = Policy((Fee(D("2000-01-01"), 21000),))


def situation(plan: Plan, in_scope: bool | None = True) -> Situation:
    """As campaigns.queries.situation_of, without a database."""
    reservation = plan.facts.reservation
    kind = reservation.kind if reservation else None
    used = any(term.pricing == FREE_PASS for term in plan.facts.terms)
    free = GRANTED if used else RESERVED if kind == FREE_PASS else UNUSED
    return Situation(plan.current, plan.facts.renewal_mode, kind == PAID, plan.is_stopping, free, in_scope)


def scene(
    facts: LicenseFacts,
    today: str,
    *,
    window: Period = WINDOW,
    policy: Policy = POLICY,
    prove_by: str = "",
    in_scope: bool | None = True,
) -> Scene:
    """The scene of these facts on a day; a bad record is set aside."""
    day, deadline = D(today), D(prove_by) if prove_by else None
    try:
        plan = rules.plan(facts, policy, day)
    except BadRecord:
        return Scene(day, None, None, policy, window, deadline)
    return Scene(day, plan, assess(situation(plan, in_scope), window, policy, day), policy, window, deadline)
