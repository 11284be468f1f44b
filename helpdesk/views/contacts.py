"""The log over all offices, and what was promised: to come back to, by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason
from accounts.permissions import audience, signed_in_user
from helpdesk.forms import ContactsForm
from helpdesk.models import ContactLog
from helpdesk.queries import contacts as queries
from helpdesk.services import contacts
from helpdesk.views.looking import STAFF, acting, business_day, render, seen_list, seen_office

A_PAGE = 50
DAYS = 7
PROMISES_SHOWN = 200


@audience(*STAFF)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What was said with whom, the latest first: by topic, person and days."""
    week = _days({}, business_day(request))
    form = ContactsForm(request.GET or None, initial={"first": week[0], "last": week[1]})
    wanted = form.cleaned_data if form.is_valid() else {}
    first, last = _days(wanted, business_day(request))
    mine = signed_in_user(request).pk if wanted.get("mine") else None
    found = queries.contacts_between(first, last, topic=wanted.get("topic", ""), by=mine)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    seen_list(request, "対応記録の一覧", len(page.object_list))
    context = {"form": form, "page": page, "first": first, "last": last}
    return render(request, "helpdesk/contacts.html", context, status=422 if form.errors else 200)


def _days(wanted: dict[str, Any], today: date) -> tuple[date, date]:
    last = wanted.get("last") or today
    first = wanted.get("first") or last - timedelta(days=DAYS - 1)
    return min(first, last), last


@audience(*STAFF)
@require_safe
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Every promise that is open, the oldest first, the coming ones too; ``mine``: only one's own."""
    mine = signed_in_user(request).pk if request.GET.get("mine") else None
    lines = list(queries.follow_ups(None, by=mine)[:PROMISES_SHOWN])
    seen_list(request, "連絡する約束", len(lines))
    context = {"lines": lines, "mine": mine, "today": business_day(request)}
    return render(request, "helpdesk/follow_ups.html", context)


@audience(*STAFF)
@require_POST
def followed_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody came back to it: off the list."""
    line = get_object_or_404(ContactLog.objects.select_related("office"), pk=pk)
    seen_office(request, line.office.business_number, LookReason.CHECK)
    contacts.followed_up(contact_id=pk, today=business_day(request), acting=acting(request))
    messages.success(request, f"{line.office.name}：連絡したと記録しました。")
    back = request.POST.get("next")
    if back == "office":
        return redirect("helpdesk:office", line.office.business_number)
    return redirect("helpdesk:follow-ups" if back == "list" else "helpdesk:home")
