"""The pages: what they say, what they cost, what becomes of a wrong entry."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from careplan_portal.lib.acting import Acting
from faq.models import Entry
from faq.queries import content_of
from faq.services import draft_save, entry_publish, entry_withdraw
from helpdesk.models import ClosingDay, ContactLog
from licenses.models import LicenseTerm
from licenses.rules import FREE_PASS, MANUAL
from tests.campaigns.my_pages import text as words_of
from tests.factories import make_license
from tests.helpdesk.conftest import TODAY
from tests.licenses.cases import YEAR, facts, term

pytestmark = pytest.mark.django_db

# Session and person, the office with its place, what stands beside it, calls, the offer, fees, licence, its filings.
MOST_QUERIES = 11


def page_of(client: Client, office: Any, path: str = "", **query: str) -> str:
    response = client.get(f"/helpdesk/offices/{office.business_number}/{path}", query)
    assert response.status_code == 200
    return plain(response.text)


def plain(markup: str) -> str:
    """Without what keeps dates and numbers in one piece."""
    return re.sub(r'<span class="nobr">([^<]*[0-9][^<]*)</span>', r"\1", markup)


def part_of(client: Client, office: Any) -> Any:
    """What the office's page loads once it is there, as htmx asks for it; without scripts a link leads to it."""
    page = page_of(client, office)
    (address,) = re.findall(r'data-hx-get="([^"]+/around/[^"]*)" data-hx-trigger="load"', page)
    alone = f"/helpdesk/offices/{office.business_number}/around/"
    assert f'href="{alone}"' in page
    response = client.get(html.unescape(address), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<h1" not in response.text
    return response


def test_the_prototypes_office(desk_client, faq, filed) -> None:
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    application = filed(office, proof="member")
    page = page_of(desk_client, office)
    for text in (
        "いまの有償の期間は、4月14日までです。4月15日から来年の4月14日まで、無料になります。お手続きは終わっています。",
        "有償利用中", "次回フリーパス", "フリーパス開始", "予約（無料）", application.receipt_number, "予約済み",
        "取り下げは 2026-04-14 までできる", "手動 → フリーパスのあとは自動", "無料の1年が終わると、どうなりますか",
        "更新まで12日", "この画面を開いたことは記録されました",
    ):  # fmt: skip
        assert text in page, text


@pytest.mark.parametrize(
    ("known", "texts"),
    [
        (facts(), ["未利用", "ライセンスの期間は、まだありません。", "きょう申請すると"]),
        (facts(term("2024-04-15", "2025-04-14"), mode=MANUAL), ["期限切れ", "去年の4月14日で期限が切れ"]),
        (facts(term("2025-06-10", "2026-06-09", FREE_PASS, stop=True)), ["フリーパス利用中", "期間のおわりで停止", "停止を取り消す"]),
        (facts(term(*YEAR, closing="")), ["自動更新", "代わりに停止"]),
        (facts(term(*YEAR), closed="2026-03-31"), ["閉じた事業所"]),
    ],
)  # fmt: skip
def test_every_state_has_its_screen(desk_client, faq, known, texts) -> None:
    page = page_of(desk_client, make_license(known).office)
    for text in texts:
        assert text in page, text


@pytest.mark.parametrize(
    ("known", "chosen"),
    [
        (facts(term(*YEAR)), "利用をやめる"),
        (facts(term("2025-06-10", "2026-06-09", FREE_PASS, stop=True)), "停止の届けを取り消す"),
        (facts(term("2024-04-15", "2025-04-14"), mode=MANUAL), "フリーパスを申請"),
        (facts(term("2025-03-10", "2026-03-09", FREE_PASS), mode=MANUAL), "有償で始める"),
    ],
)
def test_what_if_begins_with_something_that_the_office_can_do(desk_client, faq, known, chosen) -> None:
    page = page_of(desk_client, make_license(known).office)
    assert re.findall(r"<option [^>]*selected[^>]*>([^<]+)</option>", page.split('id="whatif"')[1])[0] == chosen


def test_a_record_set_aside_promises_nothing(desk_client, faq) -> None:
    license = make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    license.reservations.update(renewal_on="2026-05-01")
    page = page_of(desk_client, license.office)
    assert "保留" in page
    assert "記録に確かめることがあります。" in page
    assert "次回予約の更新日" in page
    assert page_of(desk_client, license.office, "act/stop/")


def test_the_screen_asks_the_database_sparingly(desk_client, faq, filed, django_assert_max_num_queries) -> None:
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    filed(office, proof="member")
    page_of(desk_client, office)
    with django_assert_max_num_queries(MOST_QUERIES):
        page_of(desk_client, office)


def test_what_the_faq_publishes_is_read_out_from_then_on(desk_client, faq, office, acting) -> None:
    """Every process keeps the published questions; it asks the database whether they changed along with the office."""
    before = page_of(desk_client, office)
    (first, *_) = re.findall(r"<summary [^>]*><b>([^<]*)</b>", before)
    entry = Entry.objects.get(question=html.unescape(first))
    draft_save(entry=entry, content=replace(content_of(entry), question="新しく書いた質問ですか"), acting=acting)
    assert "新しく書いた質問ですか" not in page_of(desk_client, office)
    entry_publish(entry=entry, acting=acting)
    assert "<b>新しく書いた質問ですか</b>" in page_of(desk_client, office)
    entry_withdraw(entry=entry, acting=acting)
    assert "新しく書いた質問ですか" not in page_of(desk_client, office)


def test_the_rest_asks_the_database_sparingly(desk_client, faq, filed, django_assert_max_num_queries) -> None:
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    filed(office, proof="member")
    page_of(desk_client, office, "around/")
    with django_assert_max_num_queries(20):
        page_of(desk_client, office, "around/")


@pytest.mark.parametrize("path", ["", "around/"])
def test_more_history_asks_no_more(desk_client, faq, office, acting, called, path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from helpdesk.services.contacts import note_record

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page_of(desk_client, office, path)
        return len(captured)

    page_of(desk_client, office, path)
    called()
    note_record(office_id=office.pk, text="1", topics=["fee"], follow_up_on=TODAY, today=TODAY, acting=acting)
    before = queries()
    for number in range(20):
        note_record(
            office_id=office.pk, text=str(number), topics=["fee"], follow_up_on=TODAY, today=TODAY, acting=acting
        )
    assert queries() == before


def test_the_what_if_answers_and_writes_nothing(desk_client, faq) -> None:
    office = make_license(facts(term("2025-06-10", "2026-06-09", FREE_PASS))).office
    asked = {"on": "2026-05-10", "act": "stop"}
    strong = "2026年6月9日（火）まで無料で使えて、終わります。"
    assert strong in page_of(desk_client, office, **asked)
    part = page_of(desk_client, office, "imagine/", **asked)
    assert strong in part
    assert "<h1" not in part
    assert LicenseTerm.objects.get().stop_requested_on is None


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"on": "2026-13-40", "act": "stop"}, "日付は 2026-04-06 のように入れてください。"),
        ({"on": "2026-04-02", "act": "stop"}, "きょう以後の日付を入れてください。"),
        ({"on": "２０２６－０５－１０", "act": "stop"}, "終わります。"),
        ({"on": "20260510", "act": "apply"}, "申請できません。"),
    ],
)
def test_the_what_if_takes_days_as_they_are_typed(desk_client, faq, asked, text) -> None:
    office = make_license(facts(term("2025-06-10", "2026-06-09", FREE_PASS))).office
    assert text in page_of(desk_client, office, "imagine/", **asked)


