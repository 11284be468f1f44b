"""A Free Pass granted by hand (R7): whom, what comes of it, why, and once more before it is done."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason, SubjectKind
from accounts.permissions import signed_in_user
from accounts.services import access_record
from campaigns import rules
from campaigns.forms.operator import GrantForm, NumberForm
from campaigns.models import FreePassApplication
from campaigns.queries import OfficeAnswer, application_by_key, office_answer
from campaigns.rules import GRANTED, RESERVED
from campaigns.services import free_pass_grant
from campaigns.views.operator import ACTS, business_day
from careplan_portal.lib.acting import OPERATOR, Acting
from careplan_portal.lib.dates import Period
from careplan_portal.lib.japan import business_number
from licenses.services import Refused
from offices.models import Office
from offices.queries import office_by_number


@dataclass(frozen=True, slots=True)
class Case:
    """The office with what a grant would open; `refusal` says why there can be none."""

    office: Office
    answer: OfficeAnswer
    term: Period | None
    refusal: str


@ACTS
@require_safe
def grant(request: HttpRequest) -> HttpResponse:
    """Which office; with a number in the address, what a grant would do to it."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    case = None
    if form.is_valid():
        case = _case(request, form.cleaned_data["number"])
        if case is None:
            form.add_error("number", "この番号の事業所はありません。番号を確かめてください。")
    reason = GrantForm(initial={"number": case.office.business_number, "form_key": uuid4()}) if case else None
    return _page(request, form, case, reason, 422 if form.errors else 200)


def _page(
    request: HttpRequest, form: NumberForm, case: Case | None, reason: GrantForm | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "case": case, "reason": reason, "today": business_day(request)}
    return render(request, "campaigns/operator/grant.html", context, status=status)


@ACTS
@require_POST
def grant_confirm(request: HttpRequest) -> HttpResponse:
    """What will be done, with the reason, once more: nothing is written yet."""
    reason = GrantForm(request.POST)
    reason.full_clean()
    case = _case(request, reason.cleaned_data.get("number", ""))
    if case is None:
        return redirect("campaigns:operator-grant")
    if reason.errors or case.refusal:
        return _page(request, NumberForm(initial={"number": case.office.business_number}), case, reason, 422)
    context = {"case": case, "reason": reason.cleaned_data, "today": business_day(request)}
    return render(request, "campaigns/operator/grant_confirm.html", context)


@ACTS
@require_POST
def grant_send(request: HttpRequest) -> HttpResponse:
    """Grant it. The same form again finds what it has done."""
    reason = GrantForm(request.POST)
    if not reason.is_valid():
        return grant_confirm(request)
    case = _case(request, reason.cleaned_data["number"])
    if case is None:
        return redirect("campaigns:operator-grant")
    key = reason.cleaned_data["form_key"]
    try:
        made: FreePassApplication | None = application_by_key(key) or _granted(request, case, reason)
    except Refused as refused:
        made = application_by_key(key)  # a second click waited for the first
        if made is None:
            messages.error(request, refused.text)
            return grant_confirm(request)
    assert made is not None
    messages.success(request, f"フリーパスを認めました。受付番号 {made.receipt_number}")
    return redirect("helpdesk:office", case.office.business_number)


def _granted(request: HttpRequest, case: Case, reason: GrantForm) -> FreePassApplication:
    if case.refusal:
        raise Refused("refused", case.refusal)
    why = reason.cleaned_data["reason"]
    return free_pass_grant(
        office_id=case.office.pk, reason=why, form_key=reason.cleaned_data["form_key"],
        today=business_day(request), acting=Acting(signed_in_user(request).pk, OPERATOR, why),
    )  # fmt: skip


def _case(request: HttpRequest, number: str) -> Case | None:
    """The office of a number, which is on record as looked at; None when there is none."""
    office = office_by_number(business_number.normalize(number))
    if office is None:
        return None
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.OFFICE, subject_key=office.business_number,
        reason=LookReason.CHECK,
    )  # fmt: skip
    answer = office_answer(office.pk, business_day(request))
    plan = answer.standing.plan
    refusal = _refusal(office, answer)
    term = rules.granted_term(plan.current, business_day(request)) if plan and not refusal else None
    return Case(office, answer, term, refusal)


def _refusal(office: Office, answer: OfficeAnswer) -> str:
    if office.closed_on is not None:
        return f"{office.closed_on.isoformat()}に閉じたと記録されている事業所です。"
    if answer.standing.plan is None:
        return f"記録を直すまで認められません。{answer.problem}"
    used = answer.situation.free_pass if answer.situation else ""
    if used == GRANTED:
        return "フリーパスをもう使っています。使えるのは、事業所番号ごとに1回だけです。"
    return "次回フリーパスの予約がもうあります。" if used == RESERVED else ""
