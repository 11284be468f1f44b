"""Mails of the helpdesk; built here, sent by the services on commit."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from helpdesk.models import ContactLog, Inquiry
from licenses.models import LicenseTerm
from offices.models import Office


def act_confirmation(
    office: Office, *, act: str, call: ContactLog, term: LicenseTerm | None, to: Sequence[str]
) -> list[EmailMessage]:
    """Word to who was known at the office before that something was done for a caller; a mail each,
    so that nobody reads the others' addresses. `act` is an Act's value."""
    context = {"office": office, "act": act, "call": call, "term": term, "phone": settings.SUPPORT_PHONE}
    text = render_to_string("helpdesk/mail/act.txt", context)
    subject = f"{_subject(act)}（{office.name}、{settings.SERVICE_NAME}）"
    return [EmailMessage(subject, text, to=[address]) for address in to]


def _subject(act: str) -> str:
    return {
        "stop": "お電話で利用停止を受け付けました",
        "stop_withdraw": "お電話で停止の取り消しを受け付けました",
        "withdraw": "お電話で申請の取り下げを受け付けました",
    }.get(act, "お電話でお手続きを受け付けました")


def inquiry_received(inquiry: Inquiry) -> EmailMessage:
    """The acknowledgement of an inquiry, with its number and until when an answer comes."""
    text = render_to_string("helpdesk/mail/received.txt", {"inquiry": inquiry, "phone": settings.SUPPORT_PHONE})
    return EmailMessage(
        f"お問い合わせを受け付けました {inquiry.number}（{settings.SERVICE_NAME}）", text, to=[inquiry.email]
    )


def inquiry_answer(inquiry: Inquiry, text: str) -> EmailMessage:
    """The answer to an inquiry."""
    body = render_to_string(
        "helpdesk/mail/answer.txt", {"inquiry": inquiry, "text": text, "phone": settings.SUPPORT_PHONE}
    )
    return EmailMessage(f"お問い合わせへの回答 {inquiry.number}（{settings.SERVICE_NAME}）", body, to=[inquiry.email])
