"""The SQL twin of the status rule, over the rule's own table and over random licences."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from licenses import rules
from licenses.models import FeeSchedule, License, Programme
from licenses.queries import load_facts, policy
from tests.factories import make_license
from tests.licenses.cases import CASES, D
from tests.licenses.test_plan import DAYS, LICENCES, POLICIES

pytestmark = pytest.mark.django_db


def set_programme_end(ends_on):
    Programme.objects.update_or_create(pk=1, defaults={"ends_on": ends_on})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_twin_agrees_with_the_rule_on_boundary_days(case):
    set_programme_end(case.ends_on)
    license = make_license(case.facts)
    for day, status in case.status_on.items():
        assert License.objects.with_status(D(day)).get(pk=license.pk).status == status, day


@given(LICENCES, POLICIES, DAYS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_twin_agrees_with_the_rule_on_random_licences(facts, terms_policy, day):
    set_programme_end(terms_policy.ends_on)
    license = make_license(facts)
    turns = [term.renewal_on for term in rules.plan(facts, terms_policy, day).facts.terms]
    for on in {day, *turns, *(turn - timedelta(days=1) for turn in turns)}:
        expected = rules.plan(facts, terms_policy, on).status
        assert License.objects.with_status(on).get(pk=license.pk).status == expected, on


def test_facts_are_read_as_they_were_written():
    for case in CASES:
        license = make_license(case.facts)
        (loaded,) = load_facts([license.pk])
        assert loaded.facts == case.facts, case.name


def test_the_policy_is_what_is_on_file():
    set_programme_end(D("2027-03-31"))
    FeeSchedule.objects.create(starts_on=D("2027-01-01"), yen=24000)
    assert policy().ends_on == D("2027-03-31")
    assert policy().fee_on(D("2026-12-31")).yen == 21000
    assert policy().fee_on(D("2027-01-01")).yen == 24000
