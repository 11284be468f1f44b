"""Filing page by page: nothing is lost, nothing is sent twice, nothing is sent that was not agreed to."""

import re

import pytest
from django.db import OperationalError
from django.test import Client

from campaigns.enums import Channel
from campaigns.models import Campaign, FilingDraft, FreePassApplication
from licenses.queries import standing
from licenses.rules import MANUAL, PAID
from offices.models import Office
from tests.campaigns.visitor import Visitor
from tests.factories import make_license, make_member, make_office
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
KNOWN = "3170201432"
YEAR = term("2025-04-15", "2026-04-14")


@pytest.fixture
def office(on):
    return make_office(business_number=KNOWN, name="ヘルパーステーション 髙﨑")


def licensed(*terms, **more):
    office = make_license(facts(*(terms or (YEAR,)), **more)).office
    office.business_number = KNOWN
    office.save(update_fields=["business_number"])
    return office


def only() -> FreePassApplication:
    return FreePassApplication.objects.get()


def test_a_newcomer_files_and_gets_a_number(visitor, office) -> None:
    visitor.check(KNOWN).ask(fp="unused").begin().write()
    assert "送る前に、内容を確かめてください" in visitor.words
    visitor.confirm()
    application = only()
    assert visitor.path.startswith("/receipt/")
    assert application.receipt_number in visitor.words
    assert "申請を仮に受け付けました" in visitor.words
    assert (application.channel, application.proved_on) == (Channel.VISITOR, None)
    assert (application.starts_on, application.ends_on) == (D("2026-04-03"), D("2027-04-02"))
    assert (application.terms_version, application.privacy_version) == ("2", "2")
    assert application.claimed["free_pass"] == "unused"


@pytest.mark.parametrize(("day", "version"), [("2026-03-31", "1"), ("2026-04-01", "2")])
def test_the_texts_of_the_day_are_agreed_to_and_kept(visitor, office, on, day, version) -> None:
    on(day)
    visitor.check(KNOWN).ask(fp="unused").begin().write()
    assert f"利用規約（第{version}版）と個人情報の扱い（第{version}版）に同意します" in visitor.words
    visitor.confirm()
    on("2026-04-20")
    assert (only().terms_version, only().privacy_version) == (version, version)


def test_one_thing_a_page_and_each_mistake_at_its_field(visitor, office) -> None:
    visitor.to_result(KNOWN).begin()
    assert visitor.path.endswith("/name/")
    assert "入れてください。" in visitor.send(name="").words
    visitor.send(name="山根 涼子")
    assert "いまは7けたです。市外局番から入れてください。" in visitor.send(phone="0012345").words
    visitor.send(phone="（０８５９）００−０１２３")
    assert "メールアドレスの形になっていません" in visitor.send(email="minato").words
    visitor.send(email="ｍｉｎａｔｏ@example.jp")
    assert visitor.path.endswith("/check/")
    assert "0859-00-0123" in visitor.words
    assert "minato@example.jp" in visitor.words


def test_what_was_typed_survives_another_browser_and_the_next_day(visitor, office, on) -> None:
    visitor.to_result(KNOWN).begin().send(name="山根 涼子")
    key = FilingDraft.objects.get().key
    on("2026-04-04")
    later = Visitor().open(f"/apply/{key}/")
    assert later.path == f"/apply/{key}/phone/"
    assert 'value="山根 涼子"' in later.open(f"/apply/{key}/name/").page.text
    assert "途中まで保存しました" in later.open(f"/apply/{key}/saved/").words


def test_an_answer_is_mended_from_the_last_page_and_back_to_it(visitor, office) -> None:
    visitor.to_result(KNOWN).begin().write()
    mend = re.search(r'href="(/apply/[^"]+/phone/\?mend=1)"', visitor.page.text)[1]
    visitor.open(mend).send(mend, phone="090-1234-5678")
    assert visitor.path.endswith("/check/")
    assert "090-1234-5678" in visitor.words


