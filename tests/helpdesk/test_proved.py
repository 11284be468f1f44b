"""A call: what is said before and after the caller is proved, what proves them, and where one sees it is open."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from accounts.enums import Role
from careplan_portal.lib.acting import HELPDESK, Acting
from helpdesk.rules.offering import why_no_filing
from helpdesk.services import contacts
from licenses.rules import FREE_PASS, MANUAL
from tests.factories import make_license
from tests.helpdesk.conftest import TODAY
from tests.helpdesk.scenes import scene
from tests.helpdesk.test_pages import page_of, part_of
from tests.licenses.cases import YEAR, facts, term

pytestmark = pytest.mark.django_db
FREE = facts(term("2025-06-10", "2026-06-09", FREE_PASS))


def part(page: str, begins: str, ends: str = "</section>") -> str:
    return page[page.index(begins) :].split(ends, 1)[0]


def test_dates_are_marked_until_the_caller_is_proved(desk_client, faq, called) -> None:
    office = make_license(FREE).office
    page = page_of(desk_client, office)
    assert "6月9日" not in part(page, 'id="say"')
    assert "いまこのシステムを使っています" in part(page, 'id="say"')
    assert "無料の1年をまだ使っていない番号なら、無料の申請は、" in part(page, 'id="say"')  # not: this office may file
    assert "確かめた相手にだけ" in part(page, 'id="pro"')
    assert "6月9日までです。" in part(page, 'id="pro"')
    assert "確かめた相手にだけ" in part(page, 'class="qs-yours"', "</p>")
    called(office)
    page = page_of(desk_client, office)
    assert "6月9日までです。" in part(page, 'id="say"')
    assert "いまこのシステムを使っています" not in page  # what anybody may hear is no longer needed
    assert "確かめた相手にだけ" not in page


@pytest.fixture
def noted(office: Any) -> Any:
    def note(who: Acting, on: date) -> None:
        contacts.note_record(
            office_id=office.pk, text="証明書の話", topics=["term"], follow_up_on=None, today=on, acting=who
        )

    return note


def test_what_one_wrote_today_proves_nothing(desk_client, faq, office, acting, noted, person) -> None:
    """Else the caller repeats what they have just said."""
    noted(acting, TODAY)
    loaded = part_of(desk_client, office).text
    assert "証明書の話" not in part(loaded, "前回の話")
    assert 'value="last_contact"' not in loaded
    wanted = {
        "caller-name": "田中", "caller-proof": "two_facts", "caller-consent": "on",
        "caller-facts": ["address", "last_contact"],
    }  # fmt: skip
    assert desk_client.post(f"/helpdesk/offices/{office.business_number}/call/", wanted).status_code == 422
    noted(Acting(person(Role.HELPDESK, "okuda@example.jp", "奥田 尚").pk, HELPDESK), TODAY)
    assert "証明書の話" in part(part_of(desk_client, office).text, "前回の話")
    assert desk_client.post(f"/helpdesk/offices/{office.business_number}/call/", wanted).status_code == 302


def test_a_note_of_another_day_counts(desk_client, faq, office, acting, noted) -> None:
    noted(acting, TODAY - timedelta(days=1))
    assert 'value="last_contact"' in part_of(desk_client, office).text


def test_a_failed_check_keeps_where_it_was_to_lead(desk_client, faq, office) -> None:
    address = f"/helpdesk/offices/{office.business_number}/call/"
    answer = desk_client.post(address, {"caller-name": "田中", "then": "apply"})
    assert answer.status_code == 422
    assert '<input type="hidden" name="then" value="apply">' in answer.text
    assert "<h1>代わりにフリーパスを申請</h1>" in answer.text
    assert 'href="#id_caller-consent"' in answer.text


def test_an_open_call_stands_above_every_page(desk_client, faq, office, called) -> None:
    called()
    other = make_license(FREE).office
    number, pages = (
        office.business_number,
        ["/helpdesk/", "/helpdesk/queue/", "/helpdesk/find/?q=x", "/helpdesk/statistics/"],
    )
    for path in (*pages, f"/helpdesk/offices/{other.business_number}/", f"/helpdesk/offices/{number}/"):
        page = desk_client.get(path).text
        assert "田中 一郎さん" in part(page, '<div class="call">', "</div>"), path
        assert f"/helpdesk/offices/{number}/call-end/" in page, path
    desk_client.post(f"/helpdesk/offices/{number}/call-end/")
    assert "田中 一郎さん" not in desk_client.get("/helpdesk/").text


@pytest.mark.parametrize(
    ("known", "today", "reason", "instead"),
    [
        (FREE, "2026-04-03", "もう使いました", "停止を届けられます"),
        (facts(term("2025-06-10", "2026-06-09", FREE_PASS, stop=True)), "2026-04-03", "もう使いました", "停止の届けは取り消せます"),
        (facts(term("2024-06-10", "2025-06-09", FREE_PASS, "stopped")), "2026-04-03", "もう使いました", "有償なら、きょうから"),
        (facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS), "2026-04-03", "予約がもうあります", "予約の取り下げ"),
        (facts(term("2025-08-01", "2026-07-31")), "2026-04-03", "受付のおわりよりあと", "そのまま使えます"),
        (facts(term("2025-05-10", "2026-05-09")), "2026-04-03", "5月1日から申請できます", "そのまま使えます"),
        (facts(), "2026-06-10", "受付は終わりました", "有償なら、きょうから"),
        (facts(term(*YEAR), closed="2026-03-31"), "2026-04-03", "閉じた事業所", "引きつぐ"),
    ],
)  # fmt: skip
def test_why_one_cannot_file_and_what_one_can(known, today, reason, instead) -> None:
    cannot = why_no_filing(scene(known, today))
    assert cannot is not None
    assert reason in cannot.reason
    assert instead in cannot.instead


def test_who_may_file_is_not_told_otherwise() -> None:
    assert why_no_filing(scene(facts(), "2026-04-03")) is None
    assert why_no_filing(scene(facts(term(*YEAR)), "2026-04-03")) is None


def test_a_filing_that_cannot_be_is_not_asked_for_proof_first(desk_client, faq) -> None:
    office = make_license(FREE).office
    page = page_of(desk_client, office)
    assert 'data-key="a"' not in page
    assert "代わりに申請：無料の1年は、もう使いました" in page
    page = page_of(desk_client, office, "act/apply/")
    assert "この手続きは、いまはできません" in page
    assert "無料の1年は、もう使いました" in page
    assert 'name="caller-name"' not in page


def test_one_act_is_one_line_of_the_log(desk_client, faq, called, member) -> None:
    from offices.models import Membership

    office = make_license(FREE).office
    Membership.objects.create(user=member, office=office, role="manager", joined_on=date(2025, 4, 15))
    called(office)
    check = desk_client.get(f"/helpdesk/offices/{office.business_number}/act/stop/")
    desk_client.post(f"/helpdesk/offices/{office.business_number}/act/stop/", {"shown": check.context["shown"]})
    log = part_of(desk_client, office).context["around"].log
    acts = [line for line in log if line.is_act]
    assert len(acts) == 1
    assert any("お電話で利用停止を受け付けました" in part for part in acts[0].parts)
    assert len(acts[0].parts) == 2
    assert [line.contact.kind for line in log if line.contact] == ["act", "call_began"]
    page = page_of(desk_client, office)
    assert "更新しない（停止の届けが出ている）" in page
    assert "やめるお手続きを、いまごいっしょに" not in page


def test_without_members_it_says_what_goes_where(desk_client, faq, office, filed) -> None:
    assert "控えは" not in page_of(desk_client, office)
    filed(office)
    page = page_of(desk_client, office)
    assert "更新や期限のお知らせは手紙になります。" in page
    assert "申請した人のメール（tabuchi@example.jp）に送ります。" in page


def test_two_notices_of_one_title_and_moment_are_one_line(desk_client, faq, office) -> None:
    from notices.enums import Kind
    from notices.rules import Content, Outgoing
    from notices.services import notice_queue

    with time_machine.travel("2026-04-03T10:30:00+09:00", tick=False):
        for kind in (Kind.ACKNOWLEDGEMENT, Kind.PROVED):
            content = Content(lead=("確定しました。",))
            one = Outgoing(
                kind, "FP-1", "申請が確定しました", content, office_id=office.pk, to=("a@example.jp",), in_portal=True
            )
            notice_queue(outgoing=one, today=TODAY)
    log = part_of(desk_client, office).context["around"].log
    assert len([line for line in log if "申請が確定しました" in line.text]) == 1


def test_a_stop_and_its_taking_back_are_one_line_each(desk_client, faq, called, member) -> None:
    from offices.models import Membership

    office = make_license(FREE).office
    Membership.objects.create(user=member, office=office, role="manager", joined_on=date(2025, 4, 15))
    called(office)
    for act in ("stop", "stop_withdraw"):
        address = f"/helpdesk/offices/{office.business_number}/act/{act}/"
        desk_client.post(address, {"shown": desk_client.get(address).context["shown"]})
    log = part_of(desk_client, office).context["around"].log
    back, stop = [line.parts for line in log if line.is_act]
    assert [len(back), len(stop)] == [2, 2]
    assert any("取り消し" in part for part in back)
    assert any("利用停止を受け付けました" in part for part in stop)
    assert not set(back) & set(stop)


def test_a_caller_who_only_wants_a_date_agrees_to_nothing_and_the_act_asks(desk_client, faq) -> None:
    base = f"/helpdesk/offices/{make_license(FREE).office.business_number}/"
    wrong = desk_client.post(f"{base}call/", {"caller-proof": "two_facts"})
    assert {"name", "facts"} <= set(wrong.context["caller_form"].errors)  # all at once
    desk_client.post(f"{base}call/", {"caller-name": "田中", "caller-proof": "call_back"})
    assert "このまま読む（確かめた相手：田中さん）" in desk_client.get(base).text
    check = desk_client.get(f"{base}act/stop/")
    assert 'name="consent"' in check.text
    asked = desk_client.post(f"{base}act/stop/", {"shown": check.context["shown"]})
    assert asked.status_code == 422
    assert "同意をもらい、印を付けてください" in asked.text
    assert desk_client.post(f"{base}act/stop/", {"shown": check.context["shown"], "consent": "on"}).status_code == 302


def test_a_note_without_a_promise_has_nothing_to_tick_off(desk_client, faq, office) -> None:
    base = f"/helpdesk/offices/{office.business_number}/"
    desk_client.post(f"{base}note/", {"text": "料金の話", "topic": "fee"})
    assert "連絡ずみにする" not in part_of(desk_client, office).text
    assert "連絡の約束" not in page_of(desk_client, office)
    desk_client.post(f"{base}note/", {"text": "折り返す", "topic": "fee", "follow_up_on": "2026-04-06"})
    assert part_of(desk_client, office).text.count("連絡ずみにする") == 1
    assert "2026-04-06に連絡する約束があります。" in page_of(desk_client, office)
