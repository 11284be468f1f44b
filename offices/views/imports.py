"""Importing the register on the screen: files, what they would change, import, result."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.enums import Role, SubjectKind
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from offices.enums import IMPORT_UNDER_WAY, ImportState, ListedField, Scope, ServiceChange
from offices.forms import ConfirmForm, UploadForm
from offices.models import ImportJob
from offices.queries import import_runs, vanished_offices
from offices.rules.oddities import WARNINGS
from offices.services import uploads
from offices.services.preview import NOTES
from offices.services.refusal import OfficeRefused

SEES = audience(Role.OPERATOR, Role.AUDITOR)
ACTS = audience(Role.OPERATOR)
PAGE = 30
SHOWN_JOBS = 5


def business_day(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


def may_act(request: HttpRequest) -> bool:
    return signed_in_user(request).role == Role.OPERATOR


@SEES
@require_safe
@never_cache
def imports(request: HttpRequest) -> HttpResponse:
    """What was imported, what is under way, and where files are given."""
    return _list(request, UploadForm(today=business_day(request)))


def _list(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    jobs = ImportJob.objects.filter(state__in=[*IMPORT_UNDER_WAY, ImportState.CHECKED]).select_related("by")
    failed = ImportJob.objects.filter(state=ImportState.FAILED).select_related("by").order_by("-pk")
    context = {
        "form": form, "jobs": list(jobs[:SHOWN_JOBS]), "failed": failed.first(), "may_act": may_act(request),
        "page": Paginator(import_runs(), PAGE).get_page(request.GET.get("page")), "gone": vanished_offices().count(),
    }  # fmt: skip
    return render(request, "offices/imports.html", context, status=status)


@ACTS
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the files, and have them read by the queue."""
    form = UploadForm(request.POST, request.FILES, today=business_day(request))
    if not form.is_valid():
        return _list(request, form, 422)
    given = form.cleaned_data
    try:
        job = uploads.import_upload(files=given["register"], as_of=given["as_of"], by=signed_in_user(request))
    except OfficeRefused as refused:
        form.add_error("register", refused.text)
        return _list(request, form, 503)
    return redirect("offices:import", job.pk)


@SEES
@require_safe
@never_cache
@vary_on_headers("HX-Request")
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: while it is read or imported the page looks again, by itself or by reload."""
    return _job(request, _found(pk), ConfirmForm())


def _found(pk: int) -> ImportJob:
    return get_object_or_404(ImportJob.objects.select_related("by", "run"), pk=pk)


def _job(request: HttpRequest, found: ImportJob, form: ConfirmForm, status: int = 200) -> HttpResponse:
    template = "offices/import_state.html" if getattr(request, "htmx", False) else "offices/import.html"
    context = {
        "job": found, "counts": found.found, "under_way": found.state in IMPORT_UNDER_WAY, "form": form,
        "progress": uploads.progress_of(found), "warnings": _warnings(found.found), "may_act": may_act(request),
        "stuck": uploads.imports_late().filter(pk=found.pk).exists(),
        "size": sum(int(one["size"]) for one in found.files), "rejects": _rejects(found) is not None,
        "seen": _seen(found), "gone_csv": found.gone_csv.is_file(), "forgets_on": found.created_at + timedelta(days=uploads.KEPT.days),
    }  # fmt: skip
    return render(request, template, context, status=status)


def _seen(found: ImportJob) -> dict[str, Any] | None:
    """What the trial saw, in words; None once it is decided, or when it was read before trials looked."""
    seen = (found.preview or {}).get("seen")
    if not seen or found.state != ImportState.CHECKED:
        return None
    before, after = seen["in_scope"]
    return seen | {
        "on": date.fromisoformat(seen["on"]), "before": before, "after": after, "more": after - before,
        "gone": [one | {"note": NOTES.get(one["note"], "")} for one in seen["gone"]],
        "created": [one | {"scope": _value(ListedField.SCOPE, one["scope"])} for one in seen["created"]],
        "changed": [(one, _facts(one), _services(one)) for one in seen["changed"]],
        "changed_fields": [(ListedField(name).label, count) for name, count in seen["changed_fields"]],
    }  # fmt: skip


def _facts(changed: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Label, before, after; in the order in which facts stand on an office's page."""
    return [
        (str(one.label), _value(one, before), _value(one, after))
        for one in ListedField
        for before, after in [changed["fields"].get(one, (None, None))]
        if before is not None
    ]


def _value(field: str, value: str) -> str:
    if field == ListedField.SCOPE and value:
        return str(Scope(value).label)
    return value or "（空）"


def _services(changed: dict[str, Any]) -> str:
    services = changed["services"]
    return "、".join(f"{services[one]}件が{one.label}" for one in ServiceChange if one in services)


def _warnings(counts: Any) -> list[tuple[str, int]]:
    """What was noticed in words, the most frequent first."""
    found: Iterable[tuple[str, int]] = (counts or {}).get("warnings", {}).items()
    return sorted(((WARNINGS.get(code, code), count) for code, count in found), key=lambda one: -one[1])


def _rejects(found: ImportJob) -> Path | None:
    """The list of rejected rows, if there is one and it is where such lists are kept."""
    name = (found.found or {}).get("rejects_file")
    path = Path(str(name)) if name else None
    if path is None or path.parent != Path(settings.PORTAL_HOME) / "rejects" or not path.is_file():
        return None
    return path


@SEES
@require_safe
@never_cache
def rejects(request: HttpRequest, pk: int) -> FileResponse:
    """The rejected rows with row, column and reason, to mend in a spreadsheet."""
    found = _found(pk)
    path = _rejects(found)
    if path is None:
        raise Http404("取り込めなかった行の一覧は、もうありません。")
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.EXPORT, subject_key=f"取り込めなかった行 {found.as_of}",
        reason="名簿の取り込み",
    )  # fmt: skip
    name = f"rejects-{found.as_of.isoformat()}.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


@SEES
@require_safe
@never_cache
def gone(request: HttpRequest, pk: int) -> FileResponse:
    """Every office that the files lack, those with a licence first; gone when the job is over."""
    found = _found(pk)
    if not found.gone_csv.is_file():
        raise Http404("名簿にない事業所の一覧は、もうありません。")
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.EXPORT, subject_key=f"名簿にない事業所 {found.as_of}",
        reason="名簿の取り込み",
    )  # fmt: skip
    name = f"gone-{found.as_of.isoformat()}.csv"
    return FileResponse(
        found.gone_csv.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


@ACTS
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what was read. Pressing twice imports once."""
    found = _found(pk)
    form = ConfirmForm(request.POST)
    if found.state == ImportState.CHECKED and not form.is_valid():
        return _job(request, found, form, 422)
    if not uploads.import_confirm(job_id=pk):
        messages.info(request, "もう取り込みを始めているか、終わっています。")
    return redirect("offices:import", pk)


@ACTS
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it; the files are deleted."""
    if uploads.import_discard(job_id=_found(pk).pk):
        messages.success(request, "取り込まないことにしました。送ったファイルは消しました。")
    return redirect("offices:imports")


@ACTS
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Start again what has stopped."""
    if not uploads.import_resume(job_id=_found(pk).pk):
        messages.info(request, "まだ動いているかもしれません。1時間たっても進まないときに、もう一度押してください。")
    return redirect("offices:import", pk)
