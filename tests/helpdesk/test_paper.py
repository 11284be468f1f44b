"""A form that came on paper: filed on the day on which it arrived, provisionally, with or without an e-mail address."""

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from campaigns import documents
from campaigns.enums import ApplicationEventKind
from campaigns.models import FreePassApplication
from campaigns.queries import receipt_of, receipt_path
from campaigns.services import application_notify, application_prove, code_enter, letters_make
from careplan_portal.lib import clock
from helpdesk.models import ContactLog
from licenses.models import LicenseTerm
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID
from licenses.services import license_start_paid, stop_file
from notices.models import Delivery, Notice
from tests.campaigns.visitor import Visitor
from tests.factories import make_license, make_member, make_office
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
LAST, AFTER = "2026-05-31", "2026-06-01"  # a Sunday, the window's last day, and the Monday after it
WRITTEN = {"name": "山根 涼子", "phone": "0859-00-0123"}
TICKED = dict.fromkeys(("renewal", "replaced", "scope", "agreed", "signed"), "on")


@pytest.fixture
def paper(settings: Any, tmp_path: Any, desk_client: Client, faq: None) -> Any:
    """The page of an office on a day, filled in and sent as often as it wants."""
    settings.MEDIA_ROOT = tmp_path

    def send(office: Any, arrived: str, today: str, times: int = 2, **more: str) -> Visitor:
        settings.PORTAL_TODAY = D(today)
        page = Visitor(desk_client).open(f"/helpdesk/offices/{office.business_number}/paper/")
        for _time in range(times):
            page.send(**WRITTEN | TICKED | {"arrived_on": arrived, "email": ""} | more)
        return page

    return send


def only() -> FreePassApplication:
    return FreePassApplication.objects.get()


def told(kind: str, today: str) -> list[tuple[str, str]]:
    """How the only filing is told of: to whom, by which way."""
    application_notify(application_id=only().pk, kind=kind, today=D(today))
    notice = Notice.objects.order_by("pk").last()
    return [(one.channel, one.address) for one in Delivery.objects.filter(notice=notice).order_by("pk")]


def test_what_arrived_on_the_last_day_is_entered_the_day_after(paper, office, desk) -> None:
    page = paper(office, LAST, AFTER)
    application = only()
    assert application.receipt_number in page.words
    assert (application.channel, application.filed_on, application.proved_on) == ("paper", D(LAST), None)
    assert (application.starts_on, application.ends_on) == (D(LAST), D("2027-05-30"))
    assert application.prove_by == D("2026-06-30")
    event = application.events.get(kind=ApplicationEventKind.FILED)
    assert (event.recorded_on, event.actor, event.data["arrived_on"]) == (D(AFTER), desk, LAST)
    assert event.reason == "2026年5月31日に届いた紙の申請"
    assert application.receipt_number in ContactLog.objects.get().text
    assert not LicenseTerm.objects.exists()


def test_the_code_comes_by_letter_and_the_grant_dates_from_the_arrival(paper, office, acting) -> None:
    paper(office, LAST, AFTER)
    (made,) = letters_make(today=D(AFTER), acting=acting)
    code_enter(
        business_number=office.business_number, code=made.code, today=D("2026-06-08"), now=clock.now(), acting=acting
    )
    granted = LicenseTerm.objects.get()
    assert (granted.starts_on, granted.ends_on, granted.pricing) == (D(LAST), D("2027-05-30"), FREE_PASS)
    assert only().proved_by == "letter"


@pytest.mark.parametrize(
    ("arrived", "today", "sentence"),
    [
        (AFTER, AFTER, "申請の受付は、2025年6月1日から2026年5月31日までです。この日に届いた申請は、受け付けられません。"),
        ("2025-05-31", "2025-06-01", "この日に届いた申請は、受け付けられません。"),
        ("2026-04-04", "2026-04-03", "届いた日が、きょうよりあとです。"),
        ("2026-04-05", "2026-04-20", "届いてから14日を過ぎた申請は、ここでは入力できません。紙を運営者に引きついで"),
        ("いつか", AFTER, "日付は 2026-04-06 のように入れてください。"),
    ],
)  # fmt: skip
def test_other_days_are_refused_beside_their_field(paper, office, arrived, today, sentence) -> None:
    page = paper(office, arrived, today, times=1)
    assert page.page.status_code == 422
    assert sentence in page.words
    assert 'value="山根 涼子"' in page.page.text
    assert not FreePassApplication.objects.exists()


@pytest.mark.parametrize(
    ("arrived", "today"),
    [("2026-04-06", "2026-04-20"), ("2026-05-18", AFTER), (LAST, LAST), ("2025-06-01", "2025-06-15")],
)
def test_the_outermost_days_are_taken(paper, office, arrived, today) -> None:
    paper(office, arrived, today)
    assert only().filed_on == D(arrived)


