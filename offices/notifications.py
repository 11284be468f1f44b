"""Mails about who belongs to an office; built here, sent by the service on commit."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from accounts.models import User
from offices.models import Invitation, Office


def invitation(invited: Invitation, *, link: str) -> EmailMessage:
    """The mail with the signed link of an invitation. ``link`` is absolute."""
    text = render_to_string("offices/mail/invitation.txt", {"invitation": invited, "link": link})
    subject = f"{invited.office.name}の手続きに招かれました（{settings.SERVICE_NAME}）"
    return EmailMessage(subject, text, to=[invited.email])


def claimed(office: Office, *, by: User, how: str, to: Sequence[User]) -> list[EmailMessage]:
    """Word to the members an office had, when somebody joined whom none of them invited; a mail each,
    so that nobody reads the others' addresses."""
    text = render_to_string("offices/mail/claimed.txt", {"office": office, "by": by, "how": how})
    subject = f"{office.name}に、新しい人が加わりました（{settings.SERVICE_NAME}）"
    return [EmailMessage(subject, text, to=[person.email]) for person in to]
