"""The page of the nights, who sees it, and doing one again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from careplan_portal.lib.acting import NIGHT, OPERATOR
from licenses.models import LicenseEvent, LicenseReservation, NightAlarm, RollOverRun, SetAside
from licenses.queries import nights
from licenses.services import roll_over
from tests.factories import make_license
from tests.licenses.cases import YEAR, facts, term
from tests.licenses.nights import TODAY, at, bad_license, run_of, watch
from tests.licenses.staff import answers, seen_by, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PORTAL_TODAY = TODAY


@pytest.mark.parametrize("path", ["/nights/", "/nights/2026-04-10/", "/nights/2026-04-15/proof.json"])
def test_operators_and_auditors_see_the_nights(client, path):
    assert answers(client, path) == seen_by(Role.OPERATOR, Role.AUDITOR)


@pytest.mark.parametrize("path", ["/nights/again/", "/nights/alarms/1/close/"])
def test_only_operators_act(client, path):
    got = answers(client, path, "post")
    assert {role: status for role, status in got.items() if role not in ("operator", "visitor")} == {
        role.value: 403 for role in Role if role != Role.OPERATOR
    }
    assert got["visitor"] == 302
    assert not RollOverRun.objects.exclude(acting_as=OPERATOR).exists()


def test_the_page_says_what_the_night_did(client, django_assert_max_num_queries):
    make_license(facts(term(*YEAR)))
    bad = bad_license()
    roll_over(on=TODAY, acting=NIGHT)
    sign_in(client)
    with django_assert_max_num_queries(15):
        page = client.get("/nights/").content.decode()
    assert "合っています" in page
    assert "期限の来た2件は、1件ずつ行き先が決まりました。" in page
    assert bad.office.name in page
    assert "次回予約の更新日" in page
    assert "もう一度" in page
    assert AccessRecord.objects.filter(subject_key="別にした記録の一覧").count() == 1


def test_an_auditor_has_no_buttons(client):
    bad_license()
    roll_over(on=TODAY, acting=NIGHT)
    sign_in(client, Role.AUDITOR)
    page = client.get("/nights/").content.decode()
    assert "別にした記録" in page
    assert "<button" not in page.split("<main")[1]


def test_a_new_portal_has_no_missing_night(client):
    sign_in(client)
    page = client.get("/nights/").content.decode()
    assert "はじめての夜間処理は、次の0時10分に始まります" in page
    assert "証明がありません" not in page
    assert "動きませんでした" not in page
    watch()
    assert "証明がありません" in client.get("/nights/").content.decode()


def test_a_missing_night_says_so_in_one_look(client):
    run_of(TODAY - timedelta(days=2))
    watch(day=TODAY - timedelta(days=1))
    sign_in(client)
    page = client.get(reverse("licenses:night", args=["2026-04-14"])).content.decode()
    assert "証明がありません" in page
    assert "この夜にすること" in page
    roll_over(on=TODAY, acting=NIGHT)
    page = client.get(reverse("licenses:night", args=["2026-04-14"])).content.decode()
    assert "この夜の分は、あとの夜がすべて行いました" in page
    assert client.get("/nights/2026-04-16/").status_code == 404
    assert client.get("/nights/2026-02-30/").status_code == 404


def test_again_goes_on_after_a_repair(client):
    license = bad_license()
    roll_over(on=TODAY, acting=NIGHT)
    assert SetAside.objects.get(resolved_on=None).license == license
    LicenseReservation.objects.update(renewal_on=TODAY)
    operator = sign_in(client)
    answer = client.post("/nights/again/", follow=True)
    assert "1件を進めました" in answer.content.decode()
    assert SetAside.objects.get().resolved_on == TODAY
    run = RollOverRun.objects.latest("pk")
    assert (run.actor, run.acting_as, run.reason) == (operator, OPERATOR, "運営の画面から、もう一度")
    assert LicenseEvent.objects.get(kind="renewed_free").actor == operator
    client.post("/nights/again/")
    assert LicenseEvent.objects.filter(kind="renewed_free").count() == 1


def test_many_due_are_left_to_the_queue(client, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("licenses.services.nights.AT_ONCE", 0)
    make_license(facts(term(*YEAR)))
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        assert "処理を始めました" in client.post("/nights/again/", follow=True).content.decode()
    assert LicenseEvent.objects.filter(kind="renewed_paid").count() == 1


def test_closing_an_alarm_needs_a_reason(client):
    watch()
    alarm = NightAlarm.objects.get()
    sign_in(client)
    address = reverse("licenses:alarm-close", args=[alarm.pk])
    answer = client.post(address, {"reason": ""})
    assert answer.status_code == 422
    assert client.post(address, {"reason": "当番が再起動した"}).status_code == 302
    assert nights.night_word(TODAY, at("09:00")) == nights.OK