def test_the_dates_can_be_mended_without_typing_the_rest_again(visitor) -> None:
    licensed(mode=MANUAL)
    visitor.to_result(KNOWN, end="2026-04-10", renewal="manual").begin().write()
    back = re.search(r'href="(/check/result/[^"]+draft=[^"]+)"', visitor.page.text)[1].replace("&amp;", "&")
    visitor.open(back.replace("2026-04-10", "2026-04-14")).begin()
    assert visitor.path.endswith("/check/")
    assert "2026年4月14日" in visitor.words
    assert "山根 涼子" in visitor.words
    assert FilingDraft.objects.count() == 1


def test_a_page_out_of_turn_leads_to_the_first_that_lacks_an_answer(visitor, office) -> None:
    visitor.to_result(KNOWN).begin()
    key = FilingDraft.objects.get().key
    assert visitor.open(f"/apply/{key}/check/").path == f"/apply/{key}/name/"
    assert visitor.open(f"/apply/{key}/office/").path == f"/apply/{key}/name/"
    assert visitor.open(f"/apply/{key}/nothing/").path == f"/apply/{key}/name/"


def test_an_unknown_draft_says_what_is_not_lost(visitor) -> None:
    page = visitor.client.get("/apply/AAAAAAAAAAAAAAAA/name/")
    assert page.status_code == 404
    assert "送り終えた申請はなくなっていません" in page.text


def test_everything_has_to_be_confirmed(visitor, office) -> None:
    visitor.to_result(KNOWN).begin().write().send(agree="on")
    assert visitor.words.count("確かめて、印を付けてください。") >= 2
    assert not FreePassApplication.objects.exists()


def test_the_warnings_stand_above_the_button_and_are_confirmed(visitor) -> None:
    licensed(mode=MANUAL)
    visitor.to_result(KNOWN, end="2026-04-14", renewal="stop").begin().write()
    assert "送ると、利用停止の届けは取り消しになります" in visitor.words
    assert "年21,000円（未定）がかかることが分かりました" in visitor.words
    assert "続けないときは、2027年4月14日までに届け出ます" in visitor.words
    visitor.confirm()
    assert not FreePassApplication.objects.exists()
    visitor.confirm(stop="on")
    assert FreePassApplication.objects.count() == 1


def test_a_filed_paid_renewal_is_said_to_be_replaced(visitor) -> None:
    licensed(mode=MANUAL, reserved=PAID)
    visitor.to_result(KNOWN, end="2026-04-14", renewal="filed").begin().write()
    assert "申し込んである有償の更新は取りやめになります" in visitor.words
    visitor.confirm(paid="on")
    assert only().claimed["renewal"] == "filed"


def test_an_office_out_of_scope_confirms_it(visitor) -> None:
    make_office(business_number=KNOWN, scope="no")
    visitor.to_result(KNOWN).begin().write().confirm()
    assert not FreePassApplication.objects.exists()
    visitor.confirm(scope="on")
    assert only().answer["warnings"] == ["outside_linkage_standard"]


def test_the_policy_refuse_refuses_and_says_so(visitor) -> None:
    make_office(business_number=KNOWN, scope="no")
    Campaign.objects.update(scope_policy="refuse")
    visitor.to_result(KNOWN)
    assert "申請は受け付けていません" in visitor.words
    assert "申請に進む" not in visitor.words


def test_somebody_elses_filing_is_said_without_naming_anybody(visitor, office) -> None:
    visitor.to_result(KNOWN).begin().write().confirm()
    other = Visitor().to_result(KNOWN)
    assert "この事業所からは、もう申請が届いています" in other.words
    other.begin().write(name="別の人")
    assert "もう申請が届いています" in other.words
    assert "山根" not in other.words
    assert only().receipt_number not in other.page.text


