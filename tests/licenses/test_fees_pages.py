"""Fees, the programme's last day and bills on the operator's screens."""

import csv
import io

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from careplan_portal.lib.acting import NIGHT
from licenses.models import BillLine, FeeSchedule, PolicyEvent, Programme
from licenses.queries import policy
from licenses.services import bill_lines_record, roll_over
from tests.campaigns.my_pages import text
from tests.factories import make_license
from tests.licenses.cases import YEAR, D, facts, term
from tests.licenses.staff import answers, seen_by, sign_in

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-20")


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PORTAL_TODAY = TODAY


def split(name: str, day: str) -> dict[str, str]:
    return dict(
        zip((f"{name}_year", f"{name}_month", f"{name}_day"), day.split("-") if day else ("", "", ""), strict=True)
    )


def trying(starts_on="2027-04-01", yen="0", until="") -> dict[str, str]:
    return {**split("starts_on", starts_on), "yen": yen, **split("decided_until", until)}


@pytest.mark.parametrize("path", ["/fees/", "/fees/end/", "/bills/", "/bills/2026-05/", "/bills/2026-05/list.csv"])
def test_operators_and_auditors_see_money(client, path):
    assert answers(client, path) == seen_by(Role.OPERATOR, Role.AUDITOR)


@pytest.mark.parametrize("path", ["/fees/record/", "/fees/end/record/", "/bills/2026-04/record/"])
def test_only_operators_change_money(client, path):
    make_license(facts(term(*YEAR)))
    got = answers(client, path, "post")
    allowed = got.pop("operator")
    assert allowed in (302, 422)
    assert got == {"visitor": 302, "office_staff": 403, "helpdesk": 403, "officer": 403, "auditor": 403}
    assert PolicyEvent.objects.count() == 1  # the one of the new portal


# fees ------------------------------------------------------------------------------------------


def test_the_table_says_when_an_amount_is_undecided(client, settings, django_assert_max_num_queries):
    sign_in(client)
    with django_assert_max_num_queries(12):
        page = client.get("/fees/").content.decode()
    assert "そのあとは未定です" in page
    settings.PORTAL_TODAY = D("2026-06-01")
    assert "いまは未定です" in client.get("/fees/").content.decode()


