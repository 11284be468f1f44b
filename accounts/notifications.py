"""Mails about one's own account; they are built here and sent by the service on commit."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User


def invitation(user: User, *, link: str) -> EmailMessage:
    """The mail with which a new person makes their sign-in. ``link`` is absolute."""
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    context = {"user": user, "link": link, "days": days}
    text = render_to_string("accounts/mail/invitation.txt", context)
    return EmailMessage(f"{settings.SERVICE_NAME}：サインインを作ってください", text, to=[user.email])


def second_factor_reset(user: User, *, at: datetime.datetime, by: User | None) -> EmailMessage:
    """The mail to somebody whose second factor was forgotten by an administrator or an operator."""
    context = {"user": user, "at": at, "by": by, "link": f"{settings.PORTAL_BASE_URL}{reverse('account_login')}"}
    text = render_to_string("accounts/mail/second_factor_reset.txt", context)
    return EmailMessage(f"{settings.SERVICE_NAME}：二段階の確認をやり直してください", text, to=[user.email])
