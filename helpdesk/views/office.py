"""One office: the screen, a note, the caller, what would be if."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.enums import LookReason
from accounts.permissions import audience, signed_in_user
from helpdesk.enums import Act
from helpdesk.forms import CallerForm, NoteForm, WhatIfForm
from helpdesk.queries.around import around as around_of
from helpdesk.queries.around import own_facts
from helpdesk.queries.imagining import first_imagined, what_if
from helpdesk.queries.questions import questions
from helpdesk.queries.screen import Screen
from helpdesk.rules.likely import likely
from helpdesk.services import contacts
from helpdesk.views.acts import check_page
from helpdesk.views.asked import questions_keys, questions_markup
from helpdesk.views.fields import empty_note, empty_whatif, note_fields, whatif_fields
from helpdesk.views.looking import (
    STAFF,
    acting,
    business_day,
    look_reason,
    moment,
    opening,
    render,
    screen_of,
    seen_office,
    seen_part,
)
from helpdesk.views.managing import manager_page
from helpdesk.views.terms import terms_markup

PAGE = "helpdesk/office.html"


@audience(*STAFF)
@require_safe
def office(request: HttpRequest, number: str) -> HttpResponse:
    """What one needs at once; the rest is loaded by the page (`around`). With a what-if in the address everything."""
    found = seen_office(request, number)
    screen = screen_of(request, found)
    if "on" in request.GET:
        return _whole(request, screen)
    return render(request, PAGE, _context(request, screen))


def _context(request: HttpRequest, screen: Screen) -> dict[str, Any]:
    today = business_day(request)
    asked = questions(likely(screen.scene), screen.office, screen.scene, stamp=screen.beside.faq_stamp)
    return {
        "screen": screen,
        "office": screen.office,
        "today": today,
        "questions": asked,
        "questions_list": questions_markup(asked, proved=screen.call is not None),
        "questions_keys": questions_keys(asked),
        "terms": terms_markup(screen),
        "seen_at": f"{moment(request):%H:%M}",
        "reason": look_reason(request).label,
        "opened": opening(request, screen.office),
        "note_fields": empty_note(today),
        "whatif_fields": empty_whatif(today, first_imagined(screen)),
    }


def _whole(request: HttpRequest, screen: Screen, status: int = 200, **forms: Any) -> HttpResponse:
    """The page with everything on it: where a form came back, or where a link asks for a what-if."""
    imagined, today = _imagined(request, screen), business_day(request)
    context = _context(request, screen) | _around(request, screen) | {"note_form": None} | imagined | forms
    context["whatif_fields"] = whatif_fields(imagined["whatif_form"])
    if "note_form" in forms:
        context["note_fields"] = note_fields(forms["note_form"], today)
    return render(request, PAGE, context, status=status)


def _around(request: HttpRequest, screen: Screen) -> dict[str, Any]:
    beside = around_of(screen, signed_in_user(request).pk)
    return {"around": beside, "caller_form": CallerForm(prefix="caller", own_facts=own_facts(screen, beside))}


@audience(*STAFF)
@require_safe
@vary_on_headers("HX-Request")
def around(request: HttpRequest, number: str) -> HttpResponse:
    """The log, people, inquiries, notices, and what proves a caller: for the page that is open, or as a page."""
    found = seen_part(request, number)
    screen = screen_of(request, found)
    template = "helpdesk/around_part.html" if request.htmx else "helpdesk/around.html"  # type: ignore[attr-defined]
    return render(request, template, {"screen": screen, "office": found, **_around(request, screen)})


def _imagined(request: HttpRequest, screen: Screen) -> dict[str, Any]:
    form = WhatIfForm(
        request.GET if "on" in request.GET else None, initial={"on": screen.scene.today, "act": first_imagined(screen)}
    )
    asked = form.is_bound and form.is_valid()
    answer = what_if(screen, form.cleaned_data["act"], form.cleaned_data["on"]) if asked else None
    return {"whatif_form": form, "imagined": answer}


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
    form = NoteForm(request.POST, today=business_day(request))
    if not form.is_valid():
        return _whole(request, screen_of(request, found), 422, note_form=form)
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
    known = own_facts(screen, around_of(screen, signed_in_user(request).pk))
    form, leads_on = CallerForm(request.POST, prefix="caller", own_facts=known), then in Act.values
    if leads_on:
        form.for_act()
    if not form.is_valid():
        if leads_on:
            if then == Act.MANAGER:
                return manager_page(request, found, screen, caller_form=form, status=422)
            return check_page(request, found, screen, then, caller_form=form, status=422)
        return _whole(request, screen, 422, caller_form=form)
    wanted = {key: form.cleaned_data[key] for key in ("name", "relation", "phone", "proof", "facts", "consent")}
    contacts.call_begin(office_id=found.pk, today=business_day(request), acting=acting(request), **wanted)
    messages.success(request, f"{wanted['name']}さんの確かめを記録しました。")
    return redirect("helpdesk:act", number, then) if leads_on else redirect("helpdesk:office", number)


@audience(*STAFF)
@require_POST
def call_end(request: HttpRequest, number: str) -> HttpResponse:
    found = seen_office(request, number, LookReason.CALL)
    contacts.call_end(office_id=found.pk, today=business_day(request), acting=acting(request))
    return redirect("helpdesk:office", number)