def test_trying_an_amount_says_what_it_does_and_writes_nothing(client):
    for _ in range(2):
        make_license(facts(term("2026-04-01", "2027-03-31")))
    sign_in(client)
    page = client.get("/fees/", trying(yen="２０，０００円")).content.decode()
    assert "<b>2</b>ライセンスが20,000円を払うようになります" in page
    assert "合わせて40,000円、いまの表のままなら42,000円です。" in page
    assert FeeSchedule.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (trying(starts_on="2026-04-20"), "2026年4月20日より後の日を入れてください"),
        (trying(yen="ただ"), "金額を数字で"),
        (trying(yen="21000000"), "けたを確かめて"),
        (trying(until="2027-03-01"), "始まる日より前です"),
        (trying(starts_on="2027-02-30"), "2月30日はありません"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(client, asked, word):
    sign_in(client)
    answer = client.get("/fees/", asked)
    assert answer.status_code == 422
    assert word in answer.content.decode()


def test_an_amount_is_recorded_with_its_reason_once(client):
    operator = sign_in(client)
    wanted = {"starts_on": "2027-04-01", "yen": "0", "decided_until": "2028-03-31", "reason": "通知 2026-04-10 第1号"}
    assert client.post("/fees/record/", wanted | {"reason": " "}).status_code == 422
    assert FeeSchedule.objects.count() == 1
    for _ in range(2):
        assert client.post("/fees/record/", wanted).status_code == 302
    fee = FeeSchedule.objects.get(starts_on="2027-04-01")
    assert (fee.yen, fee.decided_until, fee.note) == (0, D("2028-03-31"), "通知 2026-04-10 第1号")
    event = PolicyEvent.objects.latest("pk")
    assert (event.actor, event.reason, PolicyEvent.objects.count()) == (operator, "通知 2026-04-10 第1号", 2)
    page = client.get("/fees/").content.decode()
    assert "2027-04-01からの金額を決めた　0円（2028-03-31まで決定）" in page


def test_an_amount_in_force_keeps_its_height_but_may_be_decided_for_longer(client):
    sign_in(client)
    day = FeeSchedule.objects.get().starts_on.isoformat()
    page = client.get("/fees/", trying(day, "21000", "2027-03-31")).content.decode()
    assert "金額は変わりません" in page
    wanted = {"starts_on": day, "yen": "21000", "decided_until": "2027-03-31", "reason": "通知"}
    assert client.post("/fees/record/", wanted).status_code == 302
    assert FeeSchedule.objects.get().decided_until == D("2027-03-31")
    assert client.post("/fees/record/", wanted | {"yen": "20000"}).status_code == 422


def test_an_auditor_reads_and_has_no_form(client):
    sign_in(client, Role.AUDITOR)
    for path in ("/fees/", "/fees/end/", "/bills/", "/bills/2026-05/"):
        assert "<form" not in client.get(path, trying()).content.decode().split("<main")[1]


# the programme's last day ----------------------------------------------------------------------


def test_the_last_day_is_tried_and_recorded(client):
    make_license(facts(term("2026-04-01", "2027-03-31")))
    sign_in(client)
    page = client.get("/fees/end/", split("ends_on", "2027-03-31")).content.decode()
    assert "<b>1</b>ライセンスが、次の更新日で停止になります" in page
    assert Programme.objects.get().ends_on is None
    assert client.get("/fees/end/", split("ends_on", "2026-04-19")).status_code == 422
    wanted = {"ends_on": "2027-03-31", "reason": "通知"}
    for _ in range(2):
        client.post("/fees/end/record/", wanted)
    assert policy().ends_on == D("2027-03-31")
    assert PolicyEvent.objects.filter(subject="programme").count() == 1
    page = client.get("/fees/end/", split("ends_on", "")).content.decode()
    assert "<b>1</b>ライセンスが続けて使えるようになります" in page
    client.post("/fees/end/record/", {"ends_on": "", "reason": "取り消し"})
    assert policy().ends_on is None


# bills -----------------------------------------------------------------------------------------


def renewed(count=1):
    """Licences that the night of 15 April has renewed: billed on 1 May."""
    for _ in range(count):
        make_license(facts(term(*YEAR)))
    roll_over(on=D("2026-04-15"), acting=NIGHT)


def test_a_month_to_come_is_a_preview(client, django_assert_max_num_queries):
    renewed(2)
    expected = make_license(facts(term("2025-04-29", "2026-04-28")))
    sign_in(client)
    with django_assert_max_num_queries(14):
        page = client.get("/bills/").content.decode()
    assert "始まった期間 2件、42,000円" in page
    assert "これから始まる見込み 1件、21,000円" in page
    page = text(client.get("/bills/2026-05/"))
    assert "まだ変わることがあります" in page
    assert "2件、42,000円" in page
    answer = client.get("/bills/2026-05/list.csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row[-1] for row in rows] == ["金額（円）", "21000", "21000"]
    assert "mikomi" in answer["Content-Disposition"]
    expected.terms.update(stop_requested_on="2026-04-01")
    assert "2件、42,000円" in text(client.get("/bills/2026-05/"))
    assert not BillLine.objects.exists()
    assert AccessRecord.objects.filter(subject_kind="export").count() == 1


def test_a_month_that_has_come_is_recorded_by_button_once(client, settings):
    renewed(2)
    sign_in(client)
    client.post("/bills/2026-05/record/")
    assert not BillLine.objects.exists()  # too early
    settings.PORTAL_TODAY = D("2026-05-01")
    assert "2件が待っています" in client.get("/bills/2026-05/").content.decode()
    for _ in range(2):
        client.post("/bills/2026-05/record/")
    assert BillLine.objects.count() == 2
    assert "2件、合わせて42,000円です" in client.get("/bills/2026-05/").content.decode()
    assert client.get("/bills/2026-13/").status_code == 404


def test_a_long_month_costs_as_many_queries_as_a_short_one(client, settings, django_assert_max_num_queries):
    renewed(30)
    settings.PORTAL_TODAY = D("2026-05-01")
    bill_lines_record(month=D("2026-05-01"), today=D("2026-05-01"))
    sign_in(client)
    with django_assert_max_num_queries(17):
        page = client.get(reverse("licenses:bill", args=[D("2026-05-01")])).content.decode()
    assert page.count("<tr>") == 31
    with django_assert_max_num_queries(8):
        assert client.get("/bills/2026-05/list.csv").getvalue().count(b"\r\n") == 31
