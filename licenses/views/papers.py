"""Papers about a licence: asking for one, fetching it, and checking one that was shown."""

from __future__ import annotations

from datetime import date

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.enums import LookReason, Role, SubjectKind
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from careplan_portal.lib.acting import MEMBER, Acting
from careplan_portal.lib.http import client_ip
from careplan_portal.lib.throttle import Throttle, too_many
from licenses import queries
from licenses.documents import file_name, verify_address
from licenses.enums import DocumentKind
from licenses.forms import CodeForm, DocumentForm
from licenses.models import LicenseDocument
from licenses.permissions import documents_visible_to
from licenses.services import Refused, document_request
from offices.models import Office
from offices.permissions import offices_visible_to

READERS = audience(Role.OFFICE_STAFF, Role.HELPDESK, Role.OPERATOR, own={Role.OFFICE_STAFF: "office"})
VERIFY = Throttle("verify", tries=60, seconds=600)


def today_of(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


@READERS
def documents(request: HttpRequest, number: str) -> HttpResponse:
    """An office's papers: what there is, what can be made, a proof of use on a day."""
    office = _office(request, number)
    form = DocumentForm(request.POST or None, initial={"kind": DocumentKind.PROOF_OF_USE, "on": today_of(request)})
    if request.method == "POST" and form.is_valid() and (made := _requested(request, office, form)):
        return redirect("licenses:document", made.code)
    stands = queries.standing(office.pk, today_of(request))
    papers = list(queries.documents_of(office.pk)[:50])
    fresh = [one for one in papers if one.issued_on == today_of(request) and not one.is_taken_back]
    offered = queries.papers_offered(stands.plan, today_of(request))
    context = {
        "office": office,
        "form": form,
        "offered": [(one, _same(one, fresh)) for one in offered],
        "documents": papers,
        "uses": stands.license_id is not None,
    }
    return render(request, "licenses/documents.html", context, status=422 if form.errors else 200)


def _same(offer: queries.Offered, papers: list[LicenseDocument]) -> LicenseDocument | None:
    """The paper of this kind about the same term, where there is one."""
    found = (one for one in papers if one.kind == offer.kind and one.term.starts_on <= offer.on <= one.term.ends_on)
    return next(found, None)


def _office(request: HttpRequest, number: str) -> Office:
    user = signed_in_user(request)
    office = get_object_or_404(offices_visible_to(user, today_of(request)), business_number=number)
    _note_look(request, office)
    return office


def _note_look(request: HttpRequest, office: Office) -> None:
    """Looks of staff are recorded; members look at their own."""
    user = signed_in_user(request)
    if user.role != Role.OFFICE_STAFF:
        access_record(
            user=user, subject_kind=SubjectKind.OFFICE, subject_key=office.business_number, reason=LookReason.CALL
        )


def _requested(request: HttpRequest, office: Office, form: DocumentForm) -> LicenseDocument | None:
    user = signed_in_user(request)
    role = MEMBER if user.role == Role.OFFICE_STAFF else user.role
    try:
        return document_request(
            office_id=office.pk,
            kind=form.cleaned_data["kind"],
            on=form.cleaned_data["on"],
            today=today_of(request),
            acting=Acting(user.pk, role, "書類の画面"),
        )
    except Refused as refused:
        form.add_error("on", refused.text)
        return None


@READERS
@require_safe
@never_cache
@vary_on_headers("HX-Request")
def document(request: HttpRequest, code: str) -> HttpResponse:
    """One paper: while it is made the page says so and looks again, by itself or by reload."""
    found = _document(request, code)
    template = "licenses/document_state.html" if getattr(request, "htmx", False) else "licenses/document.html"
    context = {"document": found, "office": found.license.office, "verify_address": verify_address(found)}
    return render(request, template, context)


def _document(request: HttpRequest, code: str) -> LicenseDocument:
    found = get_object_or_404(documents_visible_to(signed_in_user(request), today_of(request)), code=code)
    _note_look(request, found.license.office)
    return found


@READERS
@require_safe
@never_cache
def document_file(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """The PDF itself, to those who may see it."""
    found = _document(request, code)
    if not found.is_there:
        return redirect("licenses:document", found.code)
    return FileResponse(found.file.open("rb"), content_type="application/pdf", filename=file_name(found))


@audience.public
@require_safe
def verify_ask(request: HttpRequest) -> HttpResponse:
    """Where the number of a paper is typed."""
    form = CodeForm(request.GET or None)
    if form.is_valid():
        return redirect("licenses:verify", form.cleaned_data["code"])
    return render(request, "licenses/verify_ask.html", {"form": form})


@audience.public
@require_safe
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a paper is genuine and still holds: kind, day, state, a masked number. Throttled."""
    wait = VERIFY.wait(client_ip(request))
    if wait:
        return too_many(request, wait)
    found = queries.paper_verified(code, today_of(request))
    if found is None:
        return render(
            request,
            "licenses/verify_unknown.html",
            {"code": code, "form": CodeForm(initial={"code": code})},
            status=404,
        )
    return render(request, "licenses/verify.html", {"found": found})
