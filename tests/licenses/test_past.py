"""A licence as it stood on an earlier day, before the turns that are recorded since."""

from datetime import date

import pytest

from careplan_portal.lib.acting import SYSTEM, Acting
from licenses import rules
from licenses.queries import acted_since, standing, standing_past
from licenses.rules import FREE_PASS, MANUAL, PAID, LicenseFacts, Plan
from licenses.services import license_hold, stop_file
from tests.factories import make_license
from tests.licenses.cases import POLICY, YEAR, D, facts, term

KNOWN = [
    facts(),
    facts(term(*YEAR)),
    facts(term(*YEAR), mode=MANUAL),
    facts(term(*YEAR, stop=True)),
    facts(term(*YEAR, stop=True), reserved=PAID),
    facts(term(*YEAR), reserved=FREE_PASS),
    facts(term(*YEAR), mode=MANUAL, reserved=PAID),
    facts(term("2024-04-15", "2025-04-14"), mode=MANUAL),
    facts(term(*YEAR), closed="2026-04-10"),
]
ACTING = Acting(None, SYSTEM, "試験")
DAYS = [(D("2026-04-14"), D("2026-04-15")), (D("2026-04-10"), D("2026-04-20")), (D("2026-04-15"), D("2026-04-29"))]


def told(plan: Plan | None) -> object:
    """What an answer of the day is made from."""
    assert plan is not None
    return plan.status, plan.current, plan.next_change, plan.facts.reservation


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize(("day", "later"), DAYS)
def test_turns_are_taken_back(known: LicenseFacts, day: date, later: date) -> None:
    turned = rules.plan(known, POLICY, later).facts
    used = known.reservation if turned.reservation is None else None
    ended = used if used is not None and used.renewal_on > day else None
    then = rules.plan(known, POLICY, day)
    assert told(rules.plan(rules.before_turns(turned, day, ended), POLICY, day)) == told(then)


@pytest.mark.django_db
@pytest.mark.parametrize("known", KNOWN[1:])
@pytest.mark.parametrize(("day", "later"), DAYS)
def test_the_ledger_tells_the_day_after_the_night_has_run(known: LicenseFacts, day: date, later: date) -> None:
    office = make_license(known).office
    then = told(standing(office.pk, day).plan)
    license_hold(office_id=office.pk, today=later, acting=ACTING)
    assert acted_since(office.pk, day) is None, "a turn is no act"
    assert told(standing_past(office.pk, day, POLICY).plan) == then


@pytest.mark.django_db
def test_an_act_counts_from_the_day_after() -> None:
    office = make_license(facts(term(*YEAR))).office
    stop_file(office_id=office.pk, today=D("2026-04-03"), acting=ACTING)
    assert acted_since(office.pk, D("2026-04-03")) is None
    act = acted_since(office.pk, D("2026-04-02"))
    assert act is not None
    assert (act.kind, act.recorded_on) == ("stop_filed", D("2026-04-03"))
