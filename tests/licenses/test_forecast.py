"""The forecasts against the rules: what the database counts is what `rules.outlook` says."""

from collections import Counter
from datetime import timedelta

import pytest

from careplan_portal.lib.acting import NIGHT
from licenses.models import Programme
from licenses.queries import policy
from licenses.queries.forecast import end_effect, fee_effect, months_expected, renewals_expected
from licenses.rules import FREE_PASS, MANUAL, PAID, BadRecord, Fee, outlook
from licenses.services import roll_over
from tests.factories import make_license
from tests.licenses.cases import CASES, YEAR, D, facts, term

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")
LAST = D("2033-12-31")

KINDS = [
    facts(term(*YEAR)),
    facts(term(*YEAR), mode=MANUAL),
    facts(term(*YEAR), mode=MANUAL, reserved=PAID),
    facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS),
    facts(term(*YEAR), reserved=FREE_PASS),
    facts(term(*YEAR, stop=True), reserved=FREE_PASS),
    facts(term(*YEAR), closed="2028-04-15"),
    facts(term("2027-03-01", "2028-02-28")),
    facts(term("2024-05-10", "2025-05-09", closing="lapsed")),
    *(case.facts for case in CASES if case.facts.terms),
]


def by_rules(facts_, first, last, fees) -> Counter:
    """The same from the rules: every change from the recorded end on."""
    day_before_end = facts_.terms[-1].ends_on
    changes = outlook(facts_, fees, min(day_before_end, first), 12)
    return Counter((change.on, change.kind) for change in changes if change.opens and first <= change.on <= last)


@pytest.mark.parametrize("ends_on", [None, D("2026-04-15"), D("2028-02-29"), D("2029-12-31")])
def test_the_database_counts_what_the_rules_say(ends_on):
    Programme.objects.update(ends_on=ends_on)
    wanted: Counter = Counter()
    for facts_ in KINDS:
        make_license(facts_)
        if facts_.terms[-1].closing == "":
            wanted += by_rules(facts_, TODAY, LAST, policy())
    found = Counter({(one.on, one.kind): one.count for one in renewals_expected(TODAY, LAST, ends_on)})
    assert found == wanted
    assert sum(found.values()) > 3 or ends_on == D("2026-04-15")


def test_a_set_aside_record_promises_nothing():
    license = make_license(facts(term(*YEAR), reserved=FREE_PASS))
    license.reservations.update(renewal_on=D("2026-04-20"))
    with pytest.raises(BadRecord):
        outlook(facts(term(*YEAR)).__class__(facts(term(*YEAR)).terms, "odd"), policy(), TODAY, 1)
    roll_over(on=D("2026-04-15"), acting=NIGHT)
    assert renewals_expected(TODAY, LAST, None) == []


def test_what_a_fee_does_is_counted_once_a_licence_until_the_next_fee():
    for _ in range(3):
        make_license(facts(term(*YEAR)))
    make_license(facts(term("2026-01-10", "2027-01-09")))
    effect = fee_effect(Fee(D("2026-04-10"), 0), policy())
    assert (effect.licenses, effect.yen_now, effect.yen_then) == (4, 84_000, 0)
    assert effect.last == D("2027-04-09")
    later = policy().__class__((*policy().fees, Fee(D("2026-12-01"), 25_000)))
    effect = fee_effect(Fee(D("2026-04-10"), 10_000), later)
    assert (effect.licenses, effect.last, effect.yen_then) == (3, D("2026-11-30"), 30_000)


def test_the_last_day_of_the_programme_ends_those_that_would_go_on():
    make_license(facts(term(*YEAR)))
    make_license(facts(term(*YEAR), mode=MANUAL))
    make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    make_license(facts(term("2026-04-01", "2027-03-31")))
    effect = end_effect(D("2026-04-14"), policy())
    assert (effect.ending, effect.promised, effect.going_on) == (3, 1, 0)
    assert end_effect(D("2026-04-15"), policy()).promised == 0
    Programme.objects.update(ends_on=D("2026-04-14"))
    assert end_effect(None, policy()).going_on == 3
    assert end_effect(D("2026-04-14"), policy()) == end_effect(D("2026-04-14"), policy())
    assert end_effect(D("2026-04-14"), policy()).ending == 0


def test_months_hold_paid_renewals_and_the_day_they_are_billed():
    make_license(facts(term(*YEAR)))
    make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    make_license(facts(term("2025-06-01", "2026-05-31", FREE_PASS)))
    months = months_expected(TODAY, policy())
    assert len(months) == 6
    assert [(month.licenses, month.yen) for month in months[:3]] == [(1, 21_000), (0, 0), (1, 21_000)]
    assert months[0].billed_on == D("2026-05-01")
    assert months[-1].first - TODAY < timedelta(days=190)
