"""The outbox: each notice once, whoever asks twice, whatever dies in between."""

from datetime import date, timedelta
from email.header import decode_header, make_header

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from careplan_portal.lib.acting import SYSTEM, Acting
from notices import services
from notices.enums import Kind
from notices.models import Bounce, Delivery, Notice, NoticeFile
from notices.queries import notices_of_office, undeliverable
from notices.rules import Attachment, Content, Outgoing, Postal, Section, wait_after
from notices.services.sending import doubts_resolve
from tests.factories import make_office
from tests.notices.post_office import words
from tests.races import at_once

DAY = date(2026, 4, 10)
TOLD = Content(
    lead=("6月10日に自動で更新し、21,000円かかります。", "やめるときは、6月9日（火）までです。"),
    link=("やめる手続き", "/my/3170201158/stop/"),
    calm=("続けるときは、何もしなくてかまいません。",),
    about="デイサービス <あおば>",
    facts=(("事業所番号", "3170201158"), ("次の1年の利用料", "21,000円")),
    sections=(Section("やめると", ("6月9日まで使えます。",)),),
)
POSTAL = Postal("デイサービス あおば", "6830000", "鳥取県米子市みなと町1丁目2番3号")


def outgoing(office=None, subject="2025-06-10/60", to=("aoba@example.jp",), **more):
    wanted = {"kind": Kind.REMINDER, "title": "6月10日に更新（21,000円）。やめるなら6月9日まで", "content": TOLD}
    return Outgoing(**wanted | more | {"subject": subject, "to": to, "office_id": office.pk if office else None})


def queue(*all_of_them):
    return services.notices_queue(outgoing=all_of_them, today=DAY)


def states(**which):
    return sorted(Delivery.objects.filter(**which).values_list("channel", "state"))


@pytest.mark.django_db
class TestOnce:
    def test_a_second_click_adds_nothing(self, post_office) -> None:
        office = make_office()
        assert queue(outgoing(office)) == 1
        assert queue(outgoing(office), outgoing(office)) == 0
        assert queue(outgoing(office, to=("another@example.jp",))) == 0
        services.outbox_send()
        services.outbox_send()
        assert [to for to, _ in post_office.taken] == ["aoba@example.jp"]

    def test_the_database_holds_it_also_without_an_office(self) -> None:
        for office in (None, make_office()):
            queue(outgoing(office))
            with pytest.raises(IntegrityError), transaction.atomic():
                Notice.objects.create(
                    kind=Kind.REMINDER, office=office, subject="2025-06-10/60", title="x", content={},
                    made_on=DAY, made_at=timezone.now(),
                )  # fmt: skip

    def test_another_subject_or_office_is_another_notice(self) -> None:
        assert queue(outgoing(make_office()), outgoing(make_office()), outgoing(make_office(), subject="x")) == 3

    def test_each_address_gets_a_mail_of_its_own(self, post_office) -> None:
        queue(outgoing(make_office(), to=("a@example.jp", "b@example.jp", "A@example.jp")))
        services.outbox_send()
        assert [(to, message["To"]) for to, message in post_office.taken] == [("a@example.jp", "a@example.jp"), ("b@example.jp", "b@example.jp")]  # fmt: skip


@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_two_at_once_hand_each_mail_over_once(self, post_office, settings) -> None:
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # queueing wakes a worker: not yet
        queue(*(outgoing(subject=str(number), to=(f"m{number}@example.jp",)) for number in range(40)))
        settings.EMAIL_PORT = port
        results = at_once(services.outbox_send, services.outbox_send)
        assert sum(one.get("handed_over", 0) for one in results) == 40
        assert sorted(to for to, _ in post_office.taken) == sorted(f"m{number}@example.jp" for number in range(40))

    def test_two_that_queue_the_same_at_once_leave_one(self, post_office) -> None:
        office = make_office()
        assert sorted(at_once(lambda: queue(outgoing(office)), lambda: queue(outgoing(office)))) == [0, 1]
        assert Delivery.objects.count() == 1


