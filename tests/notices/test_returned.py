"""What comes back: delivery reports, older bounces, answers, forgeries; and the helpdesk's task."""

import io
import json
import mailbox
import sys
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from careplan_portal.lib.acting import HELPDESK, Acting
from notices import services
from notices.models import Bounce, Delivery
from notices.queries import bounces_of_office, bounces_open
from notices.rules.returned import key_of, read_returned
from tests.factories import make_office, make_user
from tests.notices import returned_mails as mails
from tests.notices.test_outbox import POSTAL, outgoing, queue, states

KEY = "0123456789abcdefghij"


class TestReading:
    @pytest.mark.parametrize(
        ("raw", "keys", "failed", "status"),
        [
            (mails.report(KEY), (KEY,), True, "5.1.1"),
            (mails.report(KEY, enclosed=False), (KEY,), True, "5.1.1"),
            (mails.report(KEY, to="returned@portal.example.jp"), (KEY,), True, "5.1.1"),
            (mails.whole(KEY), (KEY,), True, "5.1.1"),
            (mails.report(KEY, action="delayed", status="4.4.1"), (KEY,), False, "4.4.1"),
            (mails.report(KEY, action="failed", status="4.4.7"), (KEY,), True, "4.4.7"),
            (mails.old_style(KEY), (KEY,), True, ""),
            (mails.out_of_office(KEY), (KEY,), False, ""),
            (mails.report(KEY, to="returned@portal.example.jp", enclosed=False), (), True, "5.1.1"),
            (b"", (), False, ""),
            (b"\xff\xfe\x00" * 50, (), False, ""),
            (b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n\x80", (), False, ""),
        ],
    )  # fmt: skip
    def test_kinds_of_mails(self, raw, keys, failed, status) -> None:
        said = read_returned(raw)
        assert (said.keys, said.failed, said.status) == (keys, failed, status)

    def test_the_servers_words_are_one_line(self) -> None:
        assert (
            read_returned(mails.report(KEY)).text
            == "550 5.1.1 <aoba@example.jp>: Recipient address rejected: User unknown"
        )

    def test_only_our_message_ids_have_a_key(self) -> None:
        assert key_of(f"<{KEY}@portal.example.jp>") == KEY
        assert key_of("<20260410070003.AAAA@mx.example.jp>") == ""


@pytest.fixture
def sent(db, post_office):
    """A notice of an office that was handed over by mail."""
    office = make_office()
    queue(outgoing(office, to=("aoba@example.jp",), postal=POSTAL))
    services.outbox_send()
    assert states() == [("mail", "handed_over")]
    return SimpleNamespace(office=office, key=Delivery.objects.get().key)


def mail() -> Delivery:
    return Delivery.objects.get(channel="mail")


class TestBounce:
    def test_it_is_a_task_once_and_a_letter_goes(self, sent) -> None:
        assert services.returned_read(mails=[mails.report(sent.key)] * 2) == {"bounced": 1, "known": 1, "other": 0, "unknown": 0}  # fmt: skip
        bounce = bounces_open().get()
        assert (bounce.address, bounce.status, bounce.delivery.notice.office) == (
            "aoba@example.jp",
            "5.1.1",
            sent.office,
        )
        assert [one.address for one in bounces_of_office(sent.office.pk)] == ["aoba@example.jp"]
        assert states() == [("letter", "queued"), ("mail", "bounced")]

    def test_another_member_has_it_so_no_letter_goes(self, db, post_office) -> None:
        queue(outgoing(make_office(), to=("a@example.jp", "b@example.jp"), postal=POSTAL))
        services.outbox_send()
        services.returned_read(mails=[mails.report(Delivery.objects.first().key)])
        assert states() == [("mail", "bounced"), ("mail", "handed_over")]
        services.returned_read(mails=[mails.report(Delivery.objects.last().key)])
        assert states() == [("letter", "queued"), ("mail", "bounced"), ("mail", "bounced")]

    def test_delays_and_answers_are_no_bounce(self, sent) -> None:
        counts = services.returned_read(mails=[mails.report(sent.key, action="delayed"), mails.out_of_office(sent.key)])
        assert counts["other"] == 2
        assert states() == [("mail", "handed_over")]

    def test_a_forged_report_changes_nothing(self, sent) -> None:
        """It names the address, but nobody outside knows the key."""
        assert services.returned_read(mails=[mails.report(KEY)])["unknown"] == 1
        assert not Bounce.objects.exists()

    def test_settled_with_a_reason_it_is_reachable_again(self, sent, post_office) -> None:
        services.returned_read(mails=[mails.report(sent.key)])
        bounce, user = Bounce.objects.get(), make_user("helpdesk")
        with pytest.raises(ValueError):
            services.bounce_settle(bounce_id=bounce.pk, acting=Acting(user.pk, HELPDESK, " "))
        for reason in ("新しい宛先を聞いた", "また"):
            services.bounce_settle(bounce_id=bounce.pk, acting=Acting(user.pk, HELPDESK, reason))
        bounce.refresh_from_db()
        assert (bounce.settled_by, bounce.settled_reason) == (user, "新しい宛先を聞いた")
        assert not bounces_open().exists()
        desk = Acting(user.pk, HELPDESK, "もう一度")
        assert services.delivery_again(delivery_id=bounce.delivery_id, acting=desk)
        assert not services.delivery_again(delivery_id=bounce.delivery_id, acting=desk)
        bounce.refresh_from_db()
        assert bounce.settled_reason == "新しい宛先を聞いた"
        services.outbox_send()
        first, second = (message["Message-ID"] for _, message in post_office.taken)
        assert first != second  # a new mail, which may come back as well
        assert services.returned_read(mails=[mails.report(sent.key)])["unknown"] == 1

    def test_sent_again_while_its_task_is_open_it_may_come_back_again(self, sent, post_office) -> None:
        services.returned_read(mails=[mails.report(sent.key)])
        user = make_user("helpdesk")
        assert services.delivery_again(delivery_id=mail().pk, acting=Acting(user.pk, HELPDESK, "もう一度送った"))
        bounce = Bounce.objects.get()
        assert (bounce.settled_by, bounce.settled_reason) == (user, "もう一度送った")
        post_office.says[mail().address] = "550 5.1.1 no such user"
        services.outbox_send()
        assert mail().state == "bounced"
        assert "no such user" in bounces_open().get().text

    def test_an_open_task_tells_of_the_last_time_it_came_back(self, sent) -> None:
        services.returned_read(mails=[mails.report(sent.key)])
        Delivery.objects.filter(channel="mail").update(state="handed_over", handed_over_at=timezone.now())
        services.bounce_record(delivery_id=mail().pk, status="5.2.2", text="mailbox full")
        assert [(one.status, one.text) for one in Bounce.objects.all()] == [("5.2.2", "mailbox full")]

    def test_who_sent_a_mail_again_that_was_given_up_is_kept(self, sent) -> None:
        Delivery.objects.filter(channel="mail").update(state="given_up", ended_at=timezone.now(), answer="451 busy")
        user = make_user("helpdesk")
        assert services.delivery_again(delivery_id=mail().pk, acting=Acting(user.pk, HELPDESK, "もう一度送った"))
        bounce = Bounce.objects.get()
        assert (bounce.text, bounce.settled_by, bounce.settled_reason) == ("451 busy", user, "もう一度送った")

    def test_a_letter_comes_back(self, db) -> None:
        queue(outgoing(make_office(), to=(), postal=POSTAL))
        user = make_user("helpdesk")
        services.letters_print(today=date(2026, 4, 10), acting=Acting(user.pk, HELPDESK, "手紙の発送"))
        letter = Delivery.objects.get()
        back = Acting(user.pk, HELPDESK, "あて所に尋ねあたりません")
        assert services.letter_returned(delivery_id=letter.pk, acting=back)
        assert services.letter_returned(delivery_id=letter.pk, acting=Acting(user.pk, HELPDESK, "また")) is None
        assert states() == [("letter", "bounced")]
        assert (bounces_open().get().text, bounces_open().get().recorded_by) == ("あて所に尋ねあたりません", user)
        services.letter_again(delivery_id=letter.pk, acting=Acting(user.pk, HELPDESK, "新しい住所"))
        assert states() == [("letter", "handed_over")]
        assert not bounces_open().exists()


class TestMailbox:
    def test_it_is_read_once(self, sent, settings, tmp_path) -> None:
        box = mailbox.Maildir(str(tmp_path / "returned"), create=True)
        box.add(mails.report(sent.key))
        box.add(mails.out_of_office(sent.key))
        settings.RETURNED_MAILBOX = str(tmp_path / "returned")
        assert services.returned_mailbox_read() == {"bounced": 1, "known": 0, "other": 1, "unknown": 0}
        assert services.returned_mailbox_read() == {"bounced": 0, "known": 0, "other": 0, "unknown": 0}
        assert len(list((tmp_path / "returned" / "cur").iterdir())) == 2

    def test_without_one_nothing_is_read(self, db) -> None:
        assert set(services.returned_mailbox_read().values()) == {0}

    def test_the_command_reads_files_and_standard_input(self, sent, tmp_path, monkeypatch) -> None:
        (tmp_path / "one.eml").write_bytes(mails.report(sent.key))
        out = io.StringIO()
        call_command("read_returned", str(tmp_path / "one.eml"), stdout=out)
        assert json.loads(out.getvalue())["bounced"] == 1
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(mails.old_style(sent.key))))
        out = io.StringIO()
        call_command("read_returned", "-", stdout=out)
        assert json.loads(out.getvalue())["known"] == 1
        with pytest.raises(CommandError):
            call_command("read_returned", str(tmp_path / "nothing"))


def test_a_mail_under_way_cannot_have_come_back(db) -> None:
    queue(outgoing())
    Delivery.objects.update(claimed_at=timezone.now())
    assert services.returned_read(mails=[mails.report(Delivery.objects.get().key)])["known"] == 1
    assert states() == [("mail", "queued")]
