"""The auditor reads what was done across all rooms, and each reading and writing out is recorded."""

from dataclasses import replace
from datetime import date

import pytest

from accounts.enums import Role, SubjectKind
from accounts.models import AccessRecord
from accounts.services import user_create
from careplan_portal.lib.acting import HELPDESK, MEMBER, NIGHT, OPERATOR, SYSTEM, VISITOR, Acting
from careplan_portal.pages.deeds import SOURCES, Wanted, deeds
from licenses.models import FeeSchedule
from licenses.services import license_start_paid
from tests.factories import make_office
from tests.licenses.staff import answers, seen_by, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _business_day(settings) -> None:
    settings.PORTAL_TODAY = date(2026, 4, 3)


@pytest.fixture
def office():
    FeeSchedule.objects.get_or_create(starts_on=date(2020, 1, 1), defaults={"yen": 21000})
    made = make_office()
    license_start_paid(office_id=made.pk, today=date(2026, 4, 3), acting=NIGHT)
    return made


def test_every_table_can_be_read() -> None:
    for source in SOURCES:
        assert isinstance(deeds(Wanted(source=source.key), most=5), list)


def test_by_office_person_reason_and_day(office, client) -> None:
    operator = sign_in(client)
    user_create(email="new@example.jp", name="新人", role=Role.OFFICER, acting=Acting(operator.pk, "operator", "着任"))
    mine = deeds(Wanted(office=office.business_number), most=10)
    assert {deed.subject for deed in mine} == {office.business_number}
    assert [deed.what for deed in deeds(Wanted(who=operator.name), most=10)] == ["作った", "サインインした"]
    assert [deed.subject for deed in deeds(Wanted(reason="着任"), most=10)] == ["new@example.jp"]
    assert deeds(Wanted(last=date(2020, 1, 1)), most=10) == []
    everything = deeds(Wanted(), most=1000)
    assert [deed.at for deed in everything] == sorted((deed.at for deed in everything), reverse=True)


def test_who_did_it_where_nobody_signed_in(office) -> None:
    """The night's work, a visitor's filing and a call are three; an empty name would make them one."""
    (started,) = deeds(Wanted(office=office.business_number), most=1)
    assert (started.who, started.doer) == ("", "システム")
    said = [replace(started, role=role).doer for role in (VISITOR, MEMBER, HELPDESK, OPERATOR, SYSTEM, "")]
    assert said == ["申請した人", "事業所の人", "ヘルプデスク", "運営者", "システム", "システム"]
    assert replace(started, who="井上 修", role=OPERATOR).doer == "井上 修"


def test_the_page_and_its_file_are_recorded(office, client) -> None:
    auditor = sign_in(client, Role.AUDITOR)
    spelled = f"{office.business_number[:2]}-{office.business_number[2:]}"
    html = client.get("/records/deeds/", {"office": spelled}).content.decode()
    assert "ライセンス" in html
    answer = client.get("/records/deeds.csv", {"office": spelled})
    assert answer["Content-Disposition"].startswith("attachment")
    assert office.business_number in answer.content.decode("utf-8-sig")
    looks = (
        AccessRecord.objects.filter(user=auditor).order_by("pk").values_list("subject_kind", "subject_key", "reason")
    )
    assert list(looks) == [
        (SubjectKind.RECORDS, office.business_number, "監査"),
        (SubjectKind.EXPORT, "deeds", f"書き出し（事業所番号：{office.business_number}）"),
    ]


def test_looks_are_written_out_with_what_was_asked_for(client) -> None:
    auditor = sign_in(client, Role.AUDITOR)
    client.get("/records/")
    answer = client.get("/records/looks.csv", {"role": "auditor", "reason": "監査"})
    assert auditor.email in answer.content.decode("utf-8-sig")
    assert (
        AccessRecord.objects.get(subject_kind=SubjectKind.EXPORT).reason
        == "書き出し（役割：auditor、理由のことば：監査）"
    )


def test_a_wrong_filter_shows_nothing(office, client) -> None:
    sign_in(client, Role.AUDITOR)
    wrong = {"first_year": "2026", "first_month": "2", "first_day": "30"}
    assert office.business_number not in client.get("/records/deeds/", wrong).content.decode()
    assert client.get("/records/deeds.csv", wrong).status_code == 422


def test_who_may_read(client) -> None:
    for address in ("/records/deeds/", "/records/deeds.csv", "/records/looks.csv"):
        assert answers(client, address) == seen_by(Role.OPERATOR, Role.AUDITOR)
        assert answers(client, address, "post")["auditor"] == 405