@pytest.mark.django_db
class TestKilled:
    """What a worker leaves behind that was killed with a mail in its hands."""

    def claimed(self, **more):
        queue(outgoing())
        Delivery.objects.update(claimed_at=timezone.now() - timedelta(hours=1), **more)
        return Delivery.objects.get()

    def test_killed_before_the_server_had_it(self, post_office, copies) -> None:
        self.claimed()
        services.outbox_send()
        assert [to for to, _ in post_office.taken] == ["aoba@example.jp"]
        assert states() == [("mail", "handed_over")]

    def test_killed_after_the_server_had_it(self, post_office, copies) -> None:
        """The copy says so: it is not sent a second time."""
        queue(outgoing())
        services.outbox_send()
        assert len(post_office.taken) == 1
        Delivery.objects.update(state="queued", handed_over_at=None, claimed_at=timezone.now() - timedelta(hours=1))
        services.outbox_send()
        assert len(post_office.taken) == 1
        assert states() == [("mail", "handed_over")]

    def test_a_server_that_hangs_up_after_taking_it(self, post_office, copies, settings) -> None:
        queue(outgoing())
        post_office.hangs_up = True
        services.outbox_send()
        assert Delivery.objects.get().claimed_at is not None  # in doubt, and nobody else touches it
        services.outbox_send()
        post_office.hangs_up = False
        doubts_resolve(now=timezone.now() + timedelta(seconds=settings.MAIL_CLAIM_SECONDS + 1))
        services.outbox_send()
        assert len(post_office.taken) == 1

    def test_copies_that_cannot_be_read_hold_up_only_what_is_in_doubt(self, post_office, settings) -> None:
        settings.MAIL_COPY_ADDRESS, settings.MAIL_COPIES = "", "/nowhere"
        self.claimed()
        queue(outgoing(subject="b", to=("b@example.jp",)))
        services.outbox_send()
        assert [to for to, _ in post_office.taken] == ["b@example.jp"]
        assert Delivery.objects.get(address="aoba@example.jp").claimed_at is not None

    def test_without_copies_it_goes_again_under_its_message_id(self, post_office) -> None:
        queue(outgoing())
        services.outbox_send()
        Delivery.objects.update(state="queued", handed_over_at=None, claimed_at=timezone.now() - timedelta(hours=1))
        services.outbox_send()
        first, second = (message["Message-ID"] for _, message in post_office.taken)
        assert first == second

    def test_a_worker_that_lives_is_left_alone(self, post_office) -> None:
        queue(outgoing())
        Delivery.objects.update(claimed_at=timezone.now() - timedelta(minutes=5))
        assert services.outbox_send() == {}
        assert post_office.taken == []


@pytest.mark.django_db
class TestServer:
    def test_no_server_delays_and_loses_nothing(self, settings, post_office) -> None:
        queue(outgoing())
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        for _ in range(20):
            assert services.outbox_send() == {}
        assert Delivery.objects.get().tries == 0
        settings.EMAIL_PORT = port
        assert services.outbox_send() == {"handed_over": 1}

    def test_refused_for_now_waits_longer_each_time_and_ends(self, post_office, settings) -> None:
        settings.MAIL_TRIES = 4
        post_office.says["aoba@example.jp"] = "451 4.3.0 busy"
        office = make_office()
        queue(outgoing(office, postal=POSTAL))
        waits = []
        for _ in range(4):
            before = timezone.now()
            services.outbox_send()
            waits.append(round((Delivery.objects.get(channel="mail").next_try_at - before).total_seconds() / 60))
            assert services.outbox_send() == {}  # not again before its time
            Delivery.objects.filter(channel="mail").update(next_try_at=before)
        assert waits[:3] == [1, 4, 16]
        assert states() == [("letter", "queued"), ("mail", "given_up")]
        assert "451 4.3.0 busy" in Delivery.objects.get(channel="mail").answer
        assert not Bounce.objects.exists()

    def test_refused_for_good_has_bounced_and_a_letter_goes(self, post_office) -> None:
        post_office.says["aoba@example.jp"] = "550 5.1.1 no such user"
        office = make_office()
        queue(outgoing(office, postal=POSTAL))
        assert services.outbox_send() == {"bounced": 1}
        assert states() == [("letter", "queued"), ("mail", "bounced")]
        bounce = Bounce.objects.get()
        assert (bounce.address, bounce.text) == ("aoba@example.jp", "550 5.1.1 no such user")

    def test_an_address_that_cannot_be_written_costs_only_itself(self, post_office) -> None:
        queue(outgoing(subject="a", to=("あおば@example.jp",)), outgoing(subject="b", to=("b@example.jp",)))
        services.outbox_send()
        assert [to for to, _ in post_office.taken] == ["b@example.jp"]
        assert states(notice__subject="a") == [("mail", "bounced")]

    def test_a_refused_mail_is_no_bounce_of_the_address(self, post_office) -> None:
        post_office.data_says = "554 5.6.0 content refused"
        queue(outgoing())
        services.outbox_send()
        assert states() == [("mail", "queued")]
        assert not Bounce.objects.exists()

    def test_a_mail_that_cannot_be_built_costs_only_itself(self, post_office) -> None:
        queue(outgoing(subject="a"), outgoing(subject="b", to=("b@example.jp",)))
        Notice.objects.filter(subject="a").update(content={"lead": None})
        services.outbox_send()
        assert [to for to, _ in post_office.taken] == ["b@example.jp"]
        assert states(notice__subject="a") == [("mail", "given_up")]
        assert [one.notice.subject for one in undeliverable()] == ["a"]

    def test_the_throttle_counts_over_all_workers(self, post_office, settings) -> None:
        settings.MAILS_PER_MINUTE = 3
        queue(*(outgoing(subject=str(number), to=(f"m{number}@example.jp",)) for number in range(5)))
        services.outbox_send()
        services.outbox_send()
        assert len(post_office.taken) == 3
        Delivery.objects.exclude(tried_at=None).update(tried_at=timezone.now() - timedelta(seconds=61))
        services.outbox_send()
        assert len(post_office.taken) == 5


