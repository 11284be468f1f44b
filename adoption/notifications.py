"""Messages about figures; they are built here and sent by services."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from adoption.models import AreaReport
from offices.models import Area


def report_ready_mail(report: AreaReport, area: Area, user: User) -> EmailMessage:
    """The monthly report of an area, for an officer who asked: with the paper, and where all are kept."""
    path = reverse("adoption:area-reports", args=[area.code])
    context = {"report": report, "area": area, "user": user, "link": f"{settings.PORTAL_BASE_URL}{path}"}
    text = render_to_string("adoption/mail/report_ready.txt", context)
    month = f"{report.day.year}年{report.day.month}月"
    mail = EmailMessage(f"{area.name}の普及状況（{month}の月次の報告）", text, to=[user.email])
    mail.attach(
        f"adoption_{report.area_code}_{report.kind}_{report.day}.pdf", report.file.read_bytes(), "application/pdf"
    )
    return mail
