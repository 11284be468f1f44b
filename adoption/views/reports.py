"""Reports that are kept: of public places for everybody, of areas for who may see them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from adoption.permissions import areas_noted_by, areas_visible_to
from adoption.queries.places import Place, place_of_area, public_places
from adoption.queries.reports import report_on, reports_of, wishes_of
from adoption.services.reports import report_wish_set
from adoption.views.boards import STAFF
from offices.models import Area

PER_PAGE = 24


@audience.public
@require_safe
def place_reports(request: HttpRequest, code: str) -> HttpResponse:
    place = public_places().get(code)
    if place is None:
        raise Http404("この番号の地域はありません。")
    return _listed(request, place)


@audience.public
@require_safe
def place_report(request: HttpRequest, code: str, kind: str, day: str) -> HttpResponse:
    if code not in public_places():
        raise Http404("この番号の地域はありません。")
    return _file(code, kind, day)


@audience(*STAFF, own={Role.OFFICER: "area"})
@require_safe
def area_reports(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in_user(request)
    area = get_object_or_404(areas_visible_to(user), code=code)
    asks = areas_noted_by(user).filter(pk=area.pk).exists()
    return _listed(
        request, place_of_area(area), area=area, may_ask=asks, wished=wishes_of(area).filter(user=user).exists()
    )


@audience(*STAFF, own={Role.OFFICER: "area"})
@require_safe
def area_report(request: HttpRequest, code: str, kind: str, day: str) -> HttpResponse:
    area = get_object_or_404(areas_visible_to(signed_in_user(request)), code=code)
    return _file(area.code, kind, day)


@audience(Role.OFFICER, own={Role.OFFICER: "area"})
@require_POST
def wish(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the monthly report by mail, or no longer."""
    user = signed_in_user(request)
    area = get_object_or_404(areas_noted_by(user), code=code)
    wanted = request.POST.get("wanted") == "yes"
    report_wish_set(area=area, user=user, wanted=wanted)
    said = "月次の報告を、できたときにメールで送ります。" if wanted else "月次の報告のメールを止めました。"
    messages.success(request, said)
    return redirect("adoption:area-reports", code)


def _listed(
    request: HttpRequest, place: Place, area: Area | None = None, may_ask: bool = False, wished: bool = False
) -> HttpResponse:
    listed = Paginator(reports_of(place.code), PER_PAGE).get_page(request.GET.get("page"))
    context = {"place": place, "area": area, "listed": listed, "may_ask": may_ask, "wished": wished}
    return render(request, "adoption/reports.html", context)


def _file(code: str, kind: str, day: str) -> HttpResponse:
    try:
        report = report_on(code, kind, date.fromisoformat(day))
    except ValueError:
        report = None
    if report is None or not report.file.is_file():
        raise Http404("この報告書はありません。")
    response = HttpResponse(report.file.read_bytes(), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="adoption_{code}_{kind}_{day}.pdf"'
    return response
