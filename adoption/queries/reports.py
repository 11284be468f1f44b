"""Reports that are kept, and who asked for them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from accounts.enums import Role
from adoption.models import AreaReport, ReportWish
from adoption.queries.places import public_places
from offices.models import Area


def reports_of(code: str) -> QuerySet[AreaReport]:
    """Of a place or an officer's area, newest first."""
    return AreaReport.objects.filter(area_code=code)


def report_on(code: str, kind: str, day: date) -> AreaReport | None:
    """The report of a kind (``ReportKind``) that says how things stood on ``day``; None while it is not made."""
    return AreaReport.objects.filter(area_code=code, kind=kind, day=day).first()


def wishes_of(area: Area) -> QuerySet[ReportWish]:
    """Who gets an area's reports by mail: officers who asked and still look after it."""
    return ReportWish.objects.filter(
        area=area, ended_at=None, user__is_active=True, user__role=Role.OFFICER, user__areas=area
    ).select_related("user")


def codes_wanted() -> list[str]:
    """Whose reports are made after the end of a month (settings, MONTHLY_REPORTS)."""
    if settings.MONTHLY_REPORTS == "all":
        return [*public_places(), *Area.objects.order_by("code").values_list("code", flat=True)]
    asked = ReportWish.objects.filter(ended_at=None).order_by("area__code")
    return list(asked.values_list("area__code", flat=True).distinct())
