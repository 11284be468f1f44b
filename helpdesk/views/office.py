"""One office: the screen, a note, the caller, what would be if."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason
from accounts.permissions import audience
from helpdesk.enums import Act
from helpdesk.forms import CallerForm, NoteForm, WhatIfForm
from helpdesk.queries.imagining import what_if
from helpdesk.queries.screen import Screen
from helpdesk.rules.days import next_days
from helpdesk.services import contacts
from helpdesk.views.looking import STAFF, acting, business_day, look_reason, moment, render, screen_of, seen_office
from offices.models import Office


@audience(*STAFF)
@require_safe
def office(request: HttpRequest, number: str) -> HttpResponse:
    found = seen_office(request, number)
    return render(request, "helpdesk/office.html", _context(request, found))


def _context(request: HttpRequest, found: Office, **forms: Any) -> dict[str, Any]:
    screen = forms.pop("screen", None) or screen_of(request, found)
    today = business_day(request)
    return {
        "screen": screen,
        "office": found,
        "today": today,
        "next_days": next_days(today),
        "seen_at": moment(request),
        "reason": look_reason(request).label,
        "note_form": NoteForm(today=today, office=found.business_number),
        "caller_form": CallerForm(prefix="caller", own_facts=screen.own_facts),
        **_imagined(request, screen),
    } | forms


def _imagined(request: HttpRequest, screen: Screen) -> dict[str, Any]:
    form = WhatIfForm(request.GET if "on" in request.GET else None, initial={"on": screen.scene.today})
    asked = form.is_bound and form.is_valid()
    answer = what_if(screen, form.cleaned_data["act"], form.cleaned_data["on"]) if asked else None
    return {"whatif_form": form, "imagined": answer, "imagined_on": form.cleaned_data["on"] if asked else None}


@audience(*STAFF)
@require_safe
def imagine(request: HttpRequest, number: str) -> HttpResponse:
    """Only the answer of the what-if, for the page that is open."""
    found = seen_office(request, number)
    screen = screen_of(request, found)
    context = {"screen": screen, "office": found, **_imagined(request, screen)}
    return render(request, "helpdesk/imagined.html", context)


@audience(*STAFF)
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    found = seen_office(request, number, LookReason.CALL)
    form = NoteForm(request.POST, today=business_day(request), office=found.business_number)
    if not form.is_valid():
        return render(request, "helpdesk/office.html", _context(request, found, note_form=form), status=422)
    wanted = form.cleaned_data
    contacts.note_record(
        office_id=found.pk, text=wanted["text"], topics=wanted["topics"], follow_up_on=wanted["follow_up_on"],
        today=business_day(request), acting=acting(request),
    )  # fmt: skip
    messages.success(request, "記録しました。")
    return redirect("helpdesk:office", number)


@audience(*STAFF)
@require_POST
def call(request: HttpRequest, number: str) -> HttpResponse:
    """The caller is proved; from here on one may act for them."""
    found = seen_office(request, number, LookReason.CALL)
    screen, then = screen_of(request, found), request.POST.get("then", "")
    form = CallerForm(request.POST, prefix="caller", own_facts=screen.own_facts)
    if not form.is_valid():
        context = _context(request, found, screen=screen, caller_form=form, what=then)
        return render(request, "helpdesk/office.html", context, status=422)
    wanted = {key: form.cleaned_data[key] for key in ("name", "relation", "phone", "proof", "facts", "consent")}
    contacts.call_begin(office_id=found.pk, today=business_day(request), acting=acting(request), **wanted)
    messages.success(request, f"{wanted['name']}さんの確かめを記録しました。")
    return redirect("helpdesk:act", number, then) if then in Act.values else redirect("helpdesk:office", number)


@audience(*STAFF)
@require_POST
def call_end(request: HttpRequest, number: str) -> HttpResponse:
    found = seen_office(request, number, LookReason.CALL)
    contacts.call_end(office_id=found.pk, today=business_day(request), acting=acting(request))
    return redirect("helpdesk:office", number)
