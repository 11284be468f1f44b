"""What a member wrote to the helpdesk, and what was answered: for that person alone."""

import pytest
from django.test import Client

from helpdesk.models import Inquiry
from helpdesk.services import inquiries as services
from tests.campaigns.my_pages import text
from tests.factories import make_member, make_office
from tests.helpdesk.conftest import TODAY
from tests.helpdesk.test_inquiries import BODY, asked

pytestmark = pytest.mark.django_db


def test_a_member_finds_what_they_sent_and_what_was_answered(acting, django_assert_max_num_queries) -> None:
    office = make_office(name="みなとの風")
    sender, colleague, stranger = make_member(office), make_member(office), Client()
    for topic in ("fee", "stop", "term"):
        services.inquiry_receive(asked=asked(sender_id=sender.pk, office_id=office.pk, topic=topic), today=TODAY)
    answered, closed, _ = Inquiry.objects.order_by("pk")
    services.inquiry_take(inquiry_id=answered.pk, acting=acting)
    services.inquiry_answer_send(
        inquiry_id=answered.pk, text="かかりません。\n届けを出せます。", entries=[], today=TODAY, acting=acting
    )
    services.inquiry_take(inquiry_id=closed.pk, acting=acting)
    services.inquiry_close(inquiry_id=closed.pk, reason="重なり", acting=acting)
    client = Client()
    client.force_login(sender)
    assert "わたしの問い合わせと、その答えを見る" in client.get("/helpdesk/inquiry/").text
    with django_assert_max_num_queries(9):
        page = text(client.get("/helpdesk/inquiry/mine/"))
    for words in (
        answered.number,
        BODY,
        "かかりません。",
        "お答えしました",
        "終わりました",
        "返事を待っています",
    ):
        assert words in page, words
    client.force_login(colleague)
    page = client.get("/helpdesk/inquiry/mine/").text
    assert answered.number not in page
    assert "問い合わせは、まだありません" in page
    assert stranger.get("/helpdesk/inquiry/mine/").status_code == 302
    assert "わたしの問い合わせ" not in stranger.get("/helpdesk/inquiry/").text
