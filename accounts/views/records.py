"""Who looked at what: for auditors and operators."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import queries, services
from accounts.enums import LookReason, Role, SubjectKind
from accounts.forms import RecordFilterForm
from accounts.models import AccessRecord
from accounts.permissions import audience, signed_in_user
from careplan_portal.lib.japan import business_number


@audience(Role.AUDITOR, Role.OPERATOR)
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """Reading the records is recorded, too."""
    form = RecordFilterForm(request.GET)
    page = Paginator(_found(form), 100).get_page(request.GET.get("page"))
    services.access_record(
        user=signed_in_user(request),
        subject_kind=SubjectKind.RECORDS,
        subject_key=request.GET.get("key") or "閲覧の記録",
        reason=LookReason.AUDIT,
    )
    return render(request, "accounts/records.html", {"form": form, "page": page})


def _found(form: RecordFilterForm) -> QuerySet[AccessRecord]:
    if not form.is_valid():
        return queries.looks().none()
    wanted = form.cleaned_data
    return queries.looks(
        subject_kind=wanted["kind"], subject_key=_key(wanted["key"]), who=wanted["who"].strip(), first=wanted["first"],
        last=wanted["last"],
    )  # fmt: skip


def _key(typed: str) -> str:
    """A business number in any spelling as it is kept; anything else as it stands."""
    plain = business_number.normalize(typed)
    return plain if business_number.is_well_formed(plain) else typed.strip()