def test_a_note_is_written_by_the_form(desk_client, desk, faq, office) -> None:
    address = f"/helpdesk/offices/{office.business_number}/note/"
    wrong = desk_client.post(address, {"text": "大事な記録", "topic": "fee", "follow_up_on": "あした"})
    assert wrong.status_code == 422
    assert "大事な記録" in wrong.content.decode()
    assert not ContactLog.objects.exists()
    desk_client.post(address, {"text": "大事な記録", "topic": "fee", "follow_up_on": "2026/4/6"})
    line = ContactLog.objects.get()
    assert (line.text, line.topics, str(line.follow_up_on), line.by) == ("大事な記録", ["fee"], "2026-04-06", desk)
    part = part_of(desk_client, office).text
    assert "大事な記録" in part
    assert '次の連絡 <b class="num">2026-04-06</b>' in part
    assert "2026-04-06に連絡する約束があります。" in page_of(desk_client, office)


def test_a_form_that_comes_back_is_open_and_filled_on_the_whole_page(desk_client, faq, office, member) -> None:
    base = f"/helpdesk/offices/{office.business_number}/"
    note = desk_client.post(f"{base}note/", {"text": "大事な記録", "topic": ""})
    call = desk_client.post(f"{base}call/", {"caller-name": "田中 一郎", "caller-proof": "two_facts"})
    for response in (note, call):
        assert response.status_code == 422
        assert 'role="alert"' in response.text
        assert member.email in response.text  # people and facts, though a page loads them later
        assert "data-hx-trigger" not in response.text
    assert "大事な記録</textarea>" in note.text
    assert "data-unsent" in note.text
    assert '<details class="more" data-plain open>' in call.text
    assert 'value="田中 一郎"' in call.text
    assert "大事な記録" not in page_of(desk_client, office)  # the kept empty form stays empty


