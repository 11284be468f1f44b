"""The pages of the outbox: the helpdesk's letters and what came back, the operator's lead times, the members' list."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import AccessRecord
from careplan_portal.lib.acting import HELPDESK, Acting
from notices import services
from notices.models import Bounce, Delivery, LeadTimes, Notice, PrintLog, PrintRun
from tests.campaigns.my_pages import text
from tests.factories import make_member, make_office, make_user
from tests.notices import returned_mails as mails
from tests.notices.test_outbox import DAY, POSTAL, outgoing, queue
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings):
    settings.PORTAL_TODAY = DAY


@pytest.fixture
def as_role(client):
    def _as(role):
        user = make_user(role)
        client.force_login(user)
        return user

    return _as


def letter(**fields):
    office = make_office(**fields)
    queue(outgoing(office, to=(), postal=POSTAL, in_portal=True))
    return Delivery.objects.get(notice__office=office)


def pages_of(response):
    assert response["Content-Type"] == "application/pdf"
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(response.content)).pages]


class TestLetters:
    def test_print_again_and_returned(self, client, as_role) -> None:
        user = as_role(Role.HELPDESK)
        first, second = letter(name="ひとつめ"), letter(name="ふたつめ")
        page = client.get("/outbox/letters/")
        assert "これから刷る手紙 2通" in text(page)
        printed = client.post("/outbox/letters/print/")
        assert len(pages_of(printed)) == 2
        run = PrintRun.objects.get()
        assert (run.count, run.made_by) == (2, user)
        assert set(Delivery.objects.values_list("state", flat=True)) == {"handed_over"}
        # The second click prints nothing new.
        assert client.post("/outbox/letters/print/").status_code == 302
        assert PrintRun.objects.count() == 1
        # The whole run again; only with a reason.
        assert client.post(f"/outbox/runs/{run.pk}/again/", {"reason": " "}).status_code == 302
        assert pages_of(client.post(f"/outbox/runs/{run.pk}/again/", {"reason": "紙づまり"})) == pages_of(printed)
        # One comes back, its office has moved, and it goes to the new address.
        client.post(f"/outbox/letters/{first.pk}/returned/", {"reason": "あて所に尋ねあたりません"})
        assert Bounce.objects.get().text == "あて所に尋ねあたりません"
        office = first.notice.office
        office.address = "鳥取県米子市両三柳2丁目4番6号"
        office.save()
        (again,) = pages_of(client.post(f"/outbox/letters/{first.pk}/again/", {"reason": "新しい住所"}))
        assert "両三柳2丁目4番6号" in again
        assert list(PrintLog.objects.order_by("pk").values_list("count", "reason")) == [(2, "手紙の発送"), (2, "紙づまり"), (1, "新しい住所")]  # fmt: skip
        shown = text(client.get(f"/outbox/runs/{run.pk}/"))
        assert "紙づまり" in shown
        assert "新しい住所" in shown
        assert second.notice.office.business_number in set(AccessRecord.objects.values_list("subject_key", flat=True))

    def test_the_letter_says_what_the_mail_says(self, client, as_role) -> None:
        as_role(Role.HELPDESK)
        letter(business_number="3170201158")
        (paper,) = pages_of(client.post("/outbox/letters/print/"))
        for words in ("6月10日に更新（21,000円）。やめるなら6月9日まで", "6月10日に自動で更新し、21,000円かかります。", "やめるときは、6月9日（火）までです。", "〒683-0000", "デイサービスあおば御中", "127.0.0.1:8000/my/3170201158/stop/", "電話でも手続きできます。"):  # fmt: skip
            assert words in paper, words

    def test_a_batch_is_a_hundred_and_the_rest_waits(self, as_role) -> None:
        user = as_role(Role.HELPDESK)
        queue(*(outgoing(make_office(), subject=str(number), to=(), postal=POSTAL) for number in range(103)))
        acting = Acting(user.pk, HELPDESK, "試験")
        runs = [services.letters_print(today=DAY, acting=acting) for _ in range(3)]
        assert [run and run.count for run in runs] == [100, 3, None]

    def test_the_latest_print_run_stands_first_and_older_ones_on_further_pages(
        self, client, as_role, monkeypatch
    ) -> None:
        monkeypatch.setattr("notices.views.letters.RUNS_A_PAGE", 2)
        acting = Acting(as_role(Role.HELPDESK).pk, HELPDESK, "試験")
        for _ in range(3):
            letter()
            services.letters_print(today=DAY, acting=acting)
        first, second, third = PrintRun.objects.order_by("pk").values_list("pk", flat=True)
        shown = [
            [int(pk) for pk in re.findall(r'href="/outbox/runs/(\d+)/"', client.get(address).content.decode())]
            for address in ("/outbox/letters/", "/outbox/letters/?page=2")
        ]
        assert shown == [[third, second], [first]]

    def test_the_print_log_only_grows(self, client, as_role) -> None:
        from django.db import DatabaseError, transaction

        as_role(Role.HELPDESK)
        letter()
        client.post("/outbox/letters/print/")
        with pytest.raises(DatabaseError), transaction.atomic():
            PrintLog.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_never_print_the_same_letter() -> None:
    acting = Acting(make_user(Role.HELPDESK).pk, HELPDESK, "試験")
    queue(*(outgoing(make_office(), subject=str(number), to=(), postal=POSTAL) for number in range(5)))
    runs = at_once(*[lambda: services.letters_print(today=DAY, acting=acting)] * 3)
    assert sum(run.count for run in runs if run is not None) == 5


class TestReturned:
    @pytest.fixture
    def bounced(self, post_office):
        office = make_office(name="戻りの里")
        queue(outgoing(office, to=("aoba@example.jp",), postal=POSTAL, in_portal=True))
        services.outbox_send()
        services.returned_read(mails=[mails.report(Delivery.objects.get().key)])
        return office

    def test_the_helpdesk_settles_it(self, client, as_role, bounced, django_capture_on_commit_callbacks) -> None:
        user = as_role(Role.HELPDESK)
        shown = text(client.get("/outbox/returned/"))
        assert "戻りの里" in shown
        assert "aoba@example.jp" in shown
        assert "User unknown" in shown
        bounce = Bounce.objects.get()
        wrong = client.post(f"/outbox/returned/{bounce.pk}/settle/", {"reason": ""})
        assert wrong.status_code == 422
        assert "何をしたかを書いてください" in text(wrong)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/outbox/returned/{bounce.pk}/settle/", {"reason": "電話で確かめた", "again": "1"})
        bounce.refresh_from_db()
        assert (bounce.settled_by, bounce.settled_reason) == (user, "電話で確かめた")
        assert bounce.delivery.state == "handed_over"
        assert "戻ったお知らせは、ありません" in text(client.get("/outbox/returned/"))

    def test_it_stands_on_the_helpdesks_home_and_office_screen(self, client, as_role, bounced) -> None:
        as_role(Role.HELPDESK)
        assert "aoba@example.jp" in text(client.get("/helpdesk/"))
        shown = text(client.get(f"/helpdesk/offices/{bounced.business_number}/"))
        assert "aoba@example.jpへのメールが戻りました" in shown
        shown = text(client.get(f"/helpdesk/offices/{bounced.business_number}/around/"))
        assert "お知らせ「6月10日に更新（21,000円）。やめるなら6月9日まで」（メール：戻った、手紙：これから）" in shown


class TestLeadTimes:
    FORM = {
        "starts_on_year": "2026",
        "starts_on_month": "5",
        "starts_on_day": "1",
        "days": "45日前、14",
        "reason": "試行",
    }

    def test_an_operator_decides(self, client, as_role) -> None:
        user = as_role(Role.OPERATOR)
        assert "60日前、30日前、7日前に知らせます" in text(client.get("/outbox/lead-times/"))
        client.post("/outbox/lead-times/record/", self.FORM)
        row = LeadTimes.objects.get()
        assert (row.starts_on, row.days, row.by, row.reason) == (date(2026, 5, 1), [45, 14], user, "試行")
        assert "試行" in text(client.get("/outbox/lead-times/"))

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"days": "sixty"}, "日数を、点で区切って入れてください"),
            ({"days": "365"}, "日数は0から180までにしてください"),
            ({"days": "1,2,3,4,5,6,7"}, "1つから6つまで"),
            ({"starts_on_year": "2025"}, "きょうか、それより後の日"),
            ({"reason": ""}, "わけ"),
        ],
    )
    def test_bad_input_is_told_and_loses_nothing(self, client, as_role, more, says) -> None:
        as_role(Role.OPERATOR)
        page = client.post("/outbox/lead-times/record/", self.FORM | more)
        assert page.status_code == 422
        assert says in text(page)
        assert "試行" in page.text or not (self.FORM | more)["reason"]
        assert not LeadTimes.objects.exists()

    def test_an_auditor_reads_only(self, client, as_role) -> None:
        as_role(Role.AUDITOR)
        assert "この時期に決める" not in text(client.get("/outbox/lead-times/"))
        assert client.post("/outbox/lead-times/record/", self.FORM).status_code == 403


class TestOutbox:
    def test_counts_and_what_could_not_go(self, client, as_role, post_office) -> None:
        as_role(Role.AUDITOR)
        queue(outgoing(make_office(name="宛先なしの家"), to=(), postal=type(POSTAL)("名前", "", "")))
        shown = text(client.get("/outbox/"))
        assert "宛先なしの家" in shown
        assert "届けられる宛先がありません。" in shown

    def test_one_notice_and_again(self, client, as_role, post_office, django_capture_on_commit_callbacks) -> None:
        post_office.says["aoba@example.jp"] = "550 5.1.1 no such user"
        queue(outgoing(make_office()))
        services.outbox_send()
        as_role(Role.HELPDESK)
        notice = Notice.objects.get()
        shown = text(client.get(f"/outbox/{notice.pk}/"))
        assert "550 5.1.1 no such user" in shown
        assert "6月10日に自動で更新し、21,000円かかります。" in shown
        post_office.says.clear()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/outbox/deliveries/{notice.deliveries.get().pk}/again/")
        assert notice.deliveries.get().state == "handed_over"

    def test_a_secret_is_not_shown_to_staff(self, client, as_role) -> None:
        queue(outgoing(content="https://portal.example.jp/invitations/abc/", secret=True))
        as_role(Role.OPERATOR)
        assert "invitations/abc" not in client.get(f"/outbox/{Notice.objects.get().pk}/").text


class TestMembers:
    def test_a_member_reads_what_the_office_was_told(self, client, post_office) -> None:
        office = make_office()
        member = make_member(office)
        queue(outgoing(office, to=(member.email, "applicant@example.jp"), in_portal=True))
        services.outbox_send()
        client.force_login(member)
        number = office.business_number
        title = "6月10日に更新（21,000円）。やめるなら6月9日まで"
        assert title in text(client.get(f"/my/{number}/"))
        assert title in text(client.get(f"/my/{number}/inbox/"))
        page = client.get(f"/my/{number}/inbox/{Notice.objects.get().pk}/")
        assert "やめるときは、6月9日（火）までです。" in text(page)
        assert member.email in page.text
        assert "applicant@example.jp" not in page.text
        assert "渡した" in text(page)
        assert "届" not in text(page).replace("届け", "")

    def test_without_notices_it_says_so(self, client) -> None:
        office = make_office()
        client.force_login(make_member(office))
        assert "お知らせは、まだありません" in text(client.get(f"/my/{office.business_number}/inbox/"))

    def test_a_stranger_sees_nothing(self, client) -> None:
        office, other = make_office(), make_office()
        queue(outgoing(office, in_portal=True), outgoing(office, subject="hidden"))
        stranger, member = make_member(other), make_member(office)
        shown, hidden = Notice.objects.order_by("pk")
        client.force_login(stranger)
        for path in ("inbox/", f"inbox/{shown.pk}/"):
            assert client.get(f"/my/{office.business_number}/{path}").status_code == 404
        assert client.get(f"/my/{other.business_number}/inbox/{shown.pk}/").status_code == 404
        client.force_login(member)
        assert client.get(f"/my/{office.business_number}/inbox/{hidden.pk}/").status_code == 404

    @pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.OFFICER])
    def test_the_outbox_is_for_staff(self, client, as_role, role) -> None:
        as_role(role)
        one = letter()
        for path in ("", f"{one.notice_id}/", "letters/", "returned/", "lead-times/"):
            assert client.get(f"/outbox/{path}").status_code == 403
        for path in ("letters/print/", f"letters/{one.pk}/again/", f"letters/{one.pk}/returned/", f"deliveries/{one.pk}/again/", "lead-times/record/"):  # fmt: skip
            assert client.post(f"/outbox/{path}", {"reason": "x"}).status_code == 403
        one.refresh_from_db()
        assert one.state == "queued"


def test_links_in_a_mail_lead_to_pages_with_a_button(client) -> None:
    """Opening one, as mail scanners do, changes nothing; the page holds a form or a button."""
    office = make_office()
    member = make_member(office)
    client.force_login(member)
    page = client.get(f"/my/{office.business_number}/stop/")
    assert page.status_code == 200
    assert re.search(r"<button|class=\"btn\"", page.text)
