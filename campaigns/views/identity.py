"""Proof of who filed: the code of the letter, a member's word, and the form on paper (R16)."""

import math
from datetime import datetime
from urllib.parse import quote

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from campaigns import documents, services
from campaigns.enums import Proof
from campaigns.forms.identity import CodeForm
from campaigns.models import IdentityLetter
from campaigns.permissions import acts_for, code_throttle
from campaigns.queries import application_by_receipt, letter_receipts, receipt_of, receipt_path
from campaigns.services import Entered
from careplan_portal.lib.acting import MEMBER, VISITOR, Acting
from careplan_portal.lib.http import client_ip
from careplan_portal.lib.throttle import too_many
from licenses.services import Refused

_SALT = "campaigns.letter_done"


@audience.public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Enter the letter's code. The QR code of the letter leads here and holds no code."""
    form = CodeForm(request.POST or None, initial={"number": request.GET.get("number", "")[:60]})
    if not form.is_bound or not form.is_valid():
        return render(request, "campaigns/identity/code.html", {"form": form})
    wait = code_throttle().wait(client_ip(request))
    if wait:
        return too_many(request, wait)
    entered = services.code_enter(
        business_number=form.cleaned_data["number"],
        code=form.cleaned_data["code"],
        today=request.today,  # type: ignore[attr-defined]
        now=timezone.now(),
        acting=Acting(None, VISITOR, "手紙のコード"),
    )
    return _entered(request, form, entered)


def _entered(request: HttpRequest, form: CodeForm, entered: Entered) -> HttpResponse:
    if entered.letter is not None:
        applications = list(entered.letter.applications.all())
        if len(applications) == 1:
            return redirect(receipt_path(applications[0]))
        return redirect("campaigns:code-done", signing.dumps(entered.letter.pk, salt=_SALT))
    if entered.paused_until is not None:
        return render(
            request,
            "campaigns/identity/paused.html",
            {"title": f"{_minutes(entered.paused_until)}分たつと、また入れられます"},
            status=429,
        )
    form.add_error(
        "code", f"コードが合いません。手紙の数字を、もう一度確かめてください。あと{entered.left}回入れられます。"
    )
    return render(request, "campaigns/identity/code.html", {"form": form})


def _minutes(until: datetime) -> int:
    return max(1, math.ceil((until - timezone.now()).total_seconds() / 60))


@audience.public
@require_safe
@never_cache
def code_done(request: HttpRequest, token: str) -> HttpResponse:
    """What one code confirmed for several offices, each with its result."""
    try:
        letter = IdentityLetter.objects.get(pk=signing.loads(token, salt=_SALT))
    except (signing.BadSignature, IdentityLetter.DoesNotExist) as missing:
        raise Http404 from missing
    receipts = letter_receipts(letter, request.today)  # type: ignore[attr-defined]
    confirmed = sum(receipt.is_confirmed for receipt in receipts)
    whole = confirmed == len(receipts)
    context = {
        "receipts": receipts,
        "confirmed": confirmed,
        "tone": "free" if whole else "alert",
        "title": "事業所の確認が済みました" if confirmed else "確認は済みましたが、確定していません",
    }
    return render(request, "campaigns/identity/done.html", context)


@audience(Role.OFFICE_STAFF, own={Role.OFFICE_STAFF: "office"})
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, receipt_number: str) -> HttpResponse:
    """A member says that whoever filed belongs to the office; another office's is not found."""
    user, today = signed_in_user(request), request.today  # type: ignore[attr-defined]
    application = application_by_receipt(receipt_number)
    if application is None or not acts_for(user, application.office_id, today):
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            services.application_prove(
                application_id=application.pk,
                proof=Proof.MEMBER,
                today=today,
                acting=Acting(user.pk, MEMBER, "事業所の人が確かめた"),
            )
            return redirect(receipt_path(application))
        except Refused as refused:
            refusal = refused.text
    context = {"receipt": receipt_of(application, today), "refusal": refusal}
    return render(request, "campaigns/identity/confirm.html", context)


@audience.public
@require_safe
def paper_form(request: HttpRequest) -> HttpResponse:
    """The form to fill in by hand."""
    pdf = documents.paper_form_pdf(request.GET.get("number", "")[:60], request.today)  # type: ignore[attr-defined]
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote('フリーパス申請書.pdf')}"
    return response
