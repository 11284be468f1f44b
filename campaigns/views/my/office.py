"""The page of one office: how it stands, what comes next, what can be done."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.queries import looks_by_day
from campaigns import rules
from campaigns.models import FreePassApplication
from campaigns.queries import Mine, application_state, filed_for, history, receipt_path
from campaigns.rules import coming, listing, paying
from campaigns.rules.stopping import stop_ahead
from campaigns.views.my.owning import MEMBERS, flags_of, own, own_office, today_of
from licenses.queries import newest_documents, papers_offered
from notices.queries import newest_notices
from offices.queries import members_now, services_listed

LOOKS_A_PAGE = 50
TONES = {"active_free": "free", "active_paid": "paid", "lapsed": "alert"}


@MEMBERS
@require_safe
def office(request: HttpRequest, number: str) -> HttpResponse:
    """One office: how it stands, what comes next, what can be done."""
    page = own(request, number)
    closed_on = page.office.closed_on
    context: dict[str, Any] = {
        "page": page,
        "office": page.office,
        "closed": listing.closed_line(closed_on, today_of(request)) if closed_on else "",
        "tone": TONES.get(page.answer.standing.status, "none"),
    }
    context |= _told(page) | _around(request, page)
    context["waiting"] = [one["application"] for one in context["applications"] if one["state"] == rules.PROVISIONAL]
    return render(request, "campaigns/my/office.html", context)


@MEMBERS
@require_safe
def looks(request: HttpRequest, number: str) -> HttpResponse:
    """On which days people of which role opened the office at the windows, and why; no names."""
    found = own_office(request, number)
    page = Paginator(looks_by_day(found.business_number), LOOKS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "campaigns/my/looks.html", {"office": found, "page": page})


def _told(page: Mine) -> dict[str, Any]:
    """What the rules say, in words; nothing is promised while the record is set aside."""
    stands = page.answer.standing
    if stands.plan is None or page.matter is None:
        return {"says": (), "events": (), "ahead": None, "told": None, "flags": [], "pay": ""}
    # A closed office gets no new term (R15): neither the Free Pass nor a stop is offered to it.
    is_open = page.office.closed_on is None
    return {
        "says": coming.standing_says(page.matter, stands.plan),
        "events": coming.coming(page.matter, stands.plan, stands.outlook),
        "ahead": stop_ahead(page.matter, stands.plan) if is_open else None,
        "told": rules.tell(page.matter) if is_open else None,
        "flags": flags_of(page),
        "pay": paying.door(page.matter, stands.plan, page.office.closed_on),
    }


def _around(request: HttpRequest, page: Mine) -> dict[str, Any]:
    office_id = page.office.pk
    members = members_now.all(office_id, today_of(request))
    stands = page.answer.standing
    return {
        "members": members,
        "receivers": [member.user.email for member in members if member.receives_notices],
        "history": history(office_id, [member.user_id for member in members]),
        "applications": [_application(application) for application in filed_for.all(office_id)],
        "offered": papers_offered(stands.plan, today_of(request)),
        "documents": newest_documents.all(office_id),
        "notices": newest_notices.all(office_id),
        "looks": looks_by_day(page.office.business_number)[:3],
        "services": list(dict.fromkeys(_service_name(row) for row in services_listed.all(office_id))),
    }


def _application(application: FreePassApplication) -> dict[str, Any]:
    state = application_state(application)
    return {"application": application, "state": state, "receipt": receipt_path(application)}


def _service_name(row: Any) -> str:
    return row.service_type.name if row.service_type else row.service_name
