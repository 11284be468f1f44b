"""The nights: what the last one did, what it set aside, and doing it again."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from careplan_portal.lib import clock
from licenses.forms import AlarmForm
from licenses.models import NightAlarm
from licenses.queries import nights as queries
from licenses.queries.nights import Night
from licenses.services import Refused, night_alarm_close, roll_over_again
from licenses.views.staff import ACTS, SEES, acting, business_day, may_act, seen_list

NIGHTS = 14
SHOWN = 100
BAR = 200


@SEES
@require_safe
@never_cache
def nights(request: HttpRequest) -> HttpResponse:
    """The night of today."""
    return _page(request, business_day(request))


@SEES
@require_safe
@never_cache
def night(request: HttpRequest, on: date) -> HttpResponse:
    """An earlier night. Days to come are not there yet."""
    if on > business_day(request):
        raise Http404("この夜は、まだ来ていません。")
    return _page(request, on)


def _page(request: HttpRequest, on: date, form: AlarmForm | None = None) -> HttpResponse:
    today = business_day(request)
    shown = queries.night_on(on, today=today, now=clock.now())
    listed = queries.nights_between(on - timedelta(days=NIGHTS - 1), on, today=today, now=clock.now())
    waiting = Paginator(queries.set_asides_open(), SHOWN).get_page(request.GET.get("page"))
    if waiting.object_list:
        seen_list(request, "別にした記録の一覧")
    context = {
        "night": shown,
        "checks": queries.proof_checks(shown.proof),
        "words": queries.proof_words(shown.proof) or queries.alarm_text(shown),
        "listed": [(one, _bar(one, queries.longest(listed))) for one in listed],
        "proved": sum(1 for one in listed if one.state == queries.OK),
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1) if on < today else None,
        "waiting": waiting,
        "set_asides": [(one, (today - one.since).days + 1) for one in waiting],
        "made_good": queries.made_good(shown),
        "too_new": queries.is_before_the_first(shown),
        "alarms": queries.alarms(),
        "alarm": queries.alarms_open().filter(on=on).first(),
        "form": form or AlarmForm(),
        "tonight": queries.due_count(today + timedelta(days=1)),
        "may_act": may_act(request),
        "today": today,
    }
    return render(request, "licenses/nights.html", context, status=422 if form else 200)


def _bar(night: Night, longest: int) -> list[tuple[str, int, int]]:
    """The parts of a night's bar, each with its left edge and width."""
    parts, left = [], 0
    ended = night.counts["stopped"] + night.counts["lapsed"]
    for name, count in (("free", night.counts["renewed_free"]), ("paid", night.counts["renewed_paid"]), ("end", ended)):
        width = round(count / longest * BAR)
        parts.append((name, left, width))
        left += width
    return parts


@SEES
@require_safe
@never_cache
def night_proof(request: HttpRequest, on: date) -> JsonResponse:
    """A night's runs with their counts and proofs, to keep."""
    shown = queries.night_on(on, today=business_day(request), now=clock.now())
    answer = {"on": on.isoformat(), "state": shown.state, "counts": shown.counts, "runs": list(map(_run, shown.runs))}
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="night-{on.isoformat()}.json"'
    return response


def _run(run: Any) -> dict[str, Any]:
    return {
        "started_at": run.started_at, "finished_at": run.finished_at, "counts": run.counts,
        "proof": run.proof, "by": run.acting_as, "reason": run.reason,
    }  # fmt: skip


@ACTS
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """The roll-over once more, for the business day."""
    try:
        result = roll_over_again(today=business_day(request), acting=acting(request, "運営の画面から、もう一度"))
    except Refused as refused:
        messages.warning(request, refused.text)
        return redirect("licenses:nights")
    if result is None:
        messages.info(request, "もう一度の処理を始めました。件数が多いため、終わるまで数分かかります。")
    else:
        left = result.counts["set_aside"]
        done = f"{result.due - left}件を進めました。" if result.due > left else "新しく進んだものはありません。"
        messages.success(request, f"もう一度処理しました。{done}別にしたものは{left}件です。")
    return redirect("licenses:nights")


@ACTS
@require_POST
def alarm_close(request: HttpRequest, pk: int) -> HttpResponse:
    """A person has looked into an alarm."""
    alarm = get_object_or_404(NightAlarm, pk=pk)
    form = AlarmForm(request.POST)
    if not form.is_valid():
        return _page(request, alarm.on, form)
    night_alarm_close(alarm_id=pk, acting=acting(request, form.cleaned_data["reason"]))
    messages.success(request, "警報を終わりにしました。理由は記録に残ります。")
    return redirect("licenses:night", alarm.on)
