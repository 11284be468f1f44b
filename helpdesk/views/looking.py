"""What every page of the helpdesk does before it shows an office: find it, and record the look."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as plain_render
from django.utils import timezone

from accounts.enums import LookReason, Role, SubjectKind
from accounts.permissions import signed_in_user
from accounts.services import access_record
from campaigns.models import Campaign
from careplan_portal.lib.acting import HELPDESK, OPERATOR, Acting
from careplan_portal.lib.clock import TOKYO
from helpdesk.queries.contacts import open_calls
from helpdesk.queries.screen import Screen, office_screen
from offices.models import Office
from offices.queries import office_by_number

STAFF = (Role.HELPDESK, Role.OPERATOR)


def business_day(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


def moment(request: HttpRequest) -> datetime:
    """Now, on the business day that the request began with."""
    return datetime.combine(business_day(request), timezone.now().astimezone(TOKYO).timetz())


def acting(request: HttpRequest, reason: str = "") -> Acting:
    """Who acts, as the helpdesk or as an operator."""
    user = signed_in_user(request)
    return Acting(user.pk, OPERATOR if user.role == Role.OPERATOR else HELPDESK, reason)


def render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the helpdesk: above it stands every call that this person has under way."""
    calls = open_calls(signed_in_user(request).pk, moment(request))
    return plain_render(request, template, {"open_calls": calls} | context, status=status)


def look_reason(request: HttpRequest) -> LookReason:
    """Why the page is opened: `why` in the address, a call unless it says otherwise."""
    why = request.GET.get("why", "")
    return LookReason(why) if why in LookReason.values else LookReason.CALL


def seen_office(request: HttpRequest, number: str, reason: str = "") -> Office:
    """The office of a business number; that it was looked at is on record. 404 for none."""
    office = office_by_number(number)
    if office is None:
        raise Http404("この番号の事業所はありません。")
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.OFFICE, subject_key=office.business_number,
        reason=reason or look_reason(request), at=moment(request),
    )  # fmt: skip
    return office


def seen_list(request: HttpRequest, what: str, count: int) -> None:
    """A list that names offices was shown: which list, and how many lines it had."""
    access_record(
        user=signed_in_user(request),
        subject_kind=SubjectKind.SEARCH,
        subject_key=what[:100],
        reason=f"一覧（{count}件）",
        at=moment(request),
    )


def screen_of(request: HttpRequest, office: Office) -> Screen:
    """Everything of the office, for the person who looks. 404 while no campaign is on file."""
    try:
        return office_screen(office, signed_in_user(request).pk, business_day(request), moment(request))
    except Campaign.DoesNotExist as error:
        raise Http404("キャンペーンがまだ登録されていません。") from error
