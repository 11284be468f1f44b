"""The letter that answers an inquiry: it says something, somebody looks at it, and no draft is lost."""

from typing import Any

import pytest
from django.core import mail

from helpdesk.models import Inquiry, InquiryMessage
from helpdesk.rules.letter import NOTHING_SAID, THANKS, greeting, says_nothing, with_entry
from helpdesk.services import inquiries as services
from offices.models import Membership
from tests.factories import make_license
from tests.helpdesk.conftest import TODAY
from tests.helpdesk.test_inquiries import asked
from tests.licenses.cases import facts, term

DRAFT = "佐藤 花様\n\n手で書いた大事な答えです。\n"


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        (greeting("佐藤 花"), True),
        (greeting("佐藤 花") + "よろしくお願いいたします。", True),
        ("佐藤花 様\n" + THANKS + "\n何卒よろしくお願いします。\nヘルプデスク", True),
        ("", True),
        (greeting("佐藤 花") + "はい。", False),
        (greeting("佐藤 花") + "6月9日までです。よろしくお願いいたします。", False),
        ("かかります。", False),
    ],
)  # fmt: skip
def test_a_letter_of_greetings_says_nothing(text: str, nothing: bool) -> None:
    assert says_nothing(text, "佐藤 花") is nothing


def test_an_entry_joins_the_draft_at_its_end_and_only_once() -> None:
    once = with_entry(DRAFT, ["届け出てください。", "以上です。"])
    assert once == DRAFT + "\n届け出てください。\n以上です。\n"
    assert with_entry(once, ["届け出てください。", "以上です。"]) == once


# through the page ------------------------------------------------------------------------------


@pytest.fixture
def inquiry(db: None) -> Inquiry:
    office = make_license(facts(term("2025-06-10", "2026-06-09", "free_pass"))).office
    return services.inquiry_receive(asked=asked(office_id=office.pk), today=TODAY)


def act(client: Any, inquiry: Inquiry, **fields: str) -> Any:
    return client.post(f"/helpdesk/inquiries/{inquiry.number}/act/", fields)


def test_a_greeting_alone_is_never_sent(desk_client, faq, inquiry) -> None:
    for looked in ("", "1"):
        answer = act(desk_client, inquiry, do="answer", text=greeting(inquiry.name), entries="", looked=looked)
        assert answer.status_code == 422
        assert NOTHING_SAID in answer.text
    inquiry.refresh_from_db()
    assert inquiry.is_open
    assert not InquiryMessage.objects.filter(direction="out").exists()


def test_what_goes_to_whom_is_looked_at_before_it_goes(
    desk_client, faq, inquiry, django_capture_on_commit_callbacks
) -> None:
    look = act(desk_client, inquiry, do="answer", text=DRAFT, entries="stop-fee-zero")
    assert look.status_code == 200
    for text in ("この内容で送りますか", "sato@example.jp", "手で書いた大事な答えです。", "お問い合わせへの回答"):
        assert text in look.text
    inquiry.refresh_from_db()
    assert inquiry.is_open
    back = act(desk_client, inquiry, do="draft", text=DRAFT, entries="stop-fee-zero")
    assert "手で書いた大事な答えです。" in back.context["answer_form"]["text"].value()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        act(desk_client, inquiry, do="answer", text=DRAFT, entries="stop-fee-zero", looked="1")
    inquiry.refresh_from_db()
    assert inquiry.state == "answered"
    assert [message.to for message in mail.outbox if "回答" in message.subject] == [["sato@example.jp"]]
    assert InquiryMessage.objects.get(direction="out").entries == ["stop-fee-zero"]


def test_an_entry_is_added_to_what_was_written(desk_client, faq, inquiry) -> None:
    page = act(desk_client, inquiry, use="stop-fee-zero", text=DRAFT, entries="fee-yearly")
    form = page.context["answer_form"]
    assert form["text"].value().startswith(DRAFT.rstrip())
    assert "0円" in form["text"].value()
    assert form["entries"].value() == "fee-yearly,stop-fee-zero"
    assert not InquiryMessage.objects.filter(direction="out").exists()


def test_seeking_an_entry_keeps_the_draft(desk_client, faq, inquiry) -> None:
    page = act(desk_client, inquiry, do="search", q="証明書", text=DRAFT, entries="fee-yearly")
    assert page.status_code == 200
    assert page.context["answer_form"]["text"].value() == DRAFT
    assert page.context["q"] == "証明書"


def test_an_inserted_entry_says_each_thing_once(desk_client, faq, inquiry) -> None:
    """The short answer and its version for paper say the same: one of them, and the office's own dates."""
    page = act(desk_client, inquiry, use="auto-renewal-after-free", text="", entries="")
    text = page.context["answer_form"]["text"].value()
    assert text.count("次の1年は有償（年21,000円）") == 1
    assert "やめる届けを出してください。" in text


def test_dates_go_only_to_an_address_on_file(desk_client, faq, inquiry, member) -> None:
    """Whoever knows a business number may write in about it; the licence's dates are for its members."""
    page = act(desk_client, inquiry, use="auto-renewal-after-free", text="", entries="")
    assert "6月9日" not in page.context["answer_form"]["text"].value()
    assert "登録の連絡先ではありません" in page.text
    Membership.objects.create(user=member, office=inquiry.office, role="staff", joined_on=TODAY)
    Inquiry.objects.filter(pk=inquiry.pk).update(email=member.email)
    page = act(desk_client, inquiry, use="auto-renewal-after-free", text="", entries="")
    assert "2026年6月9日（火）までに届け出てください。" in page.context["answer_form"]["text"].value()
    assert "登録の連絡先ではありません" not in page.text


def test_one_fitting_entry_is_no_range(desk_client, faq, inquiry, settings) -> None:
    page = act(desk_client, inquiry, do="search", q="証明書", text="", entries="").text
    assert "<kbd>1</kbd>〜<kbd>1</kbd>" not in page
