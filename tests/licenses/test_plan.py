"""The heart, without a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan_portal.lib.dates import year_from
from licenses import rules
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID, BadRecord, Fee, Policy, Reservation
from tests.licenses.cases import CASES, FEES, POLICY, YEAR, D, facts, term


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_status_on_boundary_days(case):
    for day, status in case.status_on.items():
        assert rules.plan(case.facts, case.policy, D(day)).status == status, day


def test_a_renewal_is_recorded_with_its_fee_and_leaves_no_gap():
    plan = rules.plan(facts(term(*YEAR)), POLICY, D("2026-04-15"))
    (change,) = plan.changes
    assert (change.kind, change.on) == ("renewed_paid", D("2026-04-15"))
    assert change.opens == term("2026-04-15", "2027-04-14")
    assert plan.facts.terms[0].closing == "renewed"


def test_nothing_is_due_on_the_last_day():
    assert rules.plan(facts(term(*YEAR)), POLICY, D("2026-04-14")).changes == ()


def test_next_change_tells_what_happens_if_nobody_does_anything():
    manual = rules.plan(facts(term(*YEAR), mode=MANUAL), POLICY, D("2026-01-01"))
    assert (manual.next_change.kind, manual.next_change.on) == ("lapsed", D("2026-04-15"))
    stopping = rules.plan(facts(term(*YEAR, stop=True)), POLICY, D("2026-01-01"))
    assert stopping.is_stopping
    assert (stopping.next_change.kind, stopping.next_change.reason) == ("stopped", "stop_requested")


def test_the_free_term_makes_the_licence_automatic():
    plan = rules.plan(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS), POLICY, D("2027-05-01"))
    assert [change.kind for change in plan.changes] == ["renewed_free", "renewed_paid"]
    assert plan.facts.renewal_mode == AUTO


def test_a_stop_releases_the_reservation():
    plan = rules.plan(facts(term(*YEAR, stop=True), reserved=FREE_PASS), POLICY, D("2026-04-15"))
    assert plan.changes[0].releases_reservation
    assert plan.facts.reservation is None


def test_the_fee_is_the_one_in_force_on_the_first_day_of_the_term():
    policy = Policy((*FEES, Fee(D("2026-04-15"), 24000), Fee(D("2026-04-16"), 1)))
    plan = rules.plan(facts(term(*YEAR)), policy, D("2026-04-15"))
    assert plan.changes[0].opens.fee_yen == 24000


def test_a_fee_after_the_decided_day_is_undecided():
    policy = Policy((Fee(D("2023-04-01"), 21000, D("2026-05-31")),))
    assert not policy.fee_is_undecided(D("2026-05-31"))
    assert policy.fee_is_undecided(D("2026-06-01"))


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (facts(term("2025-04-15", "2026-04-14"), term("2026-04-14", "2027-04-13")), "overlap"),
        (facts(term("2025-04-15", "2025-04-14")), "reversed"),
        (
            facts(term("2024-01-01", "2024-12-31", FREE_PASS), term("2025-01-01", "2025-12-31", FREE_PASS)),
            "two_free_passes",
        ),
        (facts(term(*YEAR, FREE_PASS), reserved=FREE_PASS), "two_free_passes"),
        (
            replace(facts(term(*YEAR)), reservation=Reservation(PAID, D("2026-04-16"))),
            "reservation_other_day",
        ),
        (facts(term(*YEAR), mode="sometimes"), "unknown_mode"),
    ],
)
def test_a_bad_record_says_what_is_wrong(bad, code):
    with pytest.raises(BadRecord) as caught:
        rules.plan(bad, POLICY, D("2026-05-01"))
    assert caught.value.code == code
    assert caught.value.text


def test_no_fee_in_force_is_a_bad_record_only_when_it_is_needed():
    policy = Policy((Fee(D("2030-01-01"), 1),))
    assert rules.plan(facts(term(*YEAR), mode=MANUAL), policy, D("2026-05-01")).status == "lapsed"
    with pytest.raises(BadRecord) as caught:
        rules.plan(facts(term(*YEAR)), policy, D("2026-05-01"))
    assert caught.value.code == "no_fee"


def test_the_outlook_stops_where_the_licence_ends():
    reserved = facts(term(*YEAR), mode=MANUAL, reserved=PAID)
    found = rules.outlook(reserved, POLICY, D("2026-01-01"), 3)
    assert [change.kind for change in found] == ["renewed_paid", "lapsed"]


@pytest.mark.parametrize(("first", "mode"), [("2025-05-31", MANUAL), ("2025-06-01", AUTO), ("2026-01-01", AUTO)])
def test_the_first_renewal_mode(first, mode):
    assert rules.first_renewal_mode(D(first)) == mode


@pytest.mark.parametrize(
    ("starts_on", "recorded_on", "billed_on"),
    [
        ("2026-06-10", "2026-06-10", "2026-07-01"),
        ("2026-06-01", "2026-06-01", "2026-07-01"),
        ("2026-06-30", "2026-07-01", "2026-08-01"),
        ("2026-12-31", "2026-12-31", "2027-01-01"),
    ],
)
def test_the_day_a_term_is_billed(starts_on, recorded_on, billed_on):
    assert rules.bill_month(D(starts_on), D(recorded_on)) == D(billed_on)


DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))
LICENCES = st.builds(
    lambda start, mode, reserved, stop, closed, pricing: replace(
        facts(
            replace(
                term("2025-01-01", "2025-12-31", pricing if reserved != FREE_PASS else PAID, stop=stop),
                starts_on=start,
                ends_on=year_from(start).ends_on,
            ),
            mode=mode,
        ),
        reservation=Reservation(reserved, year_from(start).ends_on + timedelta(days=1)) if reserved else None,
        closed_on=closed,
    ),
    DAYS,
    st.sampled_from([AUTO, MANUAL]),
    st.sampled_from(["", PAID, FREE_PASS]),
    st.booleans(),
    st.none() | DAYS,
    st.sampled_from([PAID, FREE_PASS]),
)
POLICIES = st.builds(Policy, st.just(FEES), st.none() | DAYS)


@given(LICENCES, POLICIES, DAYS, st.integers(0, 2000))
@settings(max_examples=300)
def test_night_by_night_ends_as_all_at_once_and_twice_is_once(licence, policy, first, nights):
    last = first + timedelta(days=nights)
    at_once = rules.plan(licence, policy, last)
    stepwise = licence
    day = first
    while day < last:
        stepwise = rules.plan(stepwise, policy, day).facts
        day += timedelta(days=97)
    stepwise = rules.plan(stepwise, policy, last).facts
    assert stepwise == at_once.facts
    assert rules.plan(at_once.facts, policy, last).changes == ()


@given(LICENCES, POLICIES, DAYS)
@settings(max_examples=300)
def test_terms_never_overlap_a_renewal_leaves_no_gap_one_free_pass_costs_nothing(licence, policy, day):
    after = rules.plan(licence, policy, day).facts
    rules.check(after)
    for earlier, later in zip(after.terms, after.terms[1:], strict=False):
        assert later.starts_on == earlier.renewal_on
        assert earlier.closing == "renewed"
        assert later.pricing == PAID or later.fee_yen == 0
    assert sum(term.pricing == FREE_PASS for term in after.terms) <= 1
