"""What the operator's pages share: the day, who acts, and the record of lists that were looked at."""

from datetime import date

from django.http import HttpRequest

from accounts.enums import LookReason, Role, SubjectKind
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from careplan_portal.lib.acting import OPERATOR, Acting

# Operators act; auditors see the same pages without the buttons.
SEES = audience(Role.OPERATOR, Role.AUDITOR)
ACTS = audience(Role.OPERATOR)


def business_day(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


def acting(request: HttpRequest, reason: str) -> Acting:
    return Acting(signed_in_user(request).pk, OPERATOR, reason)


def may_act(request: HttpRequest) -> bool:
    """Whether the page shows buttons: to operators."""
    return signed_in_user(request).role == Role.OPERATOR


def seen_list(request: HttpRequest, what: str, *, export: bool = False) -> None:
    """A list that names offices was shown or taken along; that stays on record."""
    user = signed_in_user(request)
    kind = SubjectKind.EXPORT if export else SubjectKind.SEARCH
    reason = LookReason.AUDIT if user.role == Role.AUDITOR else LookReason.CHECK
    access_record(user=user, subject_kind=kind, subject_key=what[:100], reason=reason)
