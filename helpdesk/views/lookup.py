"""The box and where the helpdesk begins."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as list_only
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import audience, signed_in_user
from campaigns.queries import provisional_applications
from helpdesk.queries.contacts import follow_ups
from helpdesk.queries.hits import Found
from helpdesk.queries.inquiries import queue
from helpdesk.queries.lookup import LIMIT, find
from helpdesk.rules.lookup import about_number
from helpdesk.views.looking import STAFF, business_day, moment, render, seen_list
from notices.queries import bounces_open

TYPED_LIMIT = 8
PROMISES_SHOWN = 10
PROVISIONAL_SHOWN = 5


@audience(*STAFF)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits: calls to make, filings to prove, inquiries; and the box."""
    today = business_day(request)
    context: dict[str, Any] = {
        "follow_ups": list(follow_ups(today)[:PROMISES_SHOWN]),
        "promises": follow_ups(today).count(),
        "provisional": list(provisional_applications()[:PROVISIONAL_SHOWN]),
        "inquiries": list(queue()[:8]),
        "mine": queue(mine=signed_in_user(request).pk).count(),
        "today": today,
        "now": moment(request),
        "bounces": list(bounces_open()[:8]),
    }
    seen_list(request, "ヘルプデスクの入口", len(context["follow_ups"]) + len(context["provisional"]))
    return render(request, "helpdesk/home.html", context)


@audience(*STAFF)
@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Results of the box: a page, or while typing only the list. A whole number jumps to its office."""
    text = request.GET.get("q", "")
    typing = bool(request.headers.get("HX-Request"))
    found = find(text, business_day(request), TYPED_LIMIT if typing else LIMIT, statuses=not typing)
    if not typing and (address := _jump(found)):
        return redirect(address)
    if found.hits or found.near:
        seen_list(request, text, len(found.hits) + len(found.near))
    context = {"found": found, "q": text, "about_number": "" if found.hits else about_number(found.question)}
    return (
        list_only(request, "helpdesk/hits.html", context) if typing else render(request, "helpdesk/find.html", context)
    )


def _jump(found: Found) -> str:
    if found.inquiry is not None:
        return reverse("helpdesk:inquiry-page", args=[found.inquiry.number])
    return reverse("helpdesk:office", args=[found.jump.business_number]) if found.jump else ""