def test_the_rest_is_a_page_of_its_own_with_all_that_is_loaded(desk_client, faq, office, member, filed) -> None:
    filed(office)
    alone = page_of(desk_client, office, "around/")
    part = plain(part_of(desk_client, office).text)
    assert "<h1>デイサービス みなとの風</h1>" in alone
    words = re.compile(r"(?<=>)[^<\s][^<]*")
    assert {word.strip() for word in words.findall(part)} <= {word.strip() for word in words.findall(alone)}
    for text in (member.email, "聞いて、くらべる", 'name="caller-name"', 'id="log-lines"'):
        assert text in part
    assert "代わりに手続きする前" not in alone  # nothing to unfold: the page begins with the form


def test_who_is_proved_already_is_not_proved_again(desk_client, faq, office, called) -> None:
    called()
    assert "caller-name" not in part_of(desk_client, office).text
    assert "caller-name" not in page_of(desk_client, office, "around/")


def test_a_call_leads_to_the_act_and_back(desk_client, faq, office) -> None:
    licensed = make_license(facts(term(*YEAR))).office
    base = f"/helpdesk/offices/{licensed.business_number}/"
    assert "先に、相手を確かめてください" in desk_client.get(f"{base}act/stop/").content.decode()
    proved = {"caller-name": "田中 一郎", "caller-proof": "call_back", "caller-consent": "on", "then": "stop"}
    wrong = desk_client.post(
        f"{base}call/", proved | {"caller-proof": "two_facts", "caller-facts": ["address", "phone"]}
    )
    assert wrong.status_code == 422
    assert "公開されている事実だけでは足りません" in wrong.content.decode()
    response = desk_client.post(f"{base}call/", proved)
    assert response["Location"] == f"{base}act/stop/"
    check = desk_client.get(response["Location"])
    assert "2026年4月14日（火）まで有償で使えて、終わります。" in check.content.decode()
    done = desk_client.post(f"{base}act/stop/", {"shown": check.context["shown"]}, follow=True)
    page = done.content.decode()
    assert "「利用をやめる」を受け付けました。" in page
    assert "期間のおわりで停止" in page
    assert "手紙で確認" in page
    assert "代わりの手続き：利用をやめる（田中 一郎さんの依頼）" in part_of(desk_client, licensed).text
    assert desk_client.post(f"{base}call-end/").status_code == 302
    assert "通話中" not in page_of(desk_client, licensed)


def test_filing_for_a_caller_by_the_form(desk_client, faq, office) -> None:
    base = f"/helpdesk/offices/{office.business_number}/"
    desk_client.post(f"{base}call/", {"caller-name": "田中 一郎", "caller-proof": "call_back", "caller-consent": "on"})
    check = desk_client.get(f"{base}act/apply/")
    form = {
        "name": "田中 一郎", "phone": "0859-00-0199", "email": "tanaka@example.jp", "agreed": "on", "renewal": "on",
        "shown": check.context["shown"], "form_key": str(check.context["form"]["form_key"].value()),
    }  # fmt: skip
    assert desk_client.post(f"{base}act/apply/", form | {"phone": "1"}).status_code == 422
    assert desk_client.post(f"{base}act/apply/", form | {"shown": "old"}).status_code == 409
    assert not LicenseTerm.objects.exists()
    page = words_of(desk_client.post(f"{base}act/apply/", form, follow=True))
    assert "受付番号 FP-2604-" in page
    assert "フリーパス利用中" in page


def test_an_office_out_of_scope_is_warned_of(desk_client, faq) -> None:
    from tests.factories import make_office

    office = make_office(scope="no")
    base = f"/helpdesk/offices/{office.business_number}/"
    desk_client.post(f"{base}call/", {"caller-name": "田中", "caller-proof": "call_back", "caller-consent": "on"})
    check = desk_client.get(f"{base}act/apply/")
    assert "データ連携の対象外です" in check.content.decode()
    form = {
        "name": "田中", "phone": "0859-00-0199", "email": "tanaka@example.jp", "agreed": "on", "renewal": "on",
        "shown": check.context["shown"], "form_key": str(check.context["form"]["form_key"].value()),
    }  # fmt: skip
    assert desk_client.post(f"{base}act/apply/", form).status_code == 422
    assert desk_client.post(f"{base}act/apply/", form | {"scope": "on"}).status_code == 302


def test_proving_from_the_list(desk_client, faq, office, filed) -> None:
    application = filed(office)
    assert application.receipt_number in desk_client.get("/helpdesk/provisional/").content.decode()
    address = f"/helpdesk/applications/{application.receipt_number}/prove/"
    page = desk_client.get(address).content.decode()
    assert office.phone in page
    assert application.applicant_phone not in page
    assert desk_client.post(address, {"spoken_with": "山根 涼子"}).status_code == 422
    done = desk_client.post(address, {"spoken_with": "山根 涼子", "confirmed": "on"}, follow=True)
    assert "確認を記録しました" in done.content.decode()
    application.refresh_from_db()
    assert application.proved_by == "call_back"


