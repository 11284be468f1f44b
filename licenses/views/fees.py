"""Fees and the programme's last day: tried out first, recorded with a reason after."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from careplan_portal.lib.words import ja_day, yen
from licenses.forms import EndForm, EndRecordForm, FeeForm, FeeRecordForm
from licenses.queries import policy
from licenses.queries.bills import policy_history
from licenses.queries.forecast import end_effect, fee_effect, months_expected
from licenses.services import fee_set, programme_end_set
from licenses.views.staff import ACTS, SEES, acting, business_day, may_act


@SEES
@require_safe
def fees(request: HttpRequest) -> HttpResponse:
    """The schedule; with an amount in the address, what it would do."""
    today, on_file = business_day(request), policy()
    if "yen" not in request.GET or not may_act(request):
        return _fees(request, FeeForm(today=today, fees=on_file))
    form = FeeForm(request.GET, today=today, fees=on_file)
    if not form.is_valid():
        return _fees(request, form, status=422)
    record = FeeRecordForm(initial=form.cleaned_data, today=today, fees=on_file)
    return _fees(request, form, record)


@ACTS
@require_POST
def fee_record(request: HttpRequest) -> HttpResponse:
    """Put the amount on file."""
    today, on_file = business_day(request), policy()
    record = FeeRecordForm(request.POST, today=today, fees=on_file)
    if not record.is_valid():
        form = FeeForm(initial=record.cleaned_data, today=today, fees=on_file)
        return _fees(request, form, record, status=422)
    wanted, reason = record.fee(), record.cleaned_data["reason"]
    fee_set(
        starts_on=wanted.starts_on, yen=wanted.yen, decided_until=wanted.decided_until, note=reason,
        today=today, acting=acting(request, reason),
    )  # fmt: skip
    messages.success(request, f"{ja_day(wanted.starts_on)}からの金額を{yen(wanted.yen)}と記録しました。")
    return redirect("licenses:fees")


def _fees(request: HttpRequest, form: FeeForm, record: FeeRecordForm | None = None, status: int = 200) -> HttpResponse:
    today, on_file = form.today, form.fees
    wanted = _wanted(form, record)
    context = {
        "rows": [(fee, on_file.fee_on(today) == fee, _until(fee.decided_until, today)) for fee in on_file.fees],
        "form": form, "record": record, "wanted": wanted,
        "effect": fee_effect(wanted, on_file) if wanted and wanted.starts_on > today else None,
        "ends_on": on_file.ends_on, "months": months_expected(today, on_file),
        "history": policy_history(), "may_act": may_act(request), "today": today,
    }  # fmt: skip
    return render(request, "licenses/fees.html", context, status=status)


def _wanted(form: FeeForm, record: FeeRecordForm | None) -> Any:
    """The fee that is being tried, when it holds."""
    if record is None:
        return None
    source = record if record.is_bound else form
    named = ("starts_on", "yen", "decided_until")
    return source.fee() if not any(name in source.errors for name in named) else None


def _until(day: Any, today: Any) -> str:
    """How far an amount is decided: `open`, `decided` or `over` (then the last amount goes on, 未定)."""
    if day is None:
        return "open"
    return "over" if day < today else "decided"


@SEES
@require_safe
def end(request: HttpRequest) -> HttpResponse:
    """The programme's last day; with a day in the address, what it would do."""
    today, on_file = business_day(request), policy()
    if "ends_on_year" not in request.GET or not may_act(request):
        return _end(request, EndForm(initial={"ends_on": on_file.ends_on}, today=today))
    form = EndForm(request.GET, today=today)
    if not form.is_valid():
        return _end(request, form, status=422)
    return _end(request, form, EndRecordForm(initial=form.cleaned_data, today=today))


@ACTS
@require_POST
def end_record(request: HttpRequest) -> HttpResponse:
    """Put the last day on file, or take it away."""
    today = business_day(request)
    record = EndRecordForm(request.POST, today=today)
    if not record.is_valid():
        return _end(request, EndForm(initial=record.cleaned_data, today=today), record, status=422)
    ends_on = record.cleaned_data["ends_on"]
    programme_end_set(ends_on=ends_on, today=today, acting=acting(request, record.cleaned_data["reason"]))
    said = (
        f"事業の最後の日を{ja_day(ends_on)}と記録しました。"
        if ends_on
        else "事業の最後の日を、決めていないことにしました。"
    )
    messages.success(request, said)
    return redirect("licenses:programme-end")


def _end(request: HttpRequest, form: EndForm, record: EndRecordForm | None = None, status: int = 200) -> HttpResponse:
    on_file = policy()
    source = record if record is not None and record.is_bound else form
    tried = record is not None and "ends_on" not in source.errors
    wanted = source.cleaned_data.get("ends_on") if tried else None
    context = {
        "form": form, "record": record if tried else None, "wanted": wanted, "ends_on": on_file.ends_on,
        "same": wanted == on_file.ends_on,
        "effect": end_effect(wanted, on_file) if tried else None,
        "history": policy_history(), "may_act": may_act(request), "today": form.today,
    }  # fmt: skip
    return render(request, "licenses/programme_end.html", context, status=status)