def test_sent_twice_is_one_filing(visitor, office) -> None:
    visitor.to_result(KNOWN).begin().write()
    path, hidden = visitor.path, visitor.hidden
    ticks = {"renewal": "on", "agree": "on", "trusted": "on"}
    first = visitor.client.post(path, hidden | ticks)
    second = visitor.client.post(path, hidden | ticks)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert FreePassApplication.objects.count() == 1


def test_the_second_tab_of_a_sent_filing_leads_to_its_acknowledgement(visitor, office) -> None:
    visitor.to_result(KNOWN).begin().write()
    tab = Visitor().open(visitor.path)
    visitor.confirm()
    tab.send(renewal="on", agree="on", trusted="on")
    assert tab.path == visitor.path
    assert FreePassApplication.objects.count() == 1
    draft = FilingDraft.objects.get()
    assert draft.answers == {}
    assert tab.open(f"/apply/{draft.key}/name/").path == visitor.path


def test_the_minute_after_midnight_shows_the_new_answer_and_files_nothing(visitor, office, on) -> None:
    visitor.to_result(KNOWN).begin().write()
    on("2026-04-04")
    visitor.confirm()
    assert "答えが変わりました。まだ送られていません" in visitor.words
    assert "2026年4月4日（土）から" in visitor.words
    assert not FreePassApplication.objects.exists()
    visitor.confirm()
    assert only().starts_on == D("2026-04-04")


def test_the_minute_after_the_last_day_says_that_it_closed(visitor, office, on) -> None:
    on("2026-05-31")
    visitor.to_result(KNOWN).begin().write()
    on("2026-06-01")
    visitor.confirm()
    assert "いまは、申請を送れません" in visitor.words
    assert "フリーパスの申請は、5月31日で締め切りました" in visitor.words
    assert not FreePassApplication.objects.exists()


def test_a_member_files_from_the_record_and_is_proved_at_once(visitor) -> None:
    office = licensed(mode=MANUAL)
    user = make_member(office)
    visitor.client.force_login(user)
    visitor.check(KNOWN).begin()
    visitor.send(name=user.name).send(phone="0859-00-0123")
    assert user.email in visitor.page.text
    visitor.send(email=user.email)
    assert "送ると、すぐに確定します" in visitor.words
    visitor.confirm()
    assert "この申請は確定です" in visitor.words
    assert (only().channel, only().applicant_id, only().claimed) == (Channel.MEMBER, user.pk, None)
    assert standing(office.pk, D("2026-04-03")).plan.is_reserved