def test_never_so_late_that_its_proof_is_due(paper, office, settings) -> None:
    settings.PAPER_DAYS = 90
    assert "届いてから30日を過ぎた申請" in paper(office, "2026-03-03", "2026-04-03", times=1).words
    paper(office, "2026-03-04", "2026-04-03")
    assert only().prove_by == D("2026-04-03")


# the answer of that day --------------------------------------------------------------------------


def test_the_answer_of_the_day_is_looked_at_before_it_is_filed(paper, office) -> None:
    page = paper(office, LAST, AFTER, times=1)
    assert page.page.status_code == 200
    assert "2026年5月31日（日）から2027年5月30日（日）まで、0円" in page.words
    assert "利用規約 第2版 個人情報の扱い 第2版" in page.words
    assert "自動で更新し、年21,000円（未定）。続けないときは、2027年5月30日（日）までに届け出" in page.words
    assert not FreePassApplication.objects.exists()
    assert not ContactLog.objects.exists()


def test_another_day_is_another_answer(paper, office) -> None:
    page = paper(office, "2026-05-30", AFTER, times=1)
    page.send(**WRITTEN | TICKED | {"arrived_on": LAST, "email": ""})
    assert page.page.status_code == 409
    assert "答えが変わりました。まだ受け付けていません" in page.words
    assert not FreePassApplication.objects.exists()


def test_a_second_click_files_once(paper, office) -> None:
    page = paper(office, LAST, AFTER, times=1)
    address, sent = page.path, page.hidden | WRITTEN | TICKED | {"arrived_on": LAST, "email": ""}
    for _click in range(2):
        assert page.client.post(address, sent).status_code == 302
    assert FreePassApplication.objects.count() == ContactLog.objects.count() == 1


def test_a_renewal_by_itself_since_then_changes_nothing(paper, acting) -> None:
    """On its last day the paid year would have been followed by the free one; it renewed before anybody looked."""
    office = make_license(facts(term("2025-04-15", "2026-04-14"), mode=AUTO)).office
    paper(office, "2026-04-14", "2026-04-17")
    application = only()
    assert (application.effect, application.starts_on) == ("at_renewal", D("2026-04-15"))
    assert LicenseTerm.objects.get(starts_on=D("2026-04-15")).pricing == PAID
    application_prove(application_id=application.pk, proof="call_back", today=D("2026-04-20"), acting=acting)
    turned = LicenseTerm.objects.get(starts_on=D("2026-04-15"))
    assert (turned.pricing, turned.fee_yen, turned.ends_on) == (FREE_PASS, 0, D("2027-04-14"))


def test_a_lapse_since_then_changes_nothing(paper, acting) -> None:
    office = make_license(facts(term("2025-04-15", "2026-04-14"), mode=MANUAL)).office
    paper(office, "2026-04-14", "2026-04-17")
    application_prove(application_id=only().pk, proof="call_back", today=D("2026-04-20"), acting=acting)
    assert LicenseTerm.objects.get(pricing=FREE_PASS).starts_on == D("2026-04-15")


def test_an_act_since_then_goes_to_the_operator(paper, acting) -> None:
    office = make_license(facts(term("2025-04-15", "2026-04-14"), mode=AUTO)).office
    stop_file(office_id=office.pk, today=D("2026-04-03"), acting=acting)
    page = paper(office, "2026-04-02", "2026-04-06", times=1)
    assert page.page.status_code == 422
    assert "2026年4月3日に、この事業所のライセンスに手続きがありました（利用停止の届けを出した）。" in page.words
    assert "紙を運営者に引きついでください。" in page.words
    assert not FreePassApplication.objects.exists()
    paper(office, "2026-04-03", "2026-04-06")
    assert only().filed_on == D("2026-04-03"), "what was done on that day belongs to its answer"


def test_a_start_since_then_goes_to_the_operator(paper, office, acting) -> None:
    license_start_paid(office_id=office.pk, today=D("2026-04-04"), acting=acting)
    assert "（利用を始めた）" in paper(office, "2026-04-03", "2026-04-06", times=1).words
    assert not FreePassApplication.objects.exists()


def test_an_office_that_used_it_up_is_refused_with_the_rules_sentence(paper) -> None:
    office = make_license(facts(term("2025-06-10", "2026-06-09", FREE_PASS))).office
    page = paper(office, "2026-04-03", "2026-04-03", times=1)
    assert (page.page.status_code, "受け付けていません" in page.words) == (422, True)
    assert not FreePassApplication.objects.exists()


