"""What every page of the helpdesk does before it shows an office: find it, and record the look."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as plain_render

from accounts.enums import LookReason, Role, SubjectKind
from accounts.permissions import signed_in_user
from accounts.services import access_record
from campaigns.models import Campaign
from careplan_portal.lib import clock
from careplan_portal.lib.acting import HELPDESK, OPERATOR, Acting
from helpdesk.models import ContactLog
from helpdesk.queries.beside import office_seen
from helpdesk.queries.contacts import open_calls
from helpdesk.queries.screen import Screen, office_screen
from offices.models import Office

STAFF = (Role.HELPDESK, Role.OPERATOR)
OPENING_HOLDS = timedelta(minutes=10)
"""How long what a page loads afterwards counts as the same look."""
_OPENINGS = TimestampSigner(salt="helpdesk.opening")


def business_day(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


def moment(request: HttpRequest) -> datetime:
    """Now, on the business day that the request began with."""
    return clock.at(business_day(request))


def acting(request: HttpRequest, reason: str = "") -> Acting:
    """Who acts, as the helpdesk or as an operator."""
    user = signed_in_user(request)
    return Acting(user.pk, OPERATOR if user.role == Role.OPERATOR else HELPDESK, reason)


def render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the helpdesk: above it stands every call that this person has under way."""
    return plain_render(request, template, {"open_calls": calls_of(request)} | context, status=status)


def calls_of(request: HttpRequest) -> list[ContactLog]:
    """The calls that this person has under way as the request began, read once a request."""
    if not hasattr(request, "open_calls"):
        request.open_calls = open_calls(signed_in_user(request).pk, moment(request))  # type: ignore[attr-defined]
    return request.open_calls  # type: ignore[attr-defined]


def look_reason(request: HttpRequest) -> LookReason:
    """Why the page is opened: `why` in the address, a call unless it says otherwise."""
    why = request.GET.get("why", "")
    return LookReason(why) if why in LookReason.values else LookReason.CALL


def seen_office(request: HttpRequest, number: str, reason: str = "") -> Office:
    """The office of a business number; that it was looked at is on record. 404 for none."""
    office = _office(request, number)
    _record(request, office, reason)
    return office


def opening(request: HttpRequest, office: Office) -> str:
    """What a page that was recorded as a look hands to what it loads afterwards."""
    return _OPENINGS.sign(_opened(request, office))


def seen_part(request: HttpRequest, number: str) -> Office:
    """The office of a part of a page: the page that loads it is on record as the look (`opened` in the address proves
    it, for this person and office). Opened in any other way it is a look of its own."""
    office = _office(request, number)
    try:
        opened = _OPENINGS.unsign(request.GET.get("opened", ""), max_age=OPENING_HOLDS)
    except BadSignature:
        opened = ""
    if opened != _opened(request, office):
        _record(request, office)
    return office


def _opened(request: HttpRequest, office: Office) -> str:
    return f"{signed_in_user(request).pk}-{office.business_number}"


def _record(request: HttpRequest, office: Office, reason: str = "") -> None:
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.OFFICE, subject_key=office.business_number,
        reason=reason or look_reason(request), at=moment(request),
    )  # fmt: skip


def _office(request: HttpRequest, number: str) -> Office:
    seen = office_seen(number, business_day(request), signed_in_user(request).pk, moment(request))
    if seen is None:
        raise Http404("この番号の事業所はありません。")
    if not seen.on_call:
        request.open_calls = []  # type: ignore[attr-defined]
    return seen.office


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
    call = next((one for one in calls_of(request) if one.office_id == office.pk), None)
    try:
        return office_screen(office, call, business_day(request))
    except Campaign.DoesNotExist as error:
        raise Http404("キャンペーンがまだ登録されていません。") from error