def test_a_members_draft_is_the_members_alone(visitor) -> None:
    office = licensed(mode=MANUAL)
    visitor.client.force_login(make_member(office))
    visitor.check(KNOWN).begin()
    for client in (Client(), Client()):
        answer = client.get(visitor.path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=/apply/")
    stranger = Client()
    stranger.force_login(make_member(make_office()))
    assert stranger.get(visitor.path).status_code == 404
    assert stranger.post(visitor.path, {"name": "x"}).status_code == 404
    assert FilingDraft.objects.get().answers["name"] != "x"


def test_who_was_taken_out_meanwhile_files_nothing(visitor, on) -> None:
    office = licensed(mode=MANUAL)
    user = make_member(office)
    visitor.client.force_login(user)
    visitor.check(KNOWN).begin().write()
    user.memberships.update(ended_on=D("2026-04-03"))
    visitor.confirm()
    assert "この事業所の手続きをする人に入っていません" in visitor.words
    assert not FreePassApplication.objects.exists()


@pytest.mark.usefixtures("reference")
def test_an_unlisted_office_describes_itself(visitor) -> None:
    visitor.to_result("3100200082").begin()
    assert visitor.path.endswith("/office/")
    visitor.send(office_name="米子みなみ地域包括支援センター")
    assert (
        "郵便番号は7けたです。いまは3けたです"
        in visitor.send(postal_code="683", municipality="312029", address="x").words
    )
    visitor.send(postal_code="683-0000", municipality="312029", address="鳥取県米子市新開1丁目1番1号")
    assert "介護予防ケアマネジメント" in visitor.words
    assert "1つ以上選んでください。" in visitor.send().words
    visitor.send(services=["46", "AF"]).write()
    assert "介護予防支援、介護予防ケアマネジメント" in visitor.words
    assert not Office.objects.exists()
    visitor.confirm()
    office = only().office
    assert (office.unlisted, office.name, office.scope) == (True, "米子みなみ地域包括支援センター", "yes")
    assert "ヘルプデスクが、指定した市町村や都道府県の公表資料で事業所を確かめます" in visitor.words
    assert "手紙のコードを入れる" not in visitor.words.partition("知っておいてほしいこと")[0]


@pytest.mark.usefixtures("reference")
def test_an_unlisted_office_that_changes_its_answer_leaves_nothing_behind(visitor, on) -> None:
    visitor.to_result("3100200082").begin().send(office_name="包括")
    visitor.send(municipality="312029", address="鳥取県米子市").send(services=["46"]).write()
    on("2026-04-04")
    visitor.confirm()
    assert not Office.objects.exists()
    visitor.confirm()
    assert only().office.business_number == "3100200082"


def test_an_office_that_closed_meanwhile_is_refused_with_a_sentence(visitor, office, on) -> None:
    visitor.to_result(KNOWN).begin().write()
    Office.objects.update(closed_on=D("2026-04-01"))
    visitor.confirm()
    assert "廃止の届けが出ている事業所です" in visitor.words
    assert not FreePassApplication.objects.exists()


def test_too_many_filings_from_one_address_wait(visitor, office, settings) -> None:
    settings.FILINGS_PER_HOUR = 2
    for _ in range(2):
        visitor.to_result(KNOWN).begin()
    refused = visitor.client.post("/apply/", {"number": KNOWN, "fp": "unused"})
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "手続きの内容はなくなっていません" in refused.text


def test_a_database_that_goes_away_hands_the_form_back(visitor, office, monkeypatch) -> None:
    """What the person typed comes back with one button; nothing needs the database for it."""
    visitor.to_result(KNOWN).begin()
    client = Client(raise_request_exception=False)

    def away(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper._execute_with_wrappers", away)
        answer = client.post(visitor.path, {"name": "山根 <涼子>", "csrfmiddlewaretoken": "t"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "入力した内容は、この画面が持っています" in answer.text
    assert 'name="name" value="山根 &lt;涼子&gt;"' in answer.text
    visitor.send(name="山根 <涼子>")
    assert visitor.path.endswith("/phone/")


def test_passwords_are_never_handed_back(on, monkeypatch) -> None:
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper._execute_with_wrappers", away)
    client = Client(raise_request_exception=False)
    answer = client.post("/accounts/login/", {"login": "a@example.jp", "password": "secret-secret"})
    assert answer.status_code == 503
    assert "secret-secret" not in answer.text


def test_forms_without_the_token_are_refused_in_japanese(office) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/apply/", {"number": KNOWN, "fp": "unused"})
    assert answer.status_code == 403
    assert "まだ何も送られていません" in answer.text


def test_what_was_never_sent_is_forgotten_after_its_time(visitor, office, on) -> None:
    from campaigns.services import drafts_forget

    visitor.to_result(KNOWN).begin().send(name="山根 涼子")
    assert drafts_forget(today=on("2026-04-17")) == 0
    assert drafts_forget(today=on("2026-04-18")) == 1
    assert drafts_forget(today=on("2026-04-18")) == 0


def test_a_step_asks_the_database_little(visitor, office, django_assert_max_num_queries) -> None:
    visitor.to_result(KNOWN).begin()
    with django_assert_max_num_queries(3):
        visitor.client.get(visitor.path)
    visitor.write()
    with django_assert_max_num_queries(8):
        visitor.client.get(visitor.path)
