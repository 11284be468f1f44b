"""Areas and who looks after them: the operator's pages, and an administrator's help for colleagues."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import audience, signed_in_user
from accounts.queries import without_second_factor
from careplan_portal.lib.acting import Acting
from offices import queries
from offices.forms import AreaForm, AreaNewForm, ColleagueForm, OfficerForm, ReasonForm
from offices.models import Area
from offices.services.areas import (
    administrator_set,
    area_save,
    colleague_second_factor_reset,
    officer_assign,
    officer_remove,
)

SEES = audience(Role.OPERATOR, Role.AUDITOR)
ACTS = audience(Role.OPERATOR)
OFFICERS = audience(Role.OFFICER, own={Role.OFFICER: "area"})


@SEES
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    return render(request, "offices/areas.html", {"areas": queries.areas_listed(), "may_act": _may_act(request)})


@ACTS
@require_http_methods(["GET", "HEAD", "POST"])
def area_new(request: HttpRequest) -> HttpResponse:
    form = AreaNewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        area_save(
            code=wanted["code"], name=wanted["name"], municipalities=wanted["municipalities"],
            acting=_acting(request, wanted["reason"]),
        )  # fmt: skip
        messages.success(request, f"「{wanted['name']}」を作りました。担当者を決めてください。")
        return redirect("offices:area", wanted["code"])
    return render(request, "offices/area_new.html", {"form": form}, status=422 if form.is_bound else 200)


@SEES
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, get_object_or_404(Area, code=code))


@ACTS
@require_POST
def area_change(request: HttpRequest, code: str) -> HttpResponse:
    found, form = get_object_or_404(Area, code=code), AreaForm(request.POST, prefix="area")
    if not form.is_valid():
        return _page(request, found, area_form=form)
    wanted = form.cleaned_data
    area_save(
        code=code, name=wanted["name"], municipalities=wanted["municipalities"],
        acting=_acting(request, wanted["reason"]),
    )  # fmt: skip
    messages.success(request, "地域を変えました。")
    return redirect("offices:area", code)


@ACTS
@require_POST
def officer_add(request: HttpRequest, code: str) -> HttpResponse:
    found, form = get_object_or_404(Area, code=code), OfficerForm(request.POST, prefix="officer")
    if not form.is_valid():
        return _page(request, found, officer_form=form)
    officer = form.cleaned_data["email"]
    officer_assign(area_id=found.pk, user_id=officer.pk, acting=_acting(request, form.cleaned_data["reason"]))
    messages.success(request, f"{officer}さんを担当者にしました。")
    return redirect("offices:area", code)


@ACTS
@require_POST
def officer_change(request: HttpRequest, code: str, user_id: int) -> HttpResponse:
    """Make an officer the administrator, or not any more; or end the look at the area."""
    found = get_object_or_404(Area, code=code)
    officer = get_object_or_404(found.officers, pk=user_id)
    form = _change_form(officer, request.POST)
    if not form.is_valid():
        return _page(request, found, change_form=form)
    do, acting = request.POST.get("do", ""), _acting(request, form.cleaned_data["reason"])
    if do == "remove":
        officer_remove(area_id=found.pk, user_id=officer.pk, acting=acting)
    elif do in ("appoint", "dismiss"):
        administrator_set(area_id=found.pk, user_id=officer.pk, administers=do == "appoint", acting=acting)
    else:
        raise PermissionDenied
    messages.success(request, f"{officer}さんの担当を変えました。")
    return redirect("offices:area", code)


def _change_form(officer: User, sent: Any = None) -> ReasonForm:
    form = ReasonForm(sent, prefix=f"change-{officer.pk}")
    form.fields["reason"].label = f"{officer}さんの担当を変える理由"
    return form


def _page(request: HttpRequest, area: Area, **forms_: forms.Form) -> HttpResponse:
    places = "\n".join(f"{place.prefecture}{place}" for place in area.municipalities.select_related("prefecture"))
    sent = forms_.get("change_form")
    officers = list(area.officers.order_by("name", "pk"))
    empty = [(officer, _change_form(officer)) for officer in officers]
    context: dict[str, Any] = {
        "area": area,
        "officers": officers,
        "changes": [(officer, sent if sent and sent.prefix == form.prefix else form) for officer, form in empty],
        "administrators": set(area.administrators.values_list("pk", flat=True)),
        "events": area.events.select_related("by")[:50],
        "may_act": _may_act(request),
        "area_form": AreaForm(prefix="area", initial={"name": area.name, "municipalities": places}),
        "officer_form": OfficerForm(prefix="officer"),
        "change_form": None,
    }
    return render(request, "offices/area.html", context | forms_, status=422 if forms_ else 200)


@OFFICERS
@require_safe
def colleagues(request: HttpRequest) -> HttpResponse:
    """Colleagues whom an administrator may help back in. Officers who administer nothing read who does."""
    return _colleagues(request)


def _colleagues(request: HttpRequest, at: int = 0, form: ColleagueForm | None = None) -> HttpResponse:
    """With the ``form`` that came back at the colleague whose it is."""
    user = signed_in_user(request)
    people = list(queries.colleagues_of(user))
    lacking = without_second_factor(people)
    own = queries.areas_of(user).prefetch_related("administrators")
    context = {
        "people": [
            (person, form if person.pk == at else ColleagueForm(colleague=person.pk), person.pk not in lacking)
            for person in people
        ],
        "areas": own, "form": form, "administers": user.administered_areas.exists(),
    }  # fmt: skip
    return render(request, "offices/colleagues.html", context, status=422 if form else 200)


@OFFICERS
@require_POST
def colleague_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a colleague of one's own area start the second factor again; others are not found."""
    colleague = get_object_or_404(queries.colleagues_of(signed_in_user(request)), pk=user_id)
    form = ColleagueForm(request.POST, colleague=colleague.pk)
    if not form.is_valid():
        return _colleagues(request, colleague.pk, form)
    colleague_second_factor_reset(user_id=colleague.pk, acting=_acting(request, form.cleaned_data["reason"]))
    messages.success(
        request, f"{colleague}さんの二段階の確認を、やり直せるようにしました。本人にメールで知らせました。"
    )
    return redirect("offices:colleagues")


def _may_act(request: HttpRequest) -> bool:
    return signed_in_user(request).role == Role.OPERATOR


def _acting(request: HttpRequest, reason: str) -> Acting:
    user = signed_in_user(request)
    return Acting(user.pk, user.role, reason)
