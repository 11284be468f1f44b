"""Mails about one's own account; they are built here and sent by the service on commit."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from accounts.models import User


def invitation(user: User, *, link: str) -> EmailMessage:
    """The mail with which a new person makes their sign-in. ``link`` is absolute."""
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    context = {"user": user, "link": link, "days": days}
    text = render_to_string("accounts/mail/invitation.txt", context)
    return EmailMessage(f"{settings.SERVICE_NAME}：サインインを作ってください", text, to=[user.email])
