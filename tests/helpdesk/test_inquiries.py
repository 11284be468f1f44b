"""Inquiries: received once, due in working hours, answered by one person, counted."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.enums import Role
from careplan_portal.lib.acting import HELPDESK, Acting
from faq.queries import week
from helpdesk.models import ContactLog, Inquiry, InquiryEvent, InquiryMessage, Solved
from helpdesk.queries import inquiries as queries
from helpdesk.services import calendar
from helpdesk.services import inquiries as services
from licenses.services import Refused
from offices.models import Membership
from tests.helpdesk.conftest import TODAY
from tests.races import at_once

pytestmark = pytest.mark.django_db
BODY = "無料の期間が終わったあと、自動で21,000円かかりますか。"


def asked(**fields: Any) -> services.Asked:
    wanted = {
        "name": "佐藤 花", "email": "Sato@example.jp", "phone": "", "topic": "stop", "body": BODY,
        "privacy_version": "1", "form_key": uuid4(),
    } | fields  # fmt: skip
    return services.Asked(**wanted)


@pytest.fixture
def inquiry() -> Inquiry:
    with time_machine.travel("2026-04-03T10:30:00+09:00", tick=False):
        return services.inquiry_receive(asked=asked(), today=TODAY)


@pytest.fixture
def other(person: Callable[..., Any]) -> Acting:
    """奥田さん, who answers inquiries too."""
    return Acting(person(Role.HELPDESK, "okuda@example.jp", "奥田 尚").pk, HELPDESK)


def kinds(inquiry: Inquiry) -> list[str]:
    return list(InquiryEvent.objects.filter(inquiry=inquiry).order_by("pk").values_list("kind", flat=True))


# receiving -------------------------------------------------------------------------------------


def test_an_inquiry_is_acknowledged_and_due_next_working_day(django_capture_on_commit_callbacks) -> None:
    with time_machine.travel("2026-04-03T10:30:00+09:00", tick=False), django_capture_on_commit_callbacks(execute=True):
        inquiry = services.inquiry_receive(asked=asked(), today=TODAY)
    assert inquiry.number.startswith("TO-2604-")
    assert inquiry.due_at.isoformat() == "2026-04-06T10:30:00+09:00"
    assert (inquiry.state, inquiry.email) == ("waiting", "sato@example.jp")
    assert [(message.to, inquiry.number in message.subject) for message in mail.outbox] == [(["sato@example.jp"], True)]
    assert "2026年4月6日（月）まで" in mail.outbox[0].body


def test_the_same_form_is_one_inquiry() -> None:
    form = asked()
    assert services.inquiry_receive(asked=form, today=TODAY) == services.inquiry_receive(asked=form, today=TODAY)
    assert Inquiry.objects.count() == InquiryMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sends_at_once_are_one_inquiry() -> None:
    form = asked()
    made = at_once(*[lambda: services.inquiry_receive(asked=form, today=TODAY)] * 2)
    assert Inquiry.objects.get() == made[0] == made[1]


# one person answers ----------------------------------------------------------------------------


def test_taking_releasing_and_taking_over(inquiry, acting, other) -> None:
    services.inquiry_take(inquiry_id=inquiry.pk, acting=acting)
    services.inquiry_take(inquiry_id=inquiry.pk, acting=acting)
    with pytest.raises(Refused, match="松本 葵さんが対応しています"):
        services.inquiry_take(inquiry_id=inquiry.pk, acting=other)
    with pytest.raises(Refused, match="松本 葵さん"):
        services.inquiry_release(inquiry_id=inquiry.pk, acting=other)
    services.inquiry_take(inquiry_id=inquiry.pk, take_over=True, acting=other)
    services.inquiry_release(inquiry_id=inquiry.pk, acting=other)
    assert Inquiry.objects.get().state == "waiting"
    assert kinds(inquiry) == ["received", "taken", "taken_over", "released"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_at_once_one_gets_it(acting, other) -> None:
    inquiry = services.inquiry_receive(asked=asked(), today=TODAY)
    results = at_once(
        lambda: services.inquiry_take(inquiry_id=inquiry.pk, acting=acting),
        lambda: services.inquiry_take(inquiry_id=inquiry.pk, acting=other),
    )
    assert sorted(type(result).__name__ for result in results) == ["Inquiry", "Refused"]
    assert kinds(inquiry).count("taken") == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_does(acting, other) -> None:
    inquiry = services.inquiry_receive(asked=asked(), today=TODAY)
    mail.outbox.clear()

    def answer(who: Acting) -> Inquiry:
        return services.inquiry_answer_send(inquiry_id=inquiry.pk, text="回答", entries=[], today=TODAY, acting=who)

    results = at_once(lambda: answer(acting), lambda: answer(other))
    assert sorted(type(result).__name__ for result in results) == ["Inquiry", "Refused"]
    assert InquiryMessage.objects.filter(direction="out").count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("entries", "listed"), [([], 1), (["auto-renewal-after-free"], 0)])
def test_an_answer_without_an_entry_is_something_to_write(inquiry, acting, entries, listed) -> None:
    services.inquiry_answer_send(inquiry_id=inquiry.pk, text="はい", entries=entries, today=TODAY, acting=acting)
    assert [asked.tag for asked in week(TODAY).spoken] == [inquiry.get_topic_display()] * listed


def test_an_answer_is_mailed_and_stands_with_the_office(
    inquiry, office, acting, django_capture_on_commit_callbacks
) -> None:
    services.inquiry_office_link(inquiry_id=inquiry.pk, office_id=office.pk, acting=acting)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        services.inquiry_answer_send(
            inquiry_id=inquiry.pk, text="かかります。", entries=["auto-renewal-after-free"], today=TODAY, acting=acting
        )
    inquiry.refresh_from_db()
    assert inquiry.state == "answered"
    (answer,) = [message for message in mail.outbox if "回答" in message.subject]
    assert answer.to == ["sato@example.jp"]
    assert answer.body.startswith("かかります。")
    assert BODY in answer.body
    line = ContactLog.objects.get(office=office)
    assert (line.kind, line.inquiry, line.topics) == ("mail", inquiry, ["stop"])
    with pytest.raises(Refused):
        services.inquiry_answer_send(inquiry_id=inquiry.pk, text="また", entries=[], today=TODAY, acting=acting)
    assert len([message for message in mail.outbox if "回答" in message.subject]) == 1


# elsewhere, together ---------------------------------------------------------------------------


def test_passing_on_and_back(inquiry, acting, other) -> None:
    services.inquiry_pass_on(inquiry_id=inquiry.pk, to="vendor", note="ほのぼの社に版を確認", acting=acting)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.is_open) == ("passed_on", True)
    with pytest.raises(Refused):
        services.inquiry_returned(inquiry_id=inquiry.pk, acting=other)
    services.inquiry_returned(inquiry_id=inquiry.pk, acting=acting)
    inquiry.refresh_from_db()
    assert inquiry.state == "taken"
    assert kinds(inquiry) == ["received", "taken", "passed_on", "returned"]


def test_merged_inquiries_are_answered_together(inquiry, acting) -> None:
    with time_machine.travel("2026-04-03T10:40:00+09:00", tick=False):
        second = services.inquiry_receive(asked=asked(body="続きです。"), today=TODAY)
    assert list(queries.others_of(second)) == [inquiry]
    services.inquiry_merge(inquiry_id=second.pk, into_id=inquiry.pk, acting=acting)
    assert [message.text for message in queries.messages_of(inquiry)] == [BODY, "続きです。"]
    assert list(queries.queue()) == [inquiry]
    with pytest.raises(Refused):
        services.inquiry_merge(inquiry_id=inquiry.pk, into_id=second.pk, acting=acting)
    with pytest.raises(Refused):
        services.inquiry_merge(inquiry_id=inquiry.pk, into_id=inquiry.pk, acting=acting)


def test_ending_without_an_answer_needs_a_reason_and_ends(inquiry, acting) -> None:
    services.inquiry_close(inquiry_id=inquiry.pk, reason="広告", acting=acting)
    inquiry.refresh_from_db()
    assert inquiry.state == "closed"
    assert InquiryEvent.objects.get(kind="closed").reason == "広告"
    with pytest.raises(Refused):
        services.inquiry_take(inquiry_id=inquiry.pk, acting=acting)


# the queue and its calendar --------------------------------------------------------------------


def test_the_queue_goes_by_due_time(acting) -> None:
    with time_machine.travel("2026-04-03T16:00:00+09:00", tick=False):
        late = services.inquiry_receive(asked=asked(topic="fee"), today=TODAY)
    with time_machine.travel("2026-04-03T09:10:00+09:00", tick=False):
        early = services.inquiry_receive(asked=asked(), today=TODAY)
    assert list(queries.queue()) == [early, late]
    assert list(queries.queue(topic="fee")) == [late]
    services.inquiry_take(inquiry_id=late.pk, acting=acting)
    assert list(queries.queue(mine=acting.user_id)) == [late]


def test_an_own_closing_day_moves_what_is_due(inquiry, acting) -> None:
    row = calendar.closing_day_set(day=date(2026, 4, 6), reason="研修", today=TODAY, acting=acting)
    inquiry.refresh_from_db()
    assert inquiry.due_at.isoformat() == "2026-04-07T01:30:00+00:00"
    calendar.closing_day_withdraw(closing_day_id=row.pk, today=TODAY, acting=acting)
    inquiry.refresh_from_db()
    assert inquiry.due_at.isoformat() == "2026-04-06T01:30:00+00:00"


@pytest.mark.parametrize("day", [date(2026, 4, 2), date(2026, 4, 4), date(2026, 4, 29)])
def test_days_that_cannot_be_closed(day, acting) -> None:
    with pytest.raises(Refused):
        calendar.closing_day_set(day=day, reason="研修", today=TODAY, acting=acting)


def test_statistics_by_topic_and_day(inquiry, office, acting) -> None:
    from helpdesk.services.contacts import note_record

    with time_machine.travel("2026-04-03T11:00:00+09:00", tick=False):
        services.inquiry_answer_send(inquiry_id=inquiry.pk, text="はい", entries=[], today=TODAY, acting=acting)
        services.inquiry_receive(asked=asked(topic="fee"), today=TODAY)
    note_record(office_id=office.pk, text="電話", topics=["stop"], follow_up_on=None, today=TODAY, acting=acting)
    services.solved_record(slug="fee-yearly", today=TODAY)
    figures = queries.statistics(TODAY, TODAY)
    assert [(line.topic, line.inquiries, line.answered, line.in_time, line.contacts) for line in figures.topics] == [
        ("停止", 1, 1, 1, 1),
        ("料金と請求", 1, 0, 0, 0),
    ]
    assert [(line.day, line.inquiries, line.contacts, line.solved) for line in figures.days] == [(TODAY, 2, 1, 1)]
    assert (figures.open, figures.solved, figures.solved_share) == (1, 1, pytest.approx(1 / 3))
    assert queries.statistics(date(2026, 4, 1), date(2026, 4, 2)).solved_share is None


# the public form -------------------------------------------------------------------------------


def form(client: Client, **fields: Any) -> dict[str, Any]:
    return {
        "body": BODY, "topic": "stop", "business_number": "", "name": "佐藤 花", "email": "sato@example.jp", "phone": "",
        "agreed": "on", "form_key": str(uuid4()),
    } | fields  # fmt: skip


def test_a_visitor_sees_fitting_entries_first(client, faq) -> None:
    page = client.post("/helpdesk/inquiry/", {"body": BODY}).content.decode()
    assert "無料の1年が終わると、どうなりますか" in page
    assert "この答えで分かりました" in page
    assert "&lt;" not in page  # what an answer says in lists stands as a list
    assert not Inquiry.objects.exists()


def test_an_entry_that_answers_is_counted_and_no_inquiry_is_kept(client, faq) -> None:
    response = client.post("/helpdesk/inquiry/solved/", {"slug": "auto-renewal-after-free"})
    assert "問い合わせは送っていません" in response.content.decode()
    assert [row.slug for row in Solved.objects.all()] == ["auto-renewal-after-free"]
    assert client.post("/helpdesk/inquiry/solved/", {"slug": "staff-hand-grant"}).status_code == 404
    assert client.post("/helpdesk/inquiry/solved/", {"slug": "nothing"}).status_code == 404


def test_a_visitor_sends_and_gets_a_number(client, faq, office) -> None:
    response = client.post("/helpdesk/inquiry/send/", form(client, business_number="31 7 02 0143 2"), follow=True)
    inquiry = Inquiry.objects.get()
    assert inquiry.number in response.content.decode()
    assert inquiry.office == office
    assert client.get(response.redirect_chain[-1][0]).status_code == 200
    assert client.get("/helpdesk/inquiry/done/" + inquiry.number + "/").status_code == 404


def test_an_unknown_number_is_no_dead_end(client, faq) -> None:
    client.post("/helpdesk/inquiry/send/", form(client, business_number="3170299999"))
    inquiry = Inquiry.objects.get()
    assert inquiry.office is None
    assert "3170299999 は名簿にありません" in inquiry.body


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"email": "sato"}, {"agreed": ""}, {"body": ""}, {"phone": "12"}, {"business_number": "31702"}],
)
def test_what_is_missing_is_said_and_nothing_is_lost(client, faq, wrong) -> None:
    response = client.post("/helpdesk/inquiry/send/", form(client, **wrong))
    assert response.status_code == 422
    page = response.content.decode()
    assert "か所を直してください" in page
    assert wrong.get("body") == "" or BODY in page
    assert not Inquiry.objects.exists()


def test_a_flood_is_held_back(client, faq) -> None:
    codes = [client.post("/helpdesk/inquiry/send/", form(client)).status_code for _ in range(21)]
    assert codes == [302] * 20 + [429]
    assert Inquiry.objects.count() == 20


def test_a_members_inquiry_knows_its_sender(client_of, faq, office, member) -> None:
    client_of(Role.OFFICE_STAFF)
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/helpdesk/inquiry/send/", form(client))
    assert Inquiry.objects.get().sender == member


# the staff's page ------------------------------------------------------------------------------


def act(client: Client, inquiry: Inquiry, **fields: str) -> Any:
    return client.post(f"/helpdesk/inquiries/{inquiry.number}/act/", fields)


def test_an_entry_becomes_the_draft_with_the_offices_dates(desk_client, faq, member) -> None:
    from licenses.rules import FREE_PASS
    from tests.factories import make_license
    from tests.licenses.cases import facts, term

    office = make_license(facts(term("2025-06-10", "2026-06-09", FREE_PASS))).office
    Membership.objects.create(user=member, office=office, role="manager", joined_on=date(2025, 4, 15))
    inquiry = services.inquiry_receive(asked=asked(office_id=office.pk, email=member.email), today=TODAY)
    page = act(desk_client, inquiry, use="auto-renewal-after-free")
    draft = page.context["answer_form"].initial
    assert draft["entries"] == "auto-renewal-after-free"
    assert "佐藤 花様" in draft["text"]
    assert "2026年6月9日（火）までに届け出てください。" in draft["text"]
    assert "{{" not in draft["text"]


def test_answering_through_the_page(desk_client, faq, inquiry) -> None:
    act(desk_client, inquiry, do="take")
    act(desk_client, inquiry, do="topic", topic="fee")
    assert act(desk_client, inquiry, do="answer", text="", entries="").status_code == 422
    act(desk_client, inquiry, do="answer", text="かかります。", entries="auto-renewal-after-free", looked="1")
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.topic) == ("answered", "fee")
    assert InquiryMessage.objects.get(direction="out").entries == ["auto-renewal-after-free"]
    assert desk_client.get(f"/helpdesk/inquiries/{inquiry.number}/").status_code == 200


def test_passing_merging_ending_linking_through_the_page(desk_client, faq, inquiry, office) -> None:
    second = services.inquiry_receive(asked=asked(), today=TODAY)
    third = services.inquiry_receive(asked=asked(), today=TODAY)
    act(desk_client, inquiry, do="link", **{"office-number": "3170201432"})
    act(desk_client, inquiry, do="pass", **{"pass-to": "vendor", "pass-note": "版を確認"})
    act(desk_client, inquiry, do="returned")
    act(desk_client, inquiry, do="release")
    assert act(desk_client, second, do="merge", **{"merge-number": "TO-0"}).status_code == 422
    act(desk_client, second, do="merge", **{"merge-number": inquiry.number.lower()})
    act(desk_client, third, do="close", **{"close-reason": "広告"})
    assert act(desk_client, third, do="link", **{"office-number": "9999999999"}).status_code == 422
    assert act(desk_client, inquiry, do="nothing").status_code == 404
    states = {row.pk: row.state for row in Inquiry.objects.all()}
    assert [states[row.pk] for row in (inquiry, second, third)] == ["waiting", "merged", "closed"]
    inquiry.refresh_from_db()
    assert inquiry.office == office


def test_somebody_elses_inquiry_says_so(desk_client, faq, inquiry, other) -> None:
    services.inquiry_take(inquiry_id=inquiry.pk, acting=other)
    assert "奥田 尚さんが" in desk_client.get(f"/helpdesk/inquiries/{inquiry.number}/").content.decode()
    response = desk_client.post(
        f"/helpdesk/inquiries/{inquiry.number}/act/",
        {"do": "answer", "text": "わたしも", "entries": "", "looked": "1"},
        follow=True,
    )
    assert "奥田 尚さんが対応しています" in response.content.decode()
    assert not InquiryMessage.objects.filter(direction="out").exists()


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", {"待ち", "担当", "確認"}),
        ("waiting", {"待ち"}),
        ("taken", {"担当"}),
        ("passed_on", {"確認"}),
        ("x", {"待ち", "担当", "確認"}),
    ],
)
def test_the_queue_is_narrowed_by_state(desk_client, acting, state, shown) -> None:
    bodies = ("待ち", "担当", "確認")
    rows = {body: services.inquiry_receive(asked=asked(body=f"本文{body}"), today=TODAY) for body in bodies}
    services.inquiry_take(inquiry_id=rows["担当"].pk, acting=acting)
    services.inquiry_pass_on(inquiry_id=rows["確認"].pk, to="municipality", note="米子市 長寿社会課", acting=acting)
    page = desk_client.get("/helpdesk/queue/", {"state": state}).content.decode()
    assert {body for body in bodies if f"本文{body}" in page} == shown
    if "確認" in shown:
        assert "米子市 長寿社会課" in page


def test_whom_it_was_passed_on_to_stands_on_top(desk_client, faq, inquiry, acting) -> None:
    services.inquiry_pass_on(inquiry_id=inquiry.pk, to="vendor", note="版を確認", acting=acting)
    page = desk_client.get(f"/helpdesk/inquiries/{inquiry.number}/").content.decode()
    assert "介護ソフトの会社：版を確認" in page
    assert "ほかへ確認を頼んだ（介護ソフトの会社）：版を確認" in page


def test_one_of_the_same_sender_is_merged_by_one_button(desk_client, faq, inquiry) -> None:
    second = services.inquiry_receive(asked=asked(), today=TODAY)
    page = desk_client.get(f"/helpdesk/inquiries/{second.number}/").content.decode()
    assert f'name="merge-number" value="{inquiry.number}"' in page
    # As the browser sends it: the empty field stands before the button in the form.
    act(desk_client, second, do="merge", **{"merge-number": ["", inquiry.number]})
    second.refresh_from_db()
    assert second.merged_into == inquiry
