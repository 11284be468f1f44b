"""The nights: how one stands, its proof and its alarm."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from accounts.enums import Role
from careplan_portal.lib.acting import NIGHT, OPERATOR, Acting
from licenses import services, tasks
from licenses.models import LicenseEvent, LicenseTerm, NightAlarm, RollOverRun
from licenses.queries import nights
from licenses.rules import MANUAL
from licenses.services import Refused, night_watch, roll_over
from licenses.services.proof import run_prove, totals
from tests.factories import make_license, make_office, make_user
from tests.licenses.cases import YEAR, D, facts, term
from tests.licenses.nights import TODAY, at, bad_license, night, run_of, watch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PORTAL_TODAY = TODAY


# how a night stands ----------------------------------------------------------------------------


def test_a_night_is_all_runs_of_its_day():
    for mode in (MANUAL, "auto"):
        make_license(facts(term(*YEAR), mode=mode))
    bad_license()
    roll_over(on=TODAY, acting=NIGHT)
    roll_over(on=TODAY, acting=NIGHT)
    shown = night()
    assert shown.state == nights.OK
    assert len(shown.runs) == 2
    assert (shown.due, shown.set_aside) == (3, 1)  # the second run alone would say 1 due
    assert (shown.counts["renewed_paid"], shown.counts["lapsed"]) == (1, 1)


def test_a_day_without_a_run_is_missing_once_the_night_is_over():
    assert night(clock="00:30").state == nights.WAITING
    assert night(clock="01:00").state == nights.MISSING
    assert night(on=TODAY - timedelta(days=1), clock="00:30").state == nights.MISSING


def test_a_run_that_never_ended_proves_nothing_but_what_it_wrote_is_counted():
    make_license(facts(term(*YEAR)))
    roll_over(on=TODAY, acting=NIGHT)
    RollOverRun.objects.update(finished_at=None, counts={}, proof="")
    shown = night()
    assert shown.state == nights.MISSING
    assert shown.counts["renewed_paid"] == 1
    assert "途中で止まりました" in nights.alarm_text(shown)


@pytest.mark.parametrize(
    ("first", "state"),
    [
        ("2 licences still due, 1 set aside", nights.OK),
        ("1 overlapping terms", nights.RED),
        ("due 3 but 2 counted", nights.RED),
    ],
)
def test_a_later_run_mends_only_what_was_left_over(first, state):
    run_of(TODAY, first)
    assert night().state == nights.RED
    run_of(TODAY)
    assert night().state == state
    assert night().was_red == (state == nights.OK)


def test_what_a_red_run_found_due_is_shown_as_it_found_it():
    run = run_of(TODAY, "due 4 but 3 counted", lapsed=3)
    run.counts["due"] = 4
    run.save()
    assert night().due == 4
    run_of(TODAY, lapsed=1, set_aside=2)
    run_of(TODAY, set_aside=2)
    assert (night().due, night().set_aside) == (7, 2)


def test_findings_are_told_in_words():
    proof = "due 402 but 401 counted; 3 stopped but 2 events; something new"
    words = nights.proof_words(proof)
    assert "期限の来た402件のうち、行き先を数えられたのは401件です。" in words
    assert "変化3件（停止）に、できごとの記録が2件です。" in words
    wrong = {check.key for check in nights.proof_checks(proof) if check.text}
    assert wrong == {"sum", "events", "other"}
    assert [check.text for check in nights.proof_checks("ok")] == [""] * 8


def test_every_finding_of_the_proof_has_its_words():
    """`run_prove` and the page must not drift apart."""
    license = make_license(facts(term(*YEAR)))
    before = totals(TODAY)
    roll_over(on=TODAY, acting=NIGHT)
    run = RollOverRun.objects.get()
    counted = run.counts | {"due": 9, "stopped": 2, "set_aside": 3, "terms_opened": 7}
    lost = replace(totals(TODAY, before.mark), terms=1, licenses=0, going_on=5)
    proof = run_prove(counted, run=run, before=before, after=lost, unexpected=1)
    found = proof.split("; ")
    # What the database itself forbids or hides: a hand-mended ledger.
    LicenseTerm.objects.filter(license=license, closing="renewed").update(ends_on=D("2026-04-10"), closing="stopped")
    found += run_prove(run.counts, run=run, after=totals(TODAY)).split("; ")
    term_id = LicenseTerm.objects.get(closing="").pk
    LicenseEvent.objects.create(
        license=license,
        term_id=term_id,
        kind="lapsed",
        effective_on=TODAY,
        recorded_on=TODAY,
        run=run,
        acting_as="system",
    )
    found += run_prove(run.counts, run=run, after=totals(TODAY)).split("; ")
    keys = {check.key for check in nights.proof_checks("; ".join(found)) if check.text}
    assert keys == {"sum", "totals", "unexpected", "left", "events", "gaps", "ends"}, found
    assert len({piece.strip("0123456789 ") for piece in found}) >= 9


def test_the_totals_before_and_after_are_kept_and_differ_by_what_happened():
    for mode in (MANUAL, "auto"):
        make_license(facts(term(*YEAR), mode=mode))
    roll_over(on=TODAY, acting=NIGHT)
    counts = RollOverRun.objects.get().counts
    assert counts["before"] == {"licenses": 2, "terms": 2, "going_on": 2, "due": 2}
    assert counts["after"] == {"licenses": 2, "terms": 3, "going_on": 1, "due": 0}
    assert night().totals[1] == ("有効期間", 2, 3)


def test_acts_between_the_totals_are_no_fault_of_the_night():
    make_license(facts(term(*YEAR)))
    other = make_license(facts(term("2025-05-01", "2026-04-30")))
    row = {"business_number": "3171112223", "first_licensed_on": "2024-04-20", "renewal_mode": "manual"}
    rows = [
        row | {"starts_on": f"{year}-04-20", "ends_on": f"{year + 1}-04-19", "pricing": "paid"} for year in (2024, 2025)
    ]

    def acts(_so_far) -> None:
        services.license_start_paid(office_id=make_office().pk, today=TODAY, acting=NIGHT)
        services.stop_file(office_id=other.office_id, today=TODAY, acting=NIGHT)
        taken = services.licenses_take_over(rows=enumerate(rows, 2), today=TODAY, acting=NIGHT)
        assert (taken.terms, taken.rejects) == (2, [])

    assert roll_over(on=TODAY, acting=NIGHT, after_chunk=acts).proof == "ok"
    counts = RollOverRun.objects.get().counts
    assert counts["after"]["terms"] == counts["before"]["terms"] + 1 + 1 + 2


def test_a_term_that_vanishes_makes_the_proof_red():
    make_license(facts(term(*YEAR)))
    lost = make_license(facts(term("2025-05-01", "2026-04-30")))
    night_done = roll_over(on=TODAY, acting=NIGHT, after_chunk=lambda _: lost.terms.all().delete())
    assert "2 terms and 1 opened but 2 after" in night_done.proof
    assert night().state == nights.RED


def test_what_a_dead_run_wrote_is_proved_by_the_next():
    license = make_license(facts(term(*YEAR)))
    roll_over(on=TODAY, acting=NIGHT)
    dead = RollOverRun.objects.get()
    RollOverRun.objects.update(finished_at=None, counts={}, proof="")
    license.terms.filter(closing="renewed").update(ends_on=D("2026-04-10"))
    assert roll_over(on=TODAY, acting=NIGHT).proof == "1 renewed terms with a gap before them"
    license.terms.filter(closing="renewed").update(ends_on=D("2026-04-14"))
    assert roll_over(on=TODAY, acting=NIGHT).proof == "ok"
    dead.refresh_from_db()
    assert dead.proof.startswith("died")
    assert dead.finished_at is None


# the alarm -------------------------------------------------------------------------------------


def test_a_missing_night_is_told_once_to_every_operator(django_capture_on_commit_callbacks):
    operators = [make_user(Role.OPERATOR) for _ in range(2)]
    make_user(Role.HELPDESK)
    make_user(Role.OPERATOR, is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        assert watch() == nights.MISSING
        assert mail.outbox == []  # after commit
        watch()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(user.email for user in operators)
    alarm = NightAlarm.objects.get()
    assert (alarm.kind, alarm.mailed_to) == ("no_run", 2)
    assert f"/nights/{TODAY}/" in mail.outbox[0].body
    assert "動きませんでした" in mail.outbox[0].body
    assert tasks.night_alarm_mail(alarm.pk) == 0
    assert len(mail.outbox) == 2


def test_a_mail_that_failed_is_queued_again():
    watch()
    NightAlarm.objects.update(mailed_at=None)
    assert services.night_mails_catch_up(today=TODAY, now=at("05:30")) == 1


def test_the_proof_is_mailed_once_a_night_to_every_operator(django_capture_on_commit_callbacks):
    operators = [make_user(Role.OPERATOR) for _ in range(2)]
    make_license(facts(term(*YEAR)))
    bad_license()
    roll_over(on=TODAY, acting=NIGHT)
    with django_capture_on_commit_callbacks(execute=True):
        watch()
    roll_over(on=TODAY, acting=NIGHT)
    with django_capture_on_commit_callbacks(execute=True):
        watch()
        services.night_mails_catch_up(today=TODAY + timedelta(days=1), now=at("05:30", TODAY + timedelta(days=1)))
    assert sorted(message.to[0] for message in mail.outbox) == sorted(user.email for user in operators)
    body = mail.outbox[0].body
    assert mail.outbox[0].subject.endswith("合っています（期限2件、別にしたもの1件）")
    for sentence in ("＝ 無料で更新　0件", "＋ 有償で更新　1件", "有効期間　2 → 3件", "前とあとの合計が合う：合う"):
        assert sentence in body
    assert services.night_proof_send(on=TODAY, today=TODAY) == 0


def test_a_proof_that_was_not_handed_over_is_queued_again(django_capture_on_commit_callbacks):
    make_user(Role.OPERATOR)
    run_of(TODAY - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        services.night_mails_catch_up(today=TODAY, now=at("01:30"))
    assert ["夜間処理：合っています" in message.subject for message in mail.outbox] == [True]


def test_a_red_night_has_its_alarm_and_the_proof_that_mends_it(django_capture_on_commit_callbacks):
    make_user(Role.OPERATOR)
    run_of(TODAY, "2 licences still due, 1 set aside")
    with django_capture_on_commit_callbacks(execute=True):
        watch()
    roll_over(on=TODAY, acting=NIGHT)
    with django_capture_on_commit_callbacks(execute=True):
        watch()
    assert ["要確認" in message.subject for message in mail.outbox] == [True, False]
    assert "はじめの証明は合わず" in mail.outbox[1].body


def test_nothing_is_raised_while_the_night_may_still_begin():
    assert watch("00:20") == nights.WAITING
    assert not NightAlarm.objects.exists()


def test_the_next_proved_night_ends_the_alarm_of_a_missing_one():
    watch(day=TODAY - timedelta(days=1))
    assert nights.night_word(TODAY, at("00:20")) == nights.RED  # yesterday's alarm is open
    roll_over(on=TODAY, acting=NIGHT)
    assert watch() == nights.OK
    alarm = NightAlarm.objects.get()
    assert alarm.ended_at is not None
    assert nights.night_word(TODAY, at("09:00")) == nights.OK


def test_a_red_night_stays_open_until_a_person_says_why_it_is_over():
    operator = make_user(Role.OPERATOR)
    run_of(TODAY - timedelta(days=1), "1 overlapping terms")
    night_watch(today=TODAY - timedelta(days=1), now=at("05:30"))
    roll_over(on=TODAY, acting=NIGHT)
    watch()
    alarm = NightAlarm.objects.get(ended_at=None)
    with pytest.raises(Refused):
        services.night_alarm_close(alarm_id=alarm.pk, acting=Acting(operator.pk, OPERATOR, " "))
    services.night_alarm_close(alarm_id=alarm.pk, acting=Acting(operator.pk, OPERATOR, "移行の誤り。直した"))
    services.night_alarm_close(alarm_id=alarm.pk, acting=Acting(operator.pk, OPERATOR, "もう一度"))
    alarm.refresh_from_db()
    assert (alarm.ended_by, alarm.ended_reason) == (operator, "移行の誤り。直した")


def test_readyz_tells_the_night_and_stays_ready(client):
    assert client.get("/readyz").json()["night"] in (nights.MISSING, nights.WAITING)
    roll_over(on=TODAY, acting=NIGHT)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["night"], answer.json()["status"]) == (200, "ok", "ok")
    RollOverRun.objects.update(proof="1 overlapping terms")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["night"]) == (200, "red")