def test_promises_stand_at_the_entrance_until_kept(desk_client, faq, office, acting: Acting) -> None:
    from helpdesk.services.contacts import note_record

    line = note_record(
        office_id=office.pk, text="折り返す", topics=["fee"], follow_up_on=TODAY, today=TODAY, acting=acting
    )
    assert "折り返す" in desk_client.get("/helpdesk/").content.decode()
    desk_client.post(f"/helpdesk/contacts/{line.pk}/done/")
    assert "折り返す" not in desk_client.get("/helpdesk/").content.decode()


def test_the_calendar_shows_and_keeps_closing_days(desk_client) -> None:
    page = desk_client.get("/helpdesk/calendar/").content.decode()
    assert "昭和の日" in page
    assert desk_client.post("/helpdesk/calendar/", {"day": "2026-04-29", "reason": "研修"}).status_code == 422
    desk_client.post("/helpdesk/calendar/", {"day": "2026-04-07", "reason": "研修"})
    row = ClosingDay.objects.get()
    assert "研修" in desk_client.get("/helpdesk/calendar/").content.decode()
    desk_client.post(f"/helpdesk/calendar/{row.pk}/withdraw/")
    assert "研修" not in desk_client.get("/helpdesk/calendar/").content.decode()


@pytest.mark.parametrize("query", [{}, {"first": "2026-03-01", "last": "2026-04-03"}, {"first": "x"}])
def test_figures_open_for_any_days(desk_client, query) -> None:
    assert desk_client.get("/helpdesk/statistics/", query).status_code == 200


def test_the_box_stands_on_every_desk_page(desk_client, office, faq) -> None:
    for path in (
        "/helpdesk/",
        "/helpdesk/queue/",
        "/helpdesk/calendar/",
        f"/helpdesk/offices/{office.business_number}/",
    ):
        assert 'id="find"' in desk_client.get(path).content.decode()


def test_a_letter_that_came_back_is_seen_while_one_speaks(desk_client, faq, office, filed, acting) -> None:
    from campaigns.services import letter_returned, letters_make

    application = filed(office)
    assert "手紙は、まだ刷っていない" in page_of(desk_client, office)
    (made,) = letters_make(today=TODAY, acting=acting)
    assert "手紙は 2026-04-03 に刷った" in page_of(desk_client, office)
    letter_returned(letter_id=made.letter.pk, why="moved", today=TODAY, acting=acting)
    page = page_of(desk_client, office)
    assert "手紙は 2026-04-03 に戻った（転居先不明）" in page
    assert f"{application.receipt_number} の手紙が戻りました。" in page


def test_the_owners_other_offices_are_one_click_away(desk_client, faq, office) -> None:
    from offices.models import Corporation
    from tests.factories import make_office

    owner = Corporation.objects.create(corporate_number="2011001027780", name="合同会社みなとの風")
    for one in (office, make_office(corporation=owner, name="ほかの事業所")):
        one.corporation = owner
        one.save()
    assert "/helpdesk/find/?q=2011001027780" in page_of(desk_client, office)
    assert "ほかの事業所" in desk_client.get("/helpdesk/find/", {"q": "2011001027780"}).text


def test_whoever_asks_two_facts_sees_what_to_compare_them_with(desk_client, faq, office, member, filed, acting) -> None:
    from helpdesk.services.contacts import note_record

    application = filed(office)
    before = TODAY - timedelta(days=1)
    note_record(office_id=office.pk, text="手紙の話", topics=["term"], follow_up_on=None, today=before, acting=acting)
    page = page_of(desk_client, office, "act/apply/")
    compared = page[page.index("聞いて、くらべる") :]
    for text in (application.receipt_number, application.applicant_name, member.email, "いまの期間はなし", "手紙の話"):
        assert text in compared, text


def test_notices_stand_with_their_state(desk_client, faq, office) -> None:
    """渡した, 戻った, これから: nothing is called delivered."""
    from notices.enums import Kind
    from notices.models import Delivery
    from notices.rules import Content, Outgoing
    from notices.services import notice_queue

    for subject, address in (("1", "yamane@example.jp"), ("2", "tabuchi@example.jp")):
        content = Content(lead=("更新月になりました。",))
        one = Outgoing(
            Kind.RENEWAL_MONTH, subject, f"更新月のお知らせ{subject}", content, office_id=office.pk, to=(address,),
            in_portal=True,
        )  # fmt: skip
        notice_queue(outgoing=one, today=TODAY)
    Delivery.objects.filter(address="tabuchi@example.jp").update(state="bounced")
    part = part_of(desk_client, office).text
    section = part[part.index('id="no"') :]
    for text in ("更新月のお知らせ1", "メール：これから", "メール：戻った", "yamane@example.jp"):
        assert text in section, text