@pytest.mark.django_db
class TestWhatItSays:
    def test_text_and_html_say_the_same_the_first_lines_first(self, post_office, settings) -> None:
        settings.RETURNED_ADDRESS = "returned@portal.example.jp"
        queue(outgoing(make_office(business_number="3170201158"), in_portal=True))
        services.outbox_send()
        _, message = post_office.taken[0]
        key = Delivery.objects.get().key
        assert str(make_header(decode_header(message["Subject"]))) == "6月10日に更新（21,000円）。やめるなら6月9日まで"
        assert message["Message-ID"] == f"<{key}@localhost>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert post_office.senders == [f"returned+{key}@portal.example.jp"]
        text = words(message)
        assert text.splitlines()[:3] == [*TOLD.lead, f"やめる手続き：{settings.PORTAL_BASE_URL}/my/3170201158/stop/"]
        assert "■ デイサービス <あおば>" in text
        html = (
            next(one for one in message.walk() if one.get_content_type() == "text/html")
            .get_payload(decode=True)
            .decode()
        )
        assert "デイサービス &lt;あおば&gt;" in html
        assert f'<a href="{settings.PORTAL_BASE_URL}/my/3170201158/stop/">やめる手続き</a>' in html
        for line in (*TOLD.lead, *TOLD.calm, *(value for _, value in TOLD.facts), *TOLD.sections[0].lines):
            assert line in text
            assert line in html
        assert f"{settings.PORTAL_BASE_URL}/my/3170201158/notices/" in text

    def test_the_paper_goes_with_it_and_then_away(self, post_office) -> None:
        queue(outgoing(attachment=Attachment("受付票.pdf", b"%PDF-1"), to=("a@example.jp", "b@example.jp")))
        services.outbox_send()
        for _, message in post_office.taken:
            pdf = next(one for one in message.walk() if one.get_content_type() == "application/pdf")
            assert pdf.get_payload(decode=True) == b"%PDF-1"
        assert not NoticeFile.objects.exists()

    def test_the_paper_goes_away_also_when_nobody_could_have_it(self, post_office) -> None:
        post_office.says["aoba@example.jp"] = "550 5.1.1 no such user"
        queue(outgoing(attachment=Attachment("受付票.pdf", b"%PDF-1")))
        services.outbox_send()
        assert not NoticeFile.objects.exists()

    def test_a_secret_is_erased_once_it_went(self, post_office) -> None:
        queue(outgoing(content="https://portal.example.jp/invitations/abc/", secret=True))
        services.outbox_send()
        assert "/invitations/abc/" in words(post_office.taken[0][1])
        assert "abc" not in str(Notice.objects.get().content)
        assert not services.delivery_again(
            delivery_id=Delivery.objects.get().pk, acting=Acting(None, SYSTEM, "もう一度")
        )


@pytest.mark.django_db
class TestWithoutMail:
    def test_without_a_member_a_letter(self) -> None:
        queue(outgoing(make_office(), to=(), postal=POSTAL))
        assert states() == [("letter", "queued")]

    def test_without_member_and_address_it_is_written_down(self) -> None:
        queue(outgoing(make_office(), to=(), postal=Postal("名前", "", " ")))
        assert states() == [("letter", "given_up")]
        assert len(undeliverable()) == 1

    def test_an_address_that_bounced_is_not_asked_again_until_settled(self, post_office) -> None:
        post_office.says["aoba@example.jp"] = "550 5.1.1 no such user"
        office = make_office()
        queue(outgoing(office, postal=POSTAL))
        services.outbox_send()
        queue(outgoing(office, subject="2025-06-10/30", postal=POSTAL))
        assert states(notice__subject="2025-06-10/30") == [("letter", "queued")]

    def test_members_see_only_what_is_for_the_portal(self) -> None:
        office = make_office()
        queue(outgoing(office, in_portal=True), outgoing(office, subject="x"), outgoing(make_office(), in_portal=True))
        assert len(notices_of_office(office.pk)) == 1


@pytest.mark.django_db
def test_a_thousand_notices_are_three_statements(django_assert_max_num_queries) -> None:
    offices = [make_office() for _ in range(50)]
    many = [outgoing(office, subject=str(number), postal=POSTAL) for office in offices for number in range(20)]
    with django_assert_max_num_queries(6):  # two of them are the savepoint
        assert queue(*many) == 1000


def test_waits() -> None:
    assert [wait_after(tries) / timedelta(minutes=1) for tries in (1, 2, 3, 4, 5, 6, 99)] == [
        1,
        4,
        16,
        64,
        256,
        360,
        360,
    ]
