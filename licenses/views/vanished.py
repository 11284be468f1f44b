"""Offices that the newest register lacks: with what hangs on each, a person decides (R15)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.enums import LookReason, SubjectKind
from accounts.permissions import signed_in_user
from accounts.services import access_record
from careplan_portal.lib.acting import Acting
from licenses import queries
from licenses.forms import CLOSED, DecideForm, DecideManyForm, SuccessorForm
from licenses.views.staff import ACTS, SEES, acting, business_day, may_act, seen_list
from offices.enums import VanishedState
from offices.models import Office, VanishedOffice
from offices.queries import import_runs, successor_candidates, vanished_offices
from offices.services.offices import office_close, office_keep_open, successor_link
from offices.services.refusal import OfficeRefused

PAGE = 50


@SEES
@require_safe
@never_cache
def vanished(request: HttpRequest) -> HttpResponse:
    """The list: those with a licence, or with `?licence=no` the others, which may be decided together. Without a wish
    the one that has entries."""
    wanted = request.GET.get("licence", "")
    without = wanted == "no" or (not wanted and not _waiting(False).exists() and _waiting(True).exists())
    return _list(request, DecideManyForm(), without=without)


def _list(request: HttpRequest, form: DecideManyForm, *, without: bool, status: int = 200) -> HttpResponse:
    today = business_day(request)
    page = Paginator(_waiting(without), PAGE).get_page(request.GET.get("page"))
    stands = queries.standings([one.office_id for one in page], queries.policy(), today)
    if page.object_list:
        seen_list(request, "名簿にない事業所の一覧")
    context = {
        "chosen": {int(pk) for pk in request.POST.getlist("chosen") if pk.isdigit()},
        "page": page, "rows": [(one, stands[one.office_id]) for one in page], "without": without, "form": form,
        "imported": import_runs().exists(),
        "with_count": _waiting(False).count(), "without_count": _waiting(True).count(), "may_act": may_act(request),
    }  # fmt: skip
    return render(request, "licenses/vanished.html", context, status=status)


def _waiting(without: bool) -> QuerySet[VanishedOffice]:
    return vanished_offices().filter(office__license__isnull=without)


@ACTS
@require_POST
def vanished_many(request: HttpRequest) -> HttpResponse:
    """The same decision about several that have no licence."""
    form = DecideManyForm(request.POST)
    chosen = list(_waiting(True).filter(pk__in=[pk for pk in request.POST.getlist("chosen") if pk.isdigit()]))
    if not chosen:
        form.add_error(None, "事業所を1つ以上選んでください。")
    if not form.is_valid():
        return _list(request, form, without=True, status=422)
    done = sum(_decide(one.office, form.cleaned_data, _acting(request, form)) == "" for one in chosen)
    messages.success(request, f"{done}か所を「{_word(form)}」と記録しました。")
    return redirect(f"{request.path.removesuffix('many/')}?licence=no")


def _acting(request: HttpRequest, form: DecideManyForm | DecideForm) -> Acting:
    return acting(request, form.cleaned_data["reason"])


def _word(form: DecideManyForm | DecideForm) -> str:
    return str(VanishedState(form.cleaned_data["decision"]).label)


def _decide(office: Office, decided: dict[str, Any], by: Acting, successor: Office | None = None) -> str:
    """Record it; why it could not be, or nothing."""
    try:
        if decided["decision"] == CLOSED:
            office_close(
                office_id=office.pk, closed_on=decided["closed_on"], acting=by,
                successor_id=successor.pk if successor else None,
            )  # fmt: skip
        else:
            office_keep_open(office_id=office.pk, acting=by)
    except OfficeRefused as refused:
        return refused.text
    return ""


@SEES
@require_GET
@never_cache
def vanished_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: its licence, who may carry on, and the decision."""
    found = _found(request, pk)
    return _one(request, found, _form(found))


def _found(request: HttpRequest, pk: int) -> VanishedOffice:
    found = get_object_or_404(VanishedOffice.objects.select_related("office__successor", "run", "decided_by"), pk=pk)
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.OFFICE, subject_key=found.office.business_number,
        reason=LookReason.CHECK,
    )  # fmt: skip
    return found


def _form(found: VanishedOffice, data: Any = None) -> DecideForm | SuccessorForm:
    """Closed ones can only be given a successor."""
    if found.office.closed_on is not None:
        return SuccessorForm(data)
    return DecideForm(data, office=found.office)


def _one(request: HttpRequest, found: VanishedOffice, form: Any, status: int = 200) -> HttpResponse:
    today = business_day(request)
    context = {
        "found": found, "office": found.office, "form": form, "may_act": may_act(request), "today": today,
        "stands": queries.standing(found.office_id, today), "candidates": _candidates(found.office),
        "open": found.office.closed_on is None and found.state != VanishedState.RETURNED,
    }  # fmt: skip
    return render(request, "licenses/vanished_one.html", context, status=status)


def _candidates(office: Office) -> Sequence[Office]:
    return [] if office.successor_id else successor_candidates(office)


@ACTS
@require_POST
def vanished_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was decided about one."""
    found = _found(request, pk)
    form = _form(found, request.POST)
    if not form.is_valid():
        return _one(request, found, form, 422)
    if isinstance(form, SuccessorForm):
        problem = _link(found.office, form, acting(request, form.cleaned_data["reason"]))
        said = "引きつぐ事業所を記録しました。"
    else:
        problem = _decide(found.office, form.cleaned_data, _acting(request, form), form.cleaned_data["successor"])
        said = f"{found.office.name}を「{_word(form)}」と記録しました。"
    if problem:
        form.add_error(None, problem)
        return _one(request, found, form, 422)
    messages.success(request, said)
    return redirect("licenses:vanished")


def _link(office: Office, form: SuccessorForm, by: Acting) -> str:
    try:
        successor_link(office_id=office.pk, successor_id=form.cleaned_data["successor"].pk, acting=by)
    except OfficeRefused as refused:
        return refused.text
    return ""
