"""A form that came on paper: entered with the day on which it arrived, whose answer is looked at before it is filed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.enums import LookReason
from accounts.permissions import audience
from campaigns.models import Campaign, FreePassApplication
from campaigns.queries import OfficeAnswer, answer_on_arrival
from campaigns.rules import filing, fingerprint
from campaigns.rules.agreeing import ToConfirm, to_confirm
from campaigns.services import AnswerChanged
from careplan_portal.lib import policies
from helpdesk.forms.paper import PaperForm
from helpdesk.services.behalf import Filed
from helpdesk.services.paper import paper_file
from helpdesk.views.looking import STAFF, acting, business_day, render, seen_office
from licenses.queries import policy
from licenses.rules import BadRecord
from licenses.services import Refused
from offices.models import Office


@audience(*STAFF)
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The form's fields; sent, first the answer of the day on which it arrived, then the filing."""
    office = seen_office(request, number, LookReason.LETTER)
    if request.method != "POST":
        return _page(request, office, PaperForm(today=business_day(request)))
    try:
        return _sent(request, office, PaperForm(request.POST, today=business_day(request)))
    except Campaign.DoesNotExist as error:
        raise Http404("キャンペーンがまだ登録されていません。") from error


def _sent(request: HttpRequest, office: Office, form: PaperForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, office, form, status=422)
    if not form.has_ticks_for(_confirms(answer_on_arrival(office.pk, form.cleaned_data["arrived_on"]))):
        return _page(request, office, form, status=422)
    return _file(request, office, form)


def _file(request: HttpRequest, office: Office, form: PaperForm) -> HttpResponse:
    try:
        application = _filed(request, office, form)
    except Refused as refused:
        return _page(request, office, form, problem=refused.text, status=422)
    except AnswerChanged as changed:
        return _shown(request, office, form, changed.answer)
    by = application.prove_by.isoformat()
    messages.success(
        request, f"紙の申請を、仮に受け付けました。受付番号 {application.receipt_number}。確認は {by} まで"
    )
    return redirect("helpdesk:office", office.business_number)


def _filed(request: HttpRequest, office: Office, form: PaperForm) -> FreePassApplication:
    wanted, arrived_on = form.cleaned_data, form.cleaned_data["arrived_on"]
    filed = Filed(
        name=wanted["name"], phone=wanted["phone"], email=wanted["email"], shown=wanted["shown"],
        form_key=wanted["form_key"], terms_version=str(policies.terms(arrived_on).version),
        privacy_version=str(policies.privacy(arrived_on).version),
    )  # fmt: skip
    return paper_file(
        office_id=office.pk, filed=filed, arrived_on=arrived_on, today=business_day(request), acting=acting(request)
    )


def _shown(request: HttpRequest, office: Office, form: PaperForm, answer: OfficeAnswer) -> HttpResponse:
    """The answer of the day, to compare with the paper before it is filed; or why that day has no filing."""
    assert answer.assessment is not None
    assert answer.situation is not None
    if filing(answer.assessment) is None:
        return _page(request, office, form, problem=answer.assessment.explanations[0].text, status=422)
    shown = fingerprint(answer.assessment, answer.situation)
    changed = bool(form.cleaned_data["shown"])
    return _page(request, office, form, answer=answer, shown=shown, changed=changed, status=409 if changed else 200)


def _confirms(answer: OfficeAnswer) -> ToConfirm | None:
    if answer.assessment is None or answer.situation is None:
        return None
    try:
        return to_confirm(answer.assessment, answer.situation, policy())
    except BadRecord:
        return None


def _page(
    request: HttpRequest, office: Office, form: PaperForm, *, answer: OfficeAnswer | None = None, shown: str = "",
    changed: bool = False, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The form; with `answer` what that day's answer is, of which `shown` is the fingerprint."""
    arrived_on = form.cleaned_data["arrived_on"] if answer else business_day(request)
    context: dict[str, Any] = {
        "terms": policies.terms(arrived_on), "privacy": policies.privacy(arrived_on),
        "office": office, "form": form, "shown": shown, "changed": changed, "problem": problem,
        "free": answer.assessment.free_term if answer and answer.assessment else None,
        "confirms": _confirms(answer) if answer else None,
        "arrived_on": arrived_on,
    }  # fmt: skip
    return render(request, "helpdesk/paper.html", context, status=status)
