"""On which days the helpdesk works, and its own closing days."""

from __future__ import annotations

from calendar import monthcalendar
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.permissions import audience
from careplan_portal.lib.dates import month_start, next_month_start
from helpdesk.forms import ClosingDayForm
from helpdesk.models import ClosingDay
from helpdesk.queries.inquiries import closing_days, closing_rows
from helpdesk.rules.hours import why_closed
from helpdesk.services import calendar as services
from helpdesk.views.looking import STAFF, acting, business_day, render
from licenses.services import Refused

MONTHS = 3


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of days from Monday; each day with why the helpdesk is closed ("" open)."""

    first: date
    weeks: list[list[tuple[date, str] | None]]


@audience(*STAFF)
def calendar(request: HttpRequest) -> HttpResponse:
    today = business_day(request)
    form = ClosingDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.closing_day_set(today=today, acting=acting(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error("day", refused.text)
        else:
            messages.success(request, "休みにしました。待っている問い合わせの期限も直しました。")
            return redirect("helpdesk:calendar")
    context = {"form": form, "months": _months(today), "rows": closing_rows(today), "today": today}
    return render(request, "helpdesk/calendar.html", context, status=422 if form.errors else 200)


@audience(*STAFF)
@require_POST
def closing_day_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ClosingDay, pk=pk)
    try:
        services.closing_day_withdraw(closing_day_id=row.pk, today=business_day(request), acting=acting(request))
        messages.success(request, "この日は開けることにしました。")
    except Refused as refused:
        messages.error(request, refused.text)
    return redirect("helpdesk:calendar")


def _months(today: date) -> list[Month]:
    closed, first, months = closing_days(month_start(today)), month_start(today), []
    for _ in range(MONTHS):
        weeks = [
            [(date(first.year, first.month, number), why_closed(date(first.year, first.month, number), closed))
             if number else None for number in week]
            for week in monthcalendar(first.year, first.month)
        ]  # fmt: skip
        months.append(Month(first, weeks))
        first = next_month_start(first)
    return months
