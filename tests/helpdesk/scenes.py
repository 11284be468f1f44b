"""Scenes of an office for the tables of sentences: facts, a day, and the campaign's window."""

from dataclasses import replace
from datetime import date

from campaigns.rules import GRANTED, RESERVED, UNUSED, Situation, assess, filing, proof_deadline
from careplan_portal.lib.dates import Period
from helpdesk.rules.scene import Scene, Unproved
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
    filed: str = "",
    prove_by: str = "",
    stated: Period | None = None,
    in_scope: bool | None = True,
) -> Scene:
    """The scene of these facts on a day, with a provisional filing of the day `filed`; a bad record is set aside."""
    day, waits = D(today), _unproved(facts, filed, window, policy, prove_by, stated) if filed else None
    try:
        plan = rules.plan(facts, policy, day)
    except BadRecord:
        return Scene(day, None, None, policy, window, waits)
    return Scene(day, plan, assess(situation(plan, in_scope), window, policy, day), policy, window, waits)


def _unproved(
    facts: LicenseFacts, filed: str, window: Period, policy: Policy, prove_by: str, stated: Period | None
) -> Unproved:
    """What campaigns.services records of a filing on that day; as the licence stood then, without what came later."""
    day = D(filed)
    plan = rules.plan(replace(facts, terms=tuple(one for one in facts.terms if one.starts_on <= day)), policy, day)
    recorded = filing(assess(situation(plan), window, policy, day))
    term = recorded.free_term if recorded else stated
    assert term is not None
    deadline = D(prove_by) if prove_by else proof_deadline(day, 30)
    return Unproved(day, term, deadline, None if stated == term else stated, recorded is not None)