# the ticks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["renewal", "agreed", "signed"])
def test_what_is_not_ticked_on_paper_is_asked_for(paper, office, missing) -> None:
    page = paper(office, LAST, AFTER, times=1, **{missing: ""})
    beside = page.page.text.split(f'id="id_{missing}"')[0].rsplit('<div class="field"', 1)[1]
    assert (page.page.status_code, "紙に印がありますか" in beside) == (422, True)


def test_a_warning_needs_its_tick_where_it_applies(paper) -> None:
    stopping = make_license(facts(term("2025-04-15", "2026-04-14", stop=True))).office
    for office, name in ((make_office(scope="no"), "scope"), (stopping, "replaced")):
        page = paper(office, "2026-04-03", "2026-04-03", times=1, **{name: ""})
        assert page.page.status_code == 422
        assert "紙に印がありますか" in page.words
    paper(make_office(), "2026-04-03", "2026-04-03", scope="", replaced="")
    assert FreePassApplication.objects.count() == 1


# what is sent ------------------------------------------------------------------------------------


def test_without_an_address_the_acknowledgement_goes_by_letter(paper, office) -> None:
    paper(office, LAST, AFTER)
    assert only().applicant_email == ""
    assert told("receipt", AFTER) == [("letter", "")]


def test_dates_go_to_no_address_on_the_form_before_the_proof(paper, office, acting) -> None:
    paper(office, LAST, AFTER, email="yamane@example.jp")
    assert only().applicant_email == "yamane@example.jp"
    assert told("receipt", AFTER) == [("letter", "")]
    application_prove(application_id=only().pk, proof="letter", today=D("2026-06-08"), acting=acting)
    assert told("proof", "2026-06-08") == [("mail", "yamane@example.jp")]


def test_members_hear_of_it_by_mail(paper, office) -> None:
    member = make_member(office)
    paper(office, LAST, AFTER)
    assert told("receipt", AFTER) == [("mail", member.email.lower())]


def test_the_helpdesk_prints_the_acknowledgement(paper, office, desk_client) -> None:
    page = paper(office, LAST, AFTER)
    address = f"{receipt_path(only())}receipt.pdf"
    assert f'href="{address}"' in page.page.text
    text = "".join(PdfReader(io.BytesIO(desk_client.get(address).content)).pages[0].extract_text().split())
    assert "2026年5月31日（日）（紙が届いた日）" in text
    assert "利用規約第2版個人情報の扱い第2版" in text
    assert "メール" not in text.split("申請した人")[1].split("無料になる期間")[0]


def test_proved_on_the_day_of_entry_is_told_as_proved_later(paper, office, acting) -> None:
    paper(office, LAST, LAST)
    application_prove(application_id=only().pk, proof="call_back", today=D(LAST), acting=acting)
    assert receipt_of(only(), D(LAST)).filed.proved_at_once is False


def test_two_people_without_addresses_get_letters_of_their_own(paper, acting) -> None:
    from offices.models import Corporation

    owner = Corporation.objects.create(corporate_number="2011001027780", name="合同会社みなとの風")
    for name in ("山根 涼子", "山根 涼子", "田淵 実"):
        paper(make_office(corporation=owner), LAST, AFTER, name=name)
    letters = letters_make(today=D(AFTER), acting=acting)
    assert sorted(len(made.applications) for made in letters) == [1, 2]


def test_a_caller_without_an_address_can_file(desk_client, faq, office) -> None:
    base = f"/helpdesk/offices/{office.business_number}/"
    desk_client.post(f"{base}call/", {"caller-name": "田中 一郎", "caller-proof": "call_back", "caller-consent": "on"})
    page = Visitor(desk_client).open(f"{base}act/apply/")
    page.send(name="田中 一郎", phone="0859-00-0199", email="", agreed="on", renewal="on")
    assert (only().channel, only().applicant_email) == ("helpdesk", "")
    assert told("receipt", "2026-04-03") == [("letter", "")]
    assert "None" not in desk_client.get(f"{base}around/").text


def test_the_form_asks_for_what_the_page_asks(office) -> None:
    text = "".join(
        PdfReader(io.BytesIO(documents.paper_form_pdf("", date(2026, 4, 3)))).pages[0].extract_text().split()
    )
    for part in ("届いた日が申請の日になります", "年21,000円（未定）の利用料がかかる", "無料の期間の最後の日まで", "有償の更新の申し込み",
                 "対象のサービスがない事業所", "事業所の確認のコードを書いた手紙を、台帳にある所在地へ送ります"):  # fmt: skip
        assert part in text, part
    assert len(PdfReader(io.BytesIO(documents.paper_form_pdf("", date(2026, 4, 3)))).pages) == 1


def test_the_page_is_reached_without_a_proved_caller(desk_client, faq, office) -> None:
    page = desk_client.get(f"/helpdesk/offices/{office.business_number}/").text
    assert f'href="/helpdesk/offices/{office.business_number}/paper/">紙の申請を入力する</a>' in page
