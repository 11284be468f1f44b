"""The acknowledgement: its address, page, paper and mail; and the public status page."""

import io
import re
import socket
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from campaigns import services
from campaigns.models import ApplicationEvent, FreePassApplication
from campaigns.queries import receipt_of, receipt_path
from campaigns.rules import Claims
from careplan_portal.lib.acting import HELPDESK, MEMBER, VISITOR, Acting
from licenses.rules import MANUAL
from notices.models import Delivery, Notice
from notices.services import outbox_send
from tests.campaigns.filing import file_as_visitor
from tests.campaigns.visitor import Visitor
from tests.factories import make_license, make_member, make_office
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
HELP = Acting(None, HELPDESK, "試験")


@pytest.fixture
def office(on):
    return make_office(business_number="3170201341", name="ヘルパーステーション 髙﨑")


@pytest.fixture
def application(office):
    return file_as_visitor(office, D("2026-04-03"))


def prove(application, day="2026-04-09", proof="letter"):
    return services.application_prove(application_id=application.pk, proof=proof, today=D(day), acting=HELP)


def pdf_text(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


# --- the page ------------------------------------------------------------------------------


def test_the_page_while_it_waits(visitor, application) -> None:
    visitor.open(receipt_path(application))
    assert "申請を仮に受け付けました" in visitor.words
    assert application.receipt_number in visitor.words
    assert "2026年5月3日（日）までに事業所の確認が済むと、申請は確定します" in visitor.words
    assert "台帳にある所在地（鳥取県米子市みなと町1丁目2番3号）へ、手紙を送ります" in visitor.words
    assert "次の平日（2026年4月6日（月））に出します" in visitor.words
    assert "登録ずみの人に確かめてもらう" not in visitor.words.partition("これからのこと")[0]
    assert visitor.page["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_its_address_cannot_be_guessed(visitor, application) -> None:
    path = receipt_path(application)
    number = application.receipt_number
    for guess in (path[:-3] + "xx/", f"/receipt/{number}/", f"/receipt/{number}~/", f"/receipt/{number}~{'A' * 43}/"):
        for more in ("", "receipt.pdf"):
            assert visitor.client.get(guess + more).status_code == 404
    assert visitor.client.post(f"/receipt/{number}~x/ask/").status_code == 404
    assert visitor.client.post(f"/receipt/{number}~x/join/").status_code == 404


def test_each_state_has_its_page(visitor, application, on) -> None:
    path = receipt_path(application)
    assert "取り下げたいです" in visitor.open(path).words
    prove(application)
    on("2026-04-09")
    assert "事業所の確認が済みました。もう使えます" in visitor.open(path).words
    assert "2026年4月3日から2027年4月2日まで無料で使えます" in visitor.words
    later = file_as_visitor(make_office(), D("2026-04-03"))
    services.applications_expire(today=on("2026-05-04"))
    visitor.open(receipt_path(later))
    assert "確認の期限が過ぎました" in visitor.words
    assert "申請した日時：2026年4月3日" in visitor.words, "the day under the heading is not the day of what it says"
    assert "申請し直せます" in visitor.words
    assert re.search(r'<a class="btn" data-size="lg" href="[^"]+">もう一度調べる', visitor.page.text)
    assert "取り下げたいです" not in visitor.words


def test_of_two_filings_the_other_one_is_told_that_it_is_done(visitor, office, application) -> None:
    second = file_as_visitor(office, D("2026-04-03"), name="別の人")
    prove(second)
    visitor.open(receipt_path(application))
    assert "ほかの申請で、確認が済みました" in visitor.words
    assert "別の人" not in visitor.words
    assert "2027年4月2日" not in visitor.words
    assert "もう一度調べる" not in visitor.words
    assert "サインインして確かめる" in visitor.words


def test_stated_dates_stay_until_proof_and_the_recorded_ones_come_after(visitor, on) -> None:
    """The visitor was wrong by a day: told only once identity is proved, and then it holds."""
    office = make_license(facts(term("2025-04-15", "2026-04-14"), mode=MANUAL)).office
    claims = Claims("unused", D("2026-04-13"), "manual")
    application = file_as_visitor(office, D("2026-04-03"), claims=claims)
    visitor.open(receipt_path(application))
    assert "2026年4月14日" in visitor.words
    assert "2026年4月15日" not in visitor.words
    assert "登録とちがうときは、確認が済んだときにお知らせします" in visitor.words
    prove(application)
    assert "2026年4月15日から2027年4月14日まで無料" in visitor.open(receipt_path(application)).words


def test_a_statement_that_the_record_does_not_bear_is_declined_at_proof(visitor, on) -> None:
    office = make_license(facts(term("2025-08-08", "2026-08-07"))).office
    application = file_as_visitor(office, D("2026-04-03"), claims=Claims("unused", D("2026-04-13"), "manual"))
    assert "8月" not in visitor.open(receipt_path(application)).words
    prove(application)
    visitor.open(receipt_path(application))
    assert "登録の日付では申請できませんでした" in visitor.words
    assert "2026年8月8日" in visitor.words


def test_a_withdrawn_one_says_that_nothing_was_used_up(visitor, application) -> None:
    services.application_withdraw(application_id=application.pk, today=D("2026-04-05"), acting=HELP)
    assert "フリーパスの1回は使わなかったことになります" in visitor.open(receipt_path(application)).words


def test_the_page_asks_the_database_little(visitor, application, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(7):
        visitor.client.get(receipt_path(application))


# --- the paper -----------------------------------------------------------------------------


def test_the_paper_holds_number_dates_fee_and_rare_characters(visitor, application) -> None:
    answer = visitor.client.get(receipt_path(application) + "receipt.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "filename*=UTF-8''%E5%8F%97%E4%BB%98%E7%A5%A8_FP-" in answer["Content-Disposition"]
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    assert reader.metadata.title == f"受付票 {application.receipt_number}"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = pdf_text(answer.content)
    for part in (application.receipt_number, "3170201341", "髙﨑", "2026年4月3日（金）から", "2027年4月2日（金）まで", "0円",
                 "21,000円", "令和8年4月3日", "2026年5月3日（日）まで", "領収書ではありません"):  # fmt: skip
        assert re.sub(r"\s", "", part) in text, part


def test_the_paper_says_certain_once_it_is(visitor, application) -> None:
    prove(application)
    text = pdf_text(visitor.client.get(receipt_path(application) + "receipt.pdf").content)
    assert "2026年4月9日（木）に済みました" in text
    assert "手紙のコード" in text


def test_the_form_on_paper_has_the_number_in_its_boxes(visitor) -> None:
    text = pdf_text(visitor.client.get("/apply/paper.pdf?number=31-7-02-0143-2").content)
    assert "フリーパス申請書" in text
    assert "3170201432" in text
    assert "利用規約（第2版）" in text
    assert visitor.client.get("/apply/paper.pdf?number=" + "9" * 90).status_code == 200


# --- mail ----------------------------------------------------------------------------------


class Box:
    """What a mail server that speaks SMTP was handed."""

    def __init__(self):
        self.letters = []
        self.refuse = False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - named by the package
        if self.refuse:
            return "451 try again later"
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"


@pytest.fixture
def smtp(settings):
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


def words(message) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()


def subject(message) -> str:
    return str(make_header(decode_header(message["Subject"])))


def test_the_acknowledgement_goes_out_after_commit_with_its_paper(
    smtp, office, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        application = file_as_visitor(office, D("2026-04-03"))
        assert smtp.letters == []
    (to, message), *more = smtp.letters
    assert (to, more) == (["minato@example.jp"], [])
    assert subject(message) == "申請を仮に受け付けました。5月3日までに事業所の確認を"
    assert receipt_path(application) in words(message)
    assert words(message).startswith("フリーパスの申請を、仮に受け付けました。お金はかかりません。")
    pdf = next(part for part in message.walk() if part.get_content_type() == "application/pdf")
    assert application.receipt_number in pdf_text(pdf.get_payload(decode=True))


def test_each_notice_is_queued_once(smtp, application, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            services.application_notify(application_id=application.pk, kind="receipt", today=D("2026-04-03"))
    assert len(smtp.letters) == 1
    assert Notice.objects.filter(kind="acknowledgement").count() == 1


def test_a_mail_server_that_refuses_is_asked_again(smtp, application, django_capture_on_commit_callbacks) -> None:
    smtp.refuse = True
    with django_capture_on_commit_callbacks(execute=True):
        services.application_notify(application_id=application.pk, kind="receipt", today=D("2026-04-03"))
    assert smtp.letters == []
    smtp.refuse = False
    Delivery.objects.update(next_try_at=timezone.now())
    assert outbox_send() == {"handed_over": 1}


def test_a_proof_that_comes_later_has_its_own_mail(smtp, application, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        prove(application)
    assert not services.application_notify(application_id=application.pk, kind="proof", today=D("2026-04-09"))
    (_, message), *more = smtp.letters
    assert more == []
    assert subject(message) == "フリーパスの申請が確定しました。4月3日から1年間0円です"
    assert "手紙のコード（2026年4月9日（木））" in words(message)


def test_a_members_filing_is_told_in_one_letter(smtp, on, django_capture_on_commit_callbacks) -> None:
    office = make_office()
    visitor = Visitor()
    member = make_member(office)
    visitor.client.force_login(member)
    visitor.check(office.business_number).begin().write()
    with django_capture_on_commit_callbacks(execute=True):
        visitor.confirm()
    assert sorted(to[0] for to, _ in smtp.letters) == sorted({"minato@example.jp", member.email})
    assert {subject(message) for _, message in smtp.letters} == {
        "フリーパスの申請が確定しました。4月3日から1年間0円です"
    }


def test_what_was_never_mailed_is_found_by_the_night(smtp, application, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert services.application_notices_catch_up(today=D("2026-04-03")) == 0
        assert services.application_notices_catch_up(today=D("2026-04-04")) == 1
        assert services.application_notices_catch_up(today=D("2026-04-04")) == 1
    assert len(smtp.letters) == 1
    assert services.application_notices_catch_up(today=D("2026-04-05")) == 0


def test_a_reminder_before_it_expires_once(smtp, application, django_capture_on_commit_callbacks) -> None:
    for day, queued in (("2026-04-25", 0), ("2026-04-26", 1), ("2026-04-27", 0), ("2026-05-03", 0)):
        with django_capture_on_commit_callbacks(execute=True):
            assert services.identity_reminders_queue(today=D(day)) == queued, day
    (_, message), *more = smtp.letters
    assert more == []
    assert subject(message).endswith("申請が無効になります。事業所の確認をお願いします")
    assert "/code/" in words(message)


def test_a_night_that_was_missed_delays_the_reminder(application, on) -> None:
    assert services.identity_reminders_queue(today=D("2026-05-02")) == 1
    prove(application)
    assert services.identity_reminders_queue(today=D("2026-05-02")) == 0


# --- asking the members, and a sign-in -----------------------------------------------------


def test_members_are_asked_once_a_day_and_never_named(
    visitor, office, application, django_capture_on_commit_callbacks
) -> None:
    member = make_member(office)
    visitor.open(receipt_path(application))
    assert "登録ずみの人に確かめてもらう" in visitor.words
    assert member.email not in visitor.page.text
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            visitor.send(receipt_path(application) + "ask/")
    assert [message.to for message in mail.outbox] == [[member.email]]
    assert f"/confirm/{application.receipt_number}/" in mail.outbox[0].body
    assert member.email not in visitor.page.text


def test_a_member_confirms_and_strangers_find_nothing(visitor, office, application) -> None:
    path = f"/confirm/{application.receipt_number}/"
    assert visitor.client.get(path).status_code == 302
    stranger = Client()
    stranger.force_login(make_member(make_office()))
    assert stranger.get(path).status_code == stranger.post(path).status_code == 404
    visitor.client.force_login(make_member(office))
    assert "この申請は、事業所の方のものですか" in visitor.open(path).words
    visitor.send()
    assert "事業所の確認が済みました" in visitor.words
    assert FreePassApplication.objects.get().proved_by == "member"
    assert "確かめる必要がありません" in visitor.open(path).words


def test_a_member_confirms_too_late(visitor, office, application, on) -> None:
    visitor.client.force_login(make_member(office))
    visitor.open(f"/confirm/{application.receipt_number}/")
    on("2026-05-04")
    assert "確認の期限が過ぎています" in visitor.send().words


def test_whoever_was_proved_can_ask_for_a_sign_in(
    visitor, office, application, django_capture_on_commit_callbacks
) -> None:
    path = receipt_path(application)
    assert "サインインを作る" not in visitor.open(path).words
    visitor.send(path + "join/")
    assert not office.memberships.exists()
    prove(application)
    assert "サインインを作るメールを送る" in visitor.open(path).words
    with django_capture_on_commit_callbacks(execute=True):
        visitor.send(path + "join/")
    member = office.memberships.get()
    assert (member.user.email, member.user.name) == ("minato@example.jp", "山根 涼子")
    assert [message.to for message in mail.outbox] == [["minato@example.jp"]]


# --- the public status ---------------------------------------------------------------------


def test_the_status_page_tells_words_only(visitor, office, application) -> None:
    visitor.open(f"/status/?receipt={application.receipt_number}&number={office.business_number}")
    assert "仮受付です" in visitor.words
    page = visitor.page.text
    assert not [secret for secret in ("山根", "minato@", "髙﨑", "2027", "0859-00-0123") if secret in page]


@pytest.mark.parametrize("spelling", ["{}", "{} ", "ｆｐ{}", "{}-lower"])
def test_the_number_in_any_spelling(visitor, office, application, spelling) -> None:
    digits = application.receipt_number.replace("-", "")
    typed = {"{}": application.receipt_number, "{} ": digits + " ", "ｆｐ{}": digits.lower(), "{}-lower": digits[2:]}[
        spelling
    ]
    page = visitor.client.get("/status/", {"receipt": typed, "number": "31-7-02-0134-1"})
    assert "仮受付です" in page.text


def test_a_wrong_pair_says_the_same_whichever_is_wrong(visitor, office, application) -> None:
    other = file_as_visitor(make_office(), D("2026-04-03"))
    wrong_office = visitor.open(f"/status/?receipt={other.receipt_number}&number={office.business_number}").page.text
    unknown = visitor.open(f"/status/?receipt={application.receipt_number}&number=3170200017").page.text
    for page in (wrong_office, unknown):
        assert "この組み合わせの申請は見つかりません" in page
        assert "仮受付" not in page


def test_a_misread_receipt_number_is_told_at_the_field(visitor, office) -> None:
    assert (
        "受付番号：番号が合いません"
        in visitor.open(f"/status/?receipt=FP-2604-000-000-A&number={office.business_number}").words
    )


def test_looking_too_often_waits(visitor, office, application, settings) -> None:
    settings.STATUS_LOOKS_PER_HOUR = 3
    query = f"/status/?receipt={application.receipt_number}&number={office.business_number}"
    assert [visitor.client.get(query).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert visitor.client.get(query)["Retry-After"] == "3600"
    assert visitor.client.get("/status/").status_code == 200


def test_an_acting_visitor_leaves_an_event(application) -> None:
    event = ApplicationEvent.objects.get(application=application, kind="filed")
    assert (event.acting_as, event.actor_id, event.recorded_on) == (VISITOR, None, D("2026-04-03"))
    assert MEMBER != VISITOR
    assert receipt_of(application, D("2026-04-03")).is_provisional
