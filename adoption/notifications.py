"""Messages about figures; they are built here and handed to the outbox by services."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from adoption.models import AreaReport
from notices.enums import Kind
from notices.rules import Attachment, Outgoing
from offices.models import Area


def report_ready_mail(report: AreaReport, area: Area, user: User) -> Outgoing:
    """The monthly report of an area, for an officer who asked: with the paper, and where all are kept. Once for a
    report and a person."""
    path = reverse("adoption:area-reports", args=[area.code])
    context = {"report": report, "area": area, "user": user, "link": f"{settings.PORTAL_BASE_URL}{path}"}
    month = f"{report.day.year}年{report.day.month}月"
    return Outgoing(
        Kind.AREA_REPORT,
        f"{report.pk} {user.pk}",
        f"{area.name}の普及状況（{month}の月次の報告）",
        render_to_string("adoption/mail/report_ready.txt", context),
        to=(user.email,),
        attachment=Attachment(f"adoption_{report.area_code}_{report.kind}_{report.day}.pdf", report.file.read_bytes()),
    )
