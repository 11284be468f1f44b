"""A notice as a mail: words, and the same as HTML."""

from __future__ import annotations

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from notices.models import Delivery, Notice
from notices.rules import Content

LONGEST_SUBJECT = 200


def mail_of(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail of a delivery, with the Message-ID that it keeps however often it is tried."""
    notice = delivery.notice
    message = EmailMultiAlternatives(
        _one_line(notice.title), text_of(notice), from_email=sender(), to=[delivery.address],
        headers={"Message-ID": f"<{delivery.key}@{domain()}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    if not notice.is_plain:
        message.attach_alternative(html_of(notice), "text/html")
    file = getattr(notice, "file", None)
    if file is not None:
        message.attach(file.name, bytes(file.data), "application/pdf")
    return message


def text_of(notice: Notice) -> str:
    """The notice as plain text."""
    if notice.is_plain:
        return f"{notice.told.lead[0].strip()}\n"
    return render_to_string("notices/mail.txt", _context(notice)).strip() + "\n"


def html_of(notice: Notice) -> str:
    """The notice as an HTML document for mail programs."""
    return render_to_string("documents/notice_mail.html", _context(notice))


def _context(notice: Notice) -> dict[str, object]:
    told: Content = notice.told
    link = (told.link[0], absolute(told.link[1])) if told.link else None
    # The way out is a door, not the thing to do (visual standard: one filled button, never for a stop).
    is_stop = told.link is not None and told.link[1].endswith("/stop/")
    return {"notice": notice, "told": told, "link": link, "is_stop": is_stop, "settings_link": _where(notice)}


def _where(notice: Notice) -> str:
    """Where who gets the notices is changed; nothing for a notice that no office has."""
    if notice.office is None or not notice.in_portal:
        return ""
    return absolute(f"/my/{notice.office.business_number}/notices/")


def absolute(path: str) -> str:
    return path if path.startswith(("http://", "https://")) else f"{settings.PORTAL_BASE_URL}{path}"


def sender() -> str:
    """The From of every notice: the service's name before the address."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or settings.SERVICE_NAME, address))


def domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def return_address(delivery: Delivery) -> str:
    """Where what cannot be delivered comes back to: the returned mailbox with the mail's key in it."""
    plain = settings.RETURNED_ADDRESS or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if not settings.RETURNED_ADDRESS:
        return plain
    name, _, host = plain.rpartition("@")
    return f"{name}+{delivery.key}@{host}"


def _one_line(title: str) -> str:
    return " ".join(title.split())[:LONGEST_SUBJECT]
