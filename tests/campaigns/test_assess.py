"""The Free Pass rules, without a database: every boundary day that the given cases leave out."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import rules
from campaigns.rules import Situation, assess
from careplan_portal.lib.dates import Period, term_end
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID, Fee, Policy, Term
from tests.licenses.cases import FEES, POLICY, D, term
from tests.licenses.test_plan import DAYS

WINDOW = Period(D("2025-06-01"), D("2026-05-31"))


def ask(day, *terms, window=WINDOW, policy=POLICY, **situation):
    current = next((t for t in terms if t.covers(D(day))), None)
    known = {"renewal_mode": MANUAL} | situation
    return assess(Situation(current, **known), window, policy, D(day))


@pytest.mark.parametrize(
    ("day", "end", "outcome", "apply_from", "apply_until", "no_gap_until", "free_from"),
    [
        # The renewal date is the window's first or last day.
        ("2025-06-01", "2025-05-31", "apply_now", "2025-06-01", "2026-05-31", None, "2025-06-01"),
        ("2025-05-31", "2025-05-31", "apply_later", "2025-06-01", "2026-05-31", "2025-06-01", "2025-06-01"),
        ("2026-04-30", "2026-05-30", "apply_later", "2026-05-01", "2026-05-31", "2026-05-31", "2026-05-31"),
        ("2026-05-30", "2026-05-30", "apply_now", "2026-05-01", "2026-05-31", "2026-05-31", "2026-05-31"),
        # The renewal date is the first of a month: that month, not the one before.
        ("2026-03-31", "2026-03-31", "apply_later", "2026-04-01", "2026-05-31", "2026-04-01", "2026-04-01"),
        ("2026-04-01", "2026-04-30", "apply_later", "2026-05-01", "2026-05-31", "2026-05-01", "2026-05-01"),
        ("2026-04-30", "2026-04-30", "apply_later", "2026-05-01", "2026-05-31", "2026-05-01", "2026-05-01"),
    ],
)
def test_manual_offices_around_their_renewal(day, end, outcome, apply_from, apply_until, no_gap_until, free_from):
    ends_on = D(end)
    current = Term(ends_on.replace(year=ends_on.year - 1), ends_on, PAID)
    answer = ask(day, current)
    assert (answer.outcome, answer.apply_from, answer.apply_until) == (outcome, D(apply_from), D(apply_until))
    assert answer.no_gap_until == (D(no_gap_until) if no_gap_until else None)
    assert answer.free_term.starts_on == D(free_from)


def test_a_stop_on_file_opens_the_whole_window_to_an_automatic_office():
    answer = ask("2026-04-05", term("2025-04-15", "2026-04-14"), renewal_mode=AUTO, stop_requested=True)
    assert (answer.apply_until, answer.no_gap_until) == (D("2026-05-31"), D("2026-04-15"))
    assert answer.next_event.event == "stops"


def test_the_last_days_of_a_renewal_month_are_cut_to_the_window():
    window = Period(D("2025-06-01"), D("2026-04-20"))
    answer = ask("2026-04-05", term("2025-04-15", "2026-04-14"), renewal_mode=AUTO, window=window)
    assert answer.apply_until == answer.no_gap_until == D("2026-04-20")


def test_the_first_days_of_a_renewal_month_are_cut_to_the_window():
    window = Period(D("2026-04-10"), D("2026-12-31"))
    answer = ask("2026-04-05", term("2025-04-15", "2026-04-14"), renewal_mode=AUTO, window=window)
    assert (answer.outcome, answer.apply_from) == ("apply_later", D("2026-04-10"))


def test_a_term_that_began_this_month_before_the_window_is_not_made_free():
    window = Period(D("2025-06-15"), D("2026-05-31"))
    answer = ask("2025-06-20", term("2025-06-10", "2026-06-09"), renewal_mode=AUTO, window=window)
    assert answer.outcome == "renewal_outside_window"


def test_a_term_that_began_last_month_is_billed_and_not_made_free():
    answer = ask("2025-09-01", term("2025-08-31", "2026-08-30"), renewal_mode=AUTO)
    assert answer.outcome == "renewal_outside_window"
    assert answer.paid_renewal_first is answer.alternative is None


def test_a_begun_term_outweighs_its_own_renewal_date():
    window = Period(D("2025-06-01"), D("2027-03-31"))
    answer = ask("2025-08-20", term("2025-08-05", "2026-08-04"), renewal_mode=AUTO, window=window)
    assert answer.rule == "R6"
    assert answer.free_term == Period(D("2025-08-05"), D("2026-08-04"))


def test_several_renewals_before_the_window_are_paid():
    answer = ask("2023-06-01", term("2022-08-10", "2023-08-09"))
    assert answer.paid_renewal_first == D("2023-08-10")
    assert answer.free_term == Period(D("2025-08-10"), D("2026-08-09"))
    assert answer.alternative.apply_from == D("2025-06-01")


def test_renewals_before_and_after_a_short_window():
    window = Period(D("2025-06-01"), D("2025-08-31"))
    answer = ask("2025-04-01", term("2024-05-10", "2025-05-09"), window=window)
    assert (answer.outcome, answer.rule) == ("renewal_outside_window", "R5")
    assert answer.paid_renewal_first == D("2025-05-10")
    assert answer.alternative.let_lapse_on == D("2025-05-09")
    assert answer.apply_from is answer.free_term is None


def test_a_leap_day_renewal_before_the_window():
    window = Period(D("2029-02-01"), D("2029-03-31"))
    answer = ask("2028-01-01", term("2027-03-01", "2028-02-28"), window=window)
    assert answer.paid_renewal_first == D("2028-02-29")
    assert answer.free_term == Period(D("2029-03-01"), D("2030-02-28"))


@pytest.mark.parametrize("free_pass", ["unused", "reserved", "granted"])
def test_the_order_granted_reserved_closed(free_pass):
    answer = ask("2026-06-01", term("2025-07-01", "2026-06-30"), free_pass=free_pass)
    expected = {"unused": "window_closed", "reserved": "already_reserved", "granted": "already_used"}
    assert answer.outcome == expected[free_pass]


def test_no_term_opens_after_the_programme_so_the_window_ends_with_it():
    policy = Policy(FEES, D("2025-12-31"))
    assert ask("2026-01-01", policy=policy).outcome == "window_closed"
    assert ask("2025-12-31", policy=policy).apply_until == D("2025-12-31")
    late = ask("2025-12-01", term("2025-01-15", "2026-01-14"), policy=policy, renewal_mode=AUTO)
    assert (late.outcome, late.next_event.event) == ("renewal_outside_window", "stops")


def test_the_fee_of_the_next_event_is_the_one_in_force_then():
    policy = Policy((*FEES, Fee(D("2026-06-10"), 24000)))
    answer = ask(
        "2026-01-15", term("2025-06-10", "2026-06-09", FREE_PASS), free_pass="granted", renewal_mode=AUTO, policy=policy
    )
    assert answer.next_event.fee_yen == 24000


def test_every_reason_cites_questions_and_is_written_for_people():
    for day, terms, more in [
        ("2025-04-01", [], {}),
        ("2026-06-01", [], {}),
        ("2026-04-03", [term("2025-04-15", "2026-04-14")], {"in_scope": False}),
        ("2025-08-20", [term("2025-08-05", "2026-08-04")], {}),
        ("2025-04-01", [term("2024-05-10", "2025-05-09")], {}),
        ("2026-04-03", [term("2025-06-10", "2026-06-09")], {}),
        ("2026-04-03", [term("2025-06-10", "2026-06-09", FREE_PASS)], {"free_pass": "granted"}),
    ]:
        answer = ask(day, *terms, **more)
        assert answer.explanations
        for reason in answer.explanations:
            assert reason.questions
            assert reason.text.endswith("。")


SITUATIONS = st.builds(
    lambda start, mode, filed, stop, used, has: Situation(
        Term(start, term_end(start), FREE_PASS if used == "granted" else PAID) if has or used == "reserved" else None,
        mode,
        filed,
        stop,
        used,
    ),
    DAYS,
    st.sampled_from([AUTO, MANUAL]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["unused", "reserved", "granted"]),
    st.booleans(),
)
WINDOWS = st.builds(lambda a, b: Period(min(a, b), max(a, b)), DAYS, DAYS)


@given(SITUATIONS, WINDOWS, st.integers(0, 365))
@settings(max_examples=400)
def test_promises_that_hold_for_every_answer(situation, window, offset):
    if situation.current is not None:
        today = min(
            situation.current.starts_on.fromordinal(situation.current.starts_on.toordinal() + offset),
            situation.current.ends_on,
        )
    else:
        today = window.starts_on
    answer = assess(situation, window, POLICY, today)
    open_now = answer.outcome in ("apply_now", "apply_later")
    assert (answer.apply_from is not None) == (answer.apply_until is not None) == open_now
    if open_now:
        assert window.starts_on <= answer.apply_from <= answer.apply_until <= window.ends_on
        assert answer.free_term.starts_on in window
        if answer.outcome == "apply_now":
            assert answer.apply_from <= today <= answer.apply_until
        else:
            assert today < answer.apply_from
    if answer.no_gap_until is not None and situation.current is not None:
        assert answer.apply_from <= answer.no_gap_until <= answer.apply_until
    if answer.alternative is not None:
        assert answer.paid_renewal_first < window.starts_on
    assert (answer.next_event is None) == (situation.current is None)
    filing = rules.filing(answer)
    assert (filing is not None) == (answer.outcome == "apply_now")
    assert rules.fingerprint(answer, situation) != rules.fingerprint(
        answer, replace(situation, stop_requested=not situation.stop_requested)
    )
