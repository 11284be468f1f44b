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
from careplan_portal.lib.csvfile import csv_lines
from careplan_portal.lib.japan import business_number
from careplan_portal.lib.templatetags.portal_words import iso_moment

READERS = audience(Role.AUDITOR, Role.OPERATOR)
HEADS = ("日時", "見た人", "メールアドレス", "役割", "見たもの", "番号", "理由", "処理番号")
MOST_WRITTEN = 100_000


@READERS
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """Reading the records is recorded, too."""
    form = RecordFilterForm(request.GET)
    page = Paginator(_found(form), 100).get_page(request.GET.get("page"))
    services.access_record(
        user=signed_in_user(request),
        subject_kind=SubjectKind.RECORDS,
        subject_key=form.cleaned_data.get("key") or "閲覧の記録",
        reason=LookReason.AUDIT,
    )
    context = {"form": form, "page": page, "query": request.GET.urlencode()}
    return render(request, "accounts/records.html", context)


@READERS
@require_safe
def records_file(request: HttpRequest) -> HttpResponse:
    """The same as a file; what was asked for stands in the record of it."""
    form = RecordFilterForm(request.GET)
    found = _found(form)[:MOST_WRITTEN]
    services.access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.EXPORT, subject_key="looks", reason=_asked_for(form)
    )
    response = HttpResponse(csv_lines(HEADS, map(_row, found.iterator(2000))))
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="looks_{request.today}.csv"'  # type: ignore[attr-defined]
    return response


def _row(record: AccessRecord) -> tuple[str, ...]:
    person, kind, role = record.user, record.get_subject_kind_display(), record.get_role_display()
    return (
        iso_moment(record.at), person.name, person.email, role, kind, record.subject_key, record.reason,
        record.request_id,
    )  # fmt: skip


def _asked_for(form: RecordFilterForm) -> str:
    parts = [f"{field.label}：{value}" for name, field in form.fields.items() if (value := form.cleaned_data.get(name))]
    return f"書き出し（{'、'.join(parts) or 'すべて'}）"


def _found(form: RecordFilterForm) -> QuerySet[AccessRecord]:
    if not form.is_valid():
        return queries.looks().none()
    wanted = form.cleaned_data
    return queries.looks(
        subject_kind=wanted["kind"], subject_key=_key(wanted["key"]), who=wanted["who"].strip(), role=wanted["role"],
        reason=wanted["reason"].strip(), first=wanted["first"], last=wanted["last"],
    )  # fmt: skip


def _key(typed: str) -> str:
    """A business number in any spelling as it is kept; anything else as it stands."""
    plain = business_number.normalize(typed)
    return plain if business_number.is_well_formed(plain) else typed.strip()
