"""What the staff pages of the outbox share: who may, who acts, and the record of every look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest

from accounts.enums import LookReason, Role, SubjectKind
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from careplan_portal.lib.acting import HELPDESK, OPERATOR, Acting
from notices.models import Notice

DESK = audience(Role.HELPDESK, Role.OPERATOR)
SEES = audience(Role.HELPDESK, Role.OPERATOR, Role.AUDITOR)
SHOWN = 100


def today_of(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


def acting(request: HttpRequest, reason: str) -> Acting:
    user = signed_in_user(request)
    return Acting(user.pk, OPERATOR if user.role == Role.OPERATOR else HELPDESK, reason)


def is_desk(request: HttpRequest) -> bool:
    """Whether the page shows buttons: an auditor changes nothing."""
    return signed_in_user(request).role in (Role.HELPDESK, Role.OPERATOR)


def seen_list(request: HttpRequest, what: str) -> None:
    """A list that names offices and people was shown."""
    user = signed_in_user(request)
    access_record(user=user, subject_kind=SubjectKind.SEARCH, subject_key=what, reason=LookReason.LETTER)


def seen_offices(request: HttpRequest, notices: Iterable[Notice]) -> None:
    """What stands in a notice is about its office; one without an office is on record under its own number."""
    user = signed_in_user(request)
    for notice in notices:
        kind = SubjectKind.OFFICE if notice.office else SubjectKind.RECORDS
        key = notice.office.business_number if notice.office else f"お知らせ {notice.pk}"
        access_record(user=user, subject_kind=kind, subject_key=key, reason=LookReason.LETTER)
