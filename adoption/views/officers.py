"""What officers see of their own area: its offices by name, whom to talk to next, notes, the report."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason, Role, SubjectKind
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from adoption.documents.card import cut_choices, cut_name
from adoption.documents.lists import CALLS, candidate_sheet, office_rows, office_sheet
from adoption.documents.report import report_pdf
from adoption.documents.sheets import as_csv
from adoption.enums import ALL
from adoption.forms import CallForm, OfficeFilters
from adoption.models import AreaCall
from adoption.permissions import areas_noted_by, areas_visible_to
from adoption.queries.figures import newest_run
from adoption.queries.following import call_to_undo, following, last_calls
from adoption.queries.offices import area_offices
from adoption.queries.places import Place, municipality_codes, place_of_area, public_places
from adoption.services.calls import call_record, call_undo
from adoption.views.boards import STAFF
from careplan_portal.lib.acting import Acting
from offices.models import Area, Office

PER_PAGE = 50
MOST_CANDIDATES = 20
FIRST_SCREEN = 5
LARGE = 40
"""Areas of more municipalities list candidates of one municipality at a time."""


@audience(*STAFF, own={Role.OFFICER: "area"})
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    found = list(areas_visible_to(signed_in_user(request)).prefetch_related("municipalities"))
    if len(found) == 1:
        return redirect("adoption:area", found[0].code)
    return render(request, "adoption/areas.html", {"areas": found})


@audience(*STAFF, own={Role.OFFICER: "area"})
@require_safe
def offices(request: HttpRequest, code: str, kind: str = "") -> HttpResponse:
    area, place = _area(request, code)
    filters = OfficeFilters(request.GET or None, municipalities=_municipalities(place))
    chosen = filters.cleaned_data if filters.is_valid() else {}
    today = request.today  # type: ignore[attr-defined]
    names = {"q": "text", "municipality": "municipality", "cut": "cut", "uses": "uses"}
    found = area_offices(place, today, **{name: chosen[key] for key, name in names.items() if chosen.get(key)})
    _look(request, area, kind)
    if kind == "csv":
        return _csv(as_csv(office_sheet(place, found, today, chosen)), f"{place.code}_offices_{today}.csv")
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"area": area, "place": place, "filters": filters, "listed": listed,
               "rows": office_rows(list(listed), today), "query": request.GET.urlencode()}  # fmt: skip
    return render(request, "adoption/offices.html", context)


@audience(*STAFF, own={Role.OFFICER: "area"})
@require_safe
def whom_next(request: HttpRequest, code: str, kind: str = "") -> HttpResponse:
    area, place = _area(request, code)
    municipality, today = _municipality(request, place), request.today  # type: ignore[attr-defined]
    cut = request.GET.get("cut", ALL) if request.GET.get("cut") in dict(cut_choices()) else ALL
    top = bool(request.GET.get("top"))
    found = following(
        area, place, today, limit=FIRST_SCREEN if top else MOST_CANDIDATES, municipality=municipality, cut=cut
    )
    _look(request, area, kind)
    if kind == "csv":
        filters = [("市区町村", public_places()[municipality].name)] if municipality else []
        filters += [] if cut == ALL else [("側・サービス", cut_name(cut))]
        return _csv(as_csv(candidate_sheet(place, found, today, filters)), f"{place.code}_next_{today}.csv")
    context = {"area": area, "place": place, "found": found, "municipalities": _municipalities(place), "top": top,
               "municipality": municipality, "calls": CALLS, "cut": cut, "cuts": cut_choices(), "noted": _noted(request, area),
               "more": min(found.total, MOST_CANDIDATES) - 1, "narrowed": _narrowed(municipality, cut),
               "may_note": areas_noted_by(signed_in_user(request)).filter(pk=area.pk).exists()}  # fmt: skip
    template = "adoption/next_top.html" if request.htmx else "adoption/next.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _narrowed(municipality: str, cut: str) -> str:
    """The choice, as it stands behind addresses."""
    chosen = {"municipality": municipality, "cut": "" if cut == ALL else cut}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{query}" if query else ""


def _noted(request: HttpRequest, area: Area) -> AreaCall | None:
    """The note that was just made, which can be taken back."""
    pk = request.GET.get("noted", "")
    mine = areas_noted_by(signed_in_user(request)).filter(pk=area.pk).exists()
    return call_to_undo(area, int(pk)) if pk.isdecimal() and len(pk) < 12 and mine else None


@audience(Role.OFFICER, own={Role.OFFICER: "area"})
@require_POST
def call(request: HttpRequest, code: str, business_number: str) -> HttpResponse:
    """Tick an office off: only officers, only in their own area, only offices of it."""
    area, office = _to_note(request, code, business_number)
    form = CallForm(request.POST, today=request.today)  # type: ignore[attr-defined]
    if not form.is_valid():
        said = "".join(str(errors[0]) for errors in form.errors.values())
        messages.error(request, f"{office.name}の記録はできませんでした。{said}")
        return redirect("adoption:next", code)
    made = call_record(area=area, office=office, acting=_acting(request), **form.cleaned_data)
    return redirect(f"{reverse('adoption:next', args=[code])}?noted={made.pk}")


@audience(Role.OFFICER, own={Role.OFFICER: "area"})
@require_POST
def call_back(request: HttpRequest, code: str, business_number: str) -> HttpResponse:
    """Take the newest note about an office back."""
    area, office = _to_note(request, code, business_number)
    last = last_calls(area, [office.pk]).get(office.pk)
    if last is not None and str(last.pk) == request.POST.get("call") and call_undo(call=last, acting=_acting(request)):
        messages.success(request, f"{office.name}に声をかけた記録を取り消しました。")
    else:
        messages.error(request, f"{office.name}の記録は変わっています。一覧を見直してください。")
    return redirect("adoption:next", code)


def _to_note(request: HttpRequest, code: str, business_number: str) -> tuple[Area, Office]:
    area = get_object_or_404(areas_noted_by(signed_in_user(request)), code=code)
    found = area_offices(place_of_area(area), request.today)  # type: ignore[attr-defined]
    return area, get_object_or_404(found, business_number=business_number)


def _acting(request: HttpRequest) -> Acting:
    return Acting(signed_in_user(request).pk, Role.OFFICER, "普及の声かけ")


@audience(*STAFF, own={Role.OFFICER: "area"})
@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    _, place = _area(request, code)
    today = request.today  # type: ignore[attr-defined]
    run = newest_run(today)
    if run is None:
        return render(request, "adoption/not_yet.html", {"place": place})
    response = HttpResponse(report_pdf(place, run, today), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="adoption_{place.code}_{run.day}.pdf"'
    return response


def _area(request: HttpRequest, code: str) -> tuple[Area, Place]:
    area = get_object_or_404(areas_visible_to(signed_in_user(request)), code=code)
    return area, place_of_area(area)


def _municipalities(place: Place) -> list[tuple[str, str]]:
    return [(code, public_places()[code].name) for code in municipality_codes(place)]


def _municipality(request: HttpRequest, place: Place) -> str:
    """The one asked for when it is the area's; the first where the area is too large for one list."""
    codes, asked = municipality_codes(place), request.GET.get("municipality", "")
    if asked in codes:
        return asked
    return codes[0] if len(codes) > LARGE else ""


def _look(request: HttpRequest, area: Area, kind: str) -> None:
    """Looks at named lists are recorded: exports by anybody, pages by those whose area it is not."""
    user = signed_in_user(request)
    if kind:
        access_record(
            user=user, subject_kind=SubjectKind.EXPORT, subject_key=f"area:{area.code}", reason="一覧の書き出し"
        )
    elif user.role != Role.OFFICER:
        access_record(user=user, subject_kind=SubjectKind.AREA, subject_key=area.code, reason=LookReason.CHECK)


def _csv(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
