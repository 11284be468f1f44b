"""Mails to whoever filed and to members who may confirm; built here, sent by services.

One thing a mail; the first lines say what happens, what it costs, what to do (visual standard, 16).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from campaigns.queries import Receipt

TEXTS = {
    "receipt": "campaigns/mail/receipt.txt",
    "proof": "campaigns/mail/proof.txt",
    "reminder": "campaigns/mail/reminder.txt",
}


def application_mail(receipt: Receipt, kind: str, *, pdf: bytes = b"") -> EmailMessage:
    """The mail of a kind (receipt, proof, reminder); the receipt has its paper with it."""
    message = EmailMessage(
        _subject(receipt, kind), _text(TEXTS[kind], receipt), to=[receipt.application.applicant_email]
    )
    if pdf:
        message.attach(f"{receipt.application.receipt_number}.pdf", pdf, "application/pdf")
    return message


def _subject(receipt: Receipt, kind: str) -> str:
    filed = receipt.filed
    if kind == "receipt" and receipt.is_provisional:
        return f"申請を仮に受け付けました。{filed.short(filed.prove_by)}までに事業所の確認を"
    if kind == "reminder":
        return f"{filed.short(filed.prove_by)}で申請が無効になります。事業所の確認をお願いします"
    if receipt.is_confirmed:
        return f"フリーパスの申請が確定しました。{filed.short(filed.term.starts_on)}から1年間0円です"
    return receipt.told.title


def _text(template: str, receipt: Receipt) -> str:
    code = f"{settings.PORTAL_BASE_URL}{reverse('campaigns:code')}"
    text = render_to_string(template, {"receipt": receipt, "code_link": code})
    return text.strip() + "\n"


def members_asked(receipt: Receipt, people: Sequence[User]) -> list[EmailMessage]:
    """Word to members that somebody filed for their office; a mail each, so that nobody reads the
    others' addresses."""
    number = receipt.application.receipt_number
    link = f"{settings.PORTAL_BASE_URL}{reverse('campaigns:confirm', args=[number])}"
    text = render_to_string("campaigns/mail/members_asked.txt", {"receipt": receipt, "confirm_link": link}).strip()
    subject = "フリーパスの申請がありました。事業所の方か、確かめてください"
    return [EmailMessage(subject, text + "\n", to=[person.email]) for person in people]
