"""The roll-over when something is in its way: bad records, faults of the portal, locks, several workers."""

import time
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from careplan_portal.lib.acting import NIGHT
from licenses import rules, services
from licenses.models import LicenseEvent, LicenseReservation, RollOverRun, SetAside
from licenses.queries import ledger_problems, standing
from licenses.rules import FREE_PASS, MANUAL
from licenses.services import roll_over, rollover
from tests.factories import make_license
from tests.licenses.cases import YEAR, D, facts, term
from tests.races import at_once

pytestmark = pytest.mark.django_db
DAY = D("2026-04-15")


def bad_license():
    license = make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    LicenseReservation.objects.filter(license=license).update(renewal_on=D("2026-04-20"))
    return license


def test_a_fault_of_the_portal_costs_one_licence_and_makes_the_proof_red(monkeypatch):
    good, bad = make_license(facts(term(*YEAR))), make_license(facts(term(*YEAR), mode=MANUAL))
    real = rules.catch_up

    def fails(facts, policy, today):
        if facts.renewal_mode == MANUAL:
            raise ZeroDivisionError("a fault")
        return real(facts, policy, today)

    monkeypatch.setattr(rules, "catch_up", fails)
    dry = roll_over(on=DAY, acting=NIGHT, dry_run=True)
    done = roll_over(on=DAY, acting=NIGHT)
    assert dry.counts == done.counts == {"renewed_paid": 1, "set_aside": 1}
    assert done.proof == "1 licences failed for an unexpected reason"
    assert standing(good.office_id, DAY).status == "active_paid"
    row = bad.set_asides.get()
    assert (row.code, "ZeroDivisionError" in row.text) == ("unexpected", True)
    monkeypatch.setattr(rules, "catch_up", real)
    assert roll_over(on=DAY, acting=NIGHT).proof == "ok"
    row.refresh_from_db()
    assert row.resolved_on == DAY


def test_a_record_that_is_bad_for_another_reason_says_the_new_one():
    bad = bad_license()
    roll_over(on=DAY, acting=NIGHT)
    assert bad.set_asides.get().code == "reservation_other_day"
    LicenseReservation.objects.update(renewal_on=DAY)
    bad.terms.update(pricing=FREE_PASS, fee_yen=0)
    roll_over(on=DAY + timedelta(days=1), acting=NIGHT)
    row = bad.set_asides.get()
    assert (row.code, row.since) == ("two_free_passes", DAY)


def test_a_record_repaired_by_an_act_is_not_listed_any_longer():
    bad = bad_license()
    roll_over(on=DAY, acting=NIGHT)
    LicenseReservation.objects.update(renewal_on=DAY)
    services.stop_file(office_id=bad.office_id, today=DAY, acting=NIGHT)  # brings it up to date first
    done = roll_over(on=DAY + timedelta(days=1), acting=NIGHT)
    assert (done.due, done.proof) == (0, "ok")
    assert SetAside.objects.get().resolved_on == DAY + timedelta(days=1)


def test_a_clock_set_back_keeps_what_is_set_aside():
    bad_license()
    roll_over(on=DAY, acting=NIGHT)
    done = roll_over(on=DAY - timedelta(days=10), acting=NIGHT)
    assert (done.due, done.proof) == (0, "ok")
    assert SetAside.objects.get().resolved_on is None
    assert roll_over(on=DAY, acting=NIGHT).counts == {"set_aside": 1}
    assert SetAside.objects.count() == 1


def test_a_chunk_that_fails_in_a_dry_run_ends(monkeypatch):
    make_license(facts(term(*YEAR)))
    monkeypatch.setattr(rollover, "load_facts", lambda ids: 1 / 0)
    done = roll_over(on=DAY, acting=NIGHT, dry_run=True)
    assert (done.due, done.counts["set_aside"]) == (1, 1)
    assert not SetAside.objects.exists()


def until_somebody_waits(cursor):
    for _ in range(500):
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid')")
        if cursor.fetchone()[0]:
            return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_a_knot_of_locks_is_untied_and_the_night_goes_on():
    """PostgreSQL ends the one that has waited longer; an act is let through and the chunk runs again."""
    first, second = (make_license(facts(term(*YEAR))) for _ in range(2))
    holds, tries = Event(), []

    def act():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT FROM licenses_license WHERE id = %s FOR UPDATE", [second.pk])
            holds.set()
            until_somebody_waits(cursor)  # the night, which holds the first by then
            cursor.execute("SELECT FROM licenses_license WHERE id = %s FOR UPDATE", [first.pk])

    def night():
        holds.wait(10)
        return roll_over(on=DAY, acting=NIGHT)

    real = rollover._chunk

    def counted(*args):
        tries.append(1)
        return real(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollover, "_chunk", counted)
        error, done = at_once(act, night)
    assert error is None
    assert (done.proof, done.counts) == ("ok", {"renewed_paid": 2})
    assert len(tries) == 2


@pytest.mark.django_db(transaction=True)
def test_three_runs_at_once_leave_one_ledger():
    for mode in (MANUAL, "auto", "auto"):
        make_license(facts(term(*YEAR), mode=mode))
    runs = at_once(*[lambda: roll_over(on=DAY, acting=NIGHT)] * 3)
    assert sorted(run.due for run in runs) == [0, 0, 3]
    assert [run.proof for run in runs] == ["ok"] * 3
    assert RollOverRun.objects.filter(proof="ok").count() == 3
    assert LicenseEvent.objects.exclude(run=None).count() == 3
    assert {problem.code for problem in ledger_problems()} == {"term_without_event"}  # the factory leaves none
