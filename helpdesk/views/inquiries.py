"""The queue, one inquiry and what is done with it, figures, the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason, SubjectKind
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from faq.queries import answer as faq_answer
from helpdesk.enums import InquiryState, Topic
from helpdesk.forms import AnswerForm, CloseForm, NumberForm, PassOnForm, PeriodForm
from helpdesk.models import Inquiry
from helpdesk.queries import inquiries as queries
from helpdesk.queries.screen import questions
from helpdesk.rules.hours import work_left
from helpdesk.rules.ticket import NotATicket, ticket_parse
from helpdesk.services import inquiries as services
from helpdesk.views.looking import STAFF, acting, business_day, moment, screen_of, seen_list, seen_office
from licenses.services import Refused
from offices.queries import office_by_number

FITTING = 3
STATISTICS_DAYS = 30
QUEUE_SHOWN = 200
OPEN_STATES = [
    (state.value, state.label) for state in (InquiryState.WAITING, InquiryState.TAKEN, InquiryState.PASSED_ON)
]


@audience(*STAFF)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    topic, state = request.GET.get("topic", ""), request.GET.get("state", "")
    mine = signed_in_user(request).pk if request.GET.get("mine") else None
    waiting = queries.queue(mine=mine, topic=topic if topic in Topic.values else "", state=state)
    found = list(waiting[:QUEUE_SHOWN])
    closed, now = queries.closing_days(business_day(request)), moment(request)
    left = [queries.minutes_left(inquiry, now, closed) for inquiry in found]
    lines = [(inquiry, minutes, work_left(minutes)) for inquiry, minutes in zip(found, left, strict=True)]
    seen_list(request, "問い合わせの待ち", len(lines))
    context = {"lines": lines, "done": queries.done(10), "topics": Topic.choices, "topic": topic,
               "states": OPEN_STATES, "state": state, "mine": mine}  # fmt: skip
    return render(request, "helpdesk/queue.html", context)


@audience(*STAFF)
@require_safe
def inquiry(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, "helpdesk/inquiry_page.html", _context(request, _seen(request, number)))


def _seen(request: HttpRequest, number: str) -> Inquiry:
    try:
        found = queries.inquiry_by_number(number)
    except Inquiry.DoesNotExist as error:
        raise Http404 from error
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.INQUIRY, subject_key=found.number,
        reason=LookReason.INQUIRY, at=moment(request),
    )  # fmt: skip
    if found.office is not None:
        seen_office(request, found.office.business_number, LookReason.INQUIRY)
    return found


def _context(request: HttpRequest, found: Inquiry, **forms: Any) -> dict[str, Any]:
    screen = screen_of(request, found.office) if found.office else None
    sought = request.GET.get("q") or found.body
    slugs = [hit.entry.slug for hit in faq_answer(sought, limit=FITTING, staff=True).hits]
    fitting = questions(slugs, screen.office, screen.scene) if screen else questions(slugs)
    return {
        "inquiry": found,
        "screen": screen,
        "messages_of": queries.messages_of(found),
        "events": queries.events_of(found),
        "others": queries.others_of(found),
        "fitting": fitting,
        "q": request.GET.get("q", ""),
        "is_mine": found.taken_by_id == signed_in_user(request).pk,
        "minutes_left": (left := queries.minutes_left(found, moment(request), queries.closing_days())),
        "work_left": work_left(left),
        "answer_form": AnswerForm(initial=_draft(request, found, fitting)),
        "pass_form": PassOnForm(prefix="pass"),
        "close_form": CloseForm(prefix="close"),
        "merge_form": NumberForm(prefix="merge"),
        "office_form": NumberForm(prefix="office"),
        "topics": Topic.choices,
    } | forms


def _draft(request: HttpRequest, found: Inquiry, fitting: list[Any]) -> dict[str, str]:
    """With ``use`` in the address, the letter that the chosen entry gives, to be read over."""
    used = next((one for one in fitting if one.entry.slug == request.GET.get("use")), None)
    if used is None:
        return {"text": f"{found.name}様\n\nお問い合わせありがとうございます。\n\n"}
    lines = [f"{found.name}様", "", "お問い合わせありがとうございます。", "", used.entry.short]
    lines += [used.told.yours] if used.told.yours else []
    lines += ["", *used.told.paper]
    return {"text": "\n".join(lines), "entries": used.entry.slug}


@audience(*STAFF)
@require_POST
def inquiry_act(request: HttpRequest, number: str) -> HttpResponse:
    """Take, release, answer, pass on, merge, end, link: ``do`` says which."""
    found = _seen(request, number)
    do = _ACTS.get(request.POST.get("do", ""))
    if do is None:
        raise Http404
    try:
        forms = do(request, found)
    except Refused as refused:
        messages.error(request, refused.text)
        forms = None
    if forms:
        return render(request, "helpdesk/inquiry_page.html", _context(request, found, **forms), status=422)
    return redirect("helpdesk:inquiry-page", found.number)


Forms = dict[str, Any] | None


def _take(request: HttpRequest, found: Inquiry) -> Forms:
    over = bool(request.POST.get("over"))
    services.inquiry_take(inquiry_id=found.pk, take_over=over, acting=acting(request))
    return None


def _release(request: HttpRequest, found: Inquiry) -> Forms:
    services.inquiry_release(inquiry_id=found.pk, acting=acting(request))
    return None


def _returned(request: HttpRequest, found: Inquiry) -> Forms:
    services.inquiry_returned(inquiry_id=found.pk, acting=acting(request))
    return None


def _answer(request: HttpRequest, found: Inquiry) -> Forms:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return {"answer_form": form}
    services.inquiry_answer_send(
        inquiry_id=found.pk, text=form.cleaned_data["text"], entries=form.cleaned_data["entries"],
        today=business_day(request), acting=acting(request),
    )  # fmt: skip
    messages.success(request, f"{found.email} に回答を送りました。")
    return None


def _pass_on(request: HttpRequest, found: Inquiry) -> Forms:
    form = PassOnForm(request.POST, prefix="pass")
    if not form.is_valid():
        return {"pass_form": form}
    services.inquiry_pass_on(inquiry_id=found.pk, acting=acting(request), **form.cleaned_data)
    return None


def _merge(request: HttpRequest, found: Inquiry) -> Forms:
    form = NumberForm(request.POST, prefix="merge")
    if not form.is_valid():
        return {"merge_form": form}
    try:
        into = queries.inquiry_by_number(ticket_parse(form.cleaned_data["number"]))
    except (NotATicket, Inquiry.DoesNotExist):
        form.add_error("number", "この番号の問い合わせはありません。TO で始まる番号です。")
        return {"merge_form": form}
    services.inquiry_merge(inquiry_id=found.pk, into_id=into.pk, acting=acting(request))
    messages.success(request, f"{into.number} にまとめました。")
    return None


def _close(request: HttpRequest, found: Inquiry) -> Forms:
    form = CloseForm(request.POST, prefix="close")
    if not form.is_valid():
        return {"close_form": form}
    services.inquiry_close(inquiry_id=found.pk, reason=form.cleaned_data["reason"], acting=acting(request))
    return None


def _link(request: HttpRequest, found: Inquiry) -> Forms:
    form = NumberForm(request.POST, prefix="office")
    office = office_by_number(form.cleaned_data["number"]) if form.is_valid() else None
    if office is None:
        form.add_error("number", "この番号の事業所はありません。")
        return {"office_form": form}
    services.inquiry_office_link(inquiry_id=found.pk, office_id=office.pk, acting=acting(request))
    return None


def _topic(request: HttpRequest, found: Inquiry) -> Forms:
    topic = request.POST.get("topic", "")
    if topic in Topic.values:
        services.inquiry_topic_change(inquiry_id=found.pk, topic=topic, acting=acting(request))
    return None


_ACTS: dict[str, Callable[[HttpRequest, Inquiry], Forms]] = {
    "take": _take,
    "release": _release,
    "returned": _returned,
    "answer": _answer,
    "pass": _pass_on,
    "merge": _merge,
    "close": _close,
    "link": _link,
    "topic": _topic,
}


# figures --------------------------------------------------------------------------------------


@audience(*STAFF)
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET or None)
    first, last = _period(form, business_day(request))
    context = {"form": form, "figures": queries.statistics(first, last), "first": first, "last": last}
    return render(request, "helpdesk/statistics.html", context)


def _period(form: PeriodForm, today: date) -> tuple[date, date]:
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last = wanted.get("last") or today
    first = wanted.get("first") or last - timedelta(days=STATISTICS_DAYS - 1)
    return min(first, last), last
