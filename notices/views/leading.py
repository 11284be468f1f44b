"""When people are told before a term's end: decided by operators, on record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from careplan_portal.lib.words import ja_date
from notices import queries, services
from notices.forms import LeadTimesForm
from notices.services.leading import Refused
from notices.views.desk import acting, today_of

SEES = audience(Role.OPERATOR, Role.AUDITOR)


@SEES
@require_safe
def lead_times(request: HttpRequest) -> HttpResponse:
    """What holds, what was decided, and a form for another decision."""
    return _page(request, LeadTimesForm(initial={"starts_on": today_of(request)}))


@audience(Role.OPERATOR)
@require_POST
def record(request: HttpRequest) -> HttpResponse:
    form = LeadTimesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    wanted = form.cleaned_data
    try:
        services.lead_times_set(
            starts_on=wanted["starts_on"], days=wanted["days"], today=today_of(request),
            acting=acting(request, wanted["reason"]),
        )  # fmt: skip
    except Refused as refused:
        form.add_error(refused.field, refused.text)
        return _page(request, form, 422)
    messages.success(request, f"{ja_date(wanted['starts_on'])}からのお知らせの時期を決めました。")
    return redirect("notices:lead-times")


def _page(request: HttpRequest, form: LeadTimesForm, status: int = 200) -> HttpResponse:
    context = {
        "now": queries.lead_days(today_of(request)), "rows": list(queries.lead_times()[:50]), "form": form,
        "may_act": signed_in_user(request).role == Role.OPERATOR,
    }  # fmt: skip
    return render(request, "notices/lead_times.html", context, status=status)
