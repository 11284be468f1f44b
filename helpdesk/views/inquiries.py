"""The queue, one inquiry and what is done with it, figures, the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason, SubjectKind
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from faq.queries import answer as faq_answer
from helpdesk.enums import InquiryState, Topic
from helpdesk.forms import AnswerForm, CloseForm, NumberForm, PassOnForm, PeriodForm
from helpdesk.models import Inquiry, InquiryMessage
from helpdesk.notifications import inquiry_answer
from helpdesk.queries import inquiries as queries
from helpdesk.queries.addresses import mail_addresses
from helpdesk.queries.questions import Question, questions
from helpdesk.rules import letter
from helpdesk.rules.ticket import NotATicket, ticket_parse
from helpdesk.services import inquiries as services
from helpdesk.views.looking import STAFF, acting, business_day, moment, render, screen_of, seen_list, seen_office
from licenses.services import Refused
from offices.queries import office_by_number

PAGE, LOOK = "helpdesk/inquiry_page.html", "helpdesk/answer_look.html"
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
    lines = [(inquiry, queries.left_of(inquiry, now, closed)) for inquiry in found]
    seen_list(request, "問い合わせの待ち", len(lines))
    context = {"lines": lines, "done": queries.done(10), "topics": Topic.choices, "topic": topic,
               "states": OPEN_STATES, "state": state, "mine": mine}  # fmt: skip
    return render(request, "helpdesk/queue.html", context)


@audience(*STAFF)
@require_safe
def inquiry(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, PAGE, _context(request, _seen(request, number)))


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
    sought = _sought(request) or found.body
    slugs = [hit.entry.slug for hit in faq_answer(sought, limit=FITTING, staff=True).hits]
    fitting = questions(slugs, screen.office, screen.scene) if screen else questions(slugs)
    return {
        "inquiry": found,
        "screen": screen,
        "known": _is_known(request, found),
        "messages_of": queries.messages_told(found),
        "events": queries.events_of(found),
        "others": queries.others_of(found),
        "fitting": fitting,
        "q": _sought(request),
        "is_mine": found.taken_by_id == signed_in_user(request).pk,
        "left": queries.left_of(found, moment(request), queries.closing_days()),
        "answer_form": AnswerForm(initial={"text": letter.greeting(found.name)}),
        "pass_form": PassOnForm(prefix="pass"),
        "close_form": CloseForm(prefix="close"),
        "merge_form": NumberForm(prefix="merge"),
        "office_form": NumberForm(prefix="office"),
        "topics": Topic.choices,
    } | forms


def _is_known(request: HttpRequest, found: Inquiry) -> bool:
    """Whether the answer goes to an address that is on file for the office: only there its dates may go."""
    return found.office is not None and found.email in mail_addresses(found.office.pk, business_day(request))


def _sought(request: HttpRequest) -> str:
    """What is sought in the FAQ: sent with the draft, so that it stays, or asked by address."""
    return str(request.POST.get("q") or request.GET.get("q", ""))


@audience(*STAFF)
@require_POST
def inquiry_act(request: HttpRequest, number: str) -> HttpResponse:
    """Take, release, answer, pass on, merge, end, link: ``do`` says which; ``use`` an entry to insert."""
    found = _seen(request, number)
    do = _insert if request.POST.get("use") else _ACTS.get(request.POST.get("do", ""))
    if do is None:
        raise Http404
    try:
        forms = do(request, found)
    except Refused as refused:
        messages.error(request, refused.text)
        forms = None
    if forms:
        template, status = forms.pop("template", PAGE), forms.pop("status", 422)
        return render(request, template, _context(request, found, **forms), status=status)
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
    """First a look at what goes to whom; sent only from there."""
    form = AnswerForm(request.POST, to=found.name)
    if not form.is_valid():
        return {"answer_form": form}
    if not request.POST.get("looked"):
        message = InquiryMessage(inquiry=found, text=form.cleaned_data["text"])
        return {"answer_form": form, "outgoing": inquiry_answer(found, message), "template": LOOK, "status": 200}
    services.inquiry_answer_send(
        inquiry_id=found.pk, text=form.cleaned_data["text"], entries=form.cleaned_data["entries"],
        today=business_day(request), acting=acting(request),
    )  # fmt: skip
    messages.success(request, f"{found.email} に回答を送りました。")
    return None


def _draft(request: HttpRequest, found: Inquiry) -> Forms:
    """The page with the draft as it was written: after a look, or to seek an entry."""
    return {"answer_form": AnswerForm(initial=request.POST.dict()), "unsent": True, "status": 200}


def _insert(request: HttpRequest, found: Inquiry) -> Forms:
    """The chosen entry joins the draft at its end, with the office's own dates."""
    slug = request.POST.get("use", "")
    screen = screen_of(request, found.office) if found.office else None
    chosen = questions([slug], screen.office, screen.scene) if screen else questions([slug])
    text, used = request.POST.get("text", "") or letter.greeting(found.name), request.POST.get("entries", "").split(",")
    known = _is_known(request, found)
    for one in chosen:
        text, used = letter.with_entry(text, _as_letter(one, found, known=known)), [*used, one.entry.slug]
    entries = ",".join(dict.fromkeys(slug for slug in used if slug))
    return {"answer_form": AnswerForm(initial={"text": text, "entries": entries}), "unsent": True, "status": 200}


def _as_letter(one: Question, found: Inquiry, *, known: bool) -> list[str]:
    """An entry as a letter says it; its short answer only where it has no words for paper, which say the same. The
    office's own dates only to an address that is `known` of it."""
    dated = known and one.told.yours
    lines = list(one.told.paper) or [one.entry.short]
    return [*lines, f"{found.office.name}の場合：{one.told.yours}"] if found.office and dated else lines


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
    "draft": _draft,
    "search": _draft,
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
    today = business_day(request)
    form = PeriodForm(
        request.GET or None, initial={"first": today - timedelta(days=STATISTICS_DAYS - 1), "last": today}
    )
    first, last = _period(form, today)
    context = {"form": form, "figures": queries.statistics(first, last), "first": first, "last": last}
    return render(request, "helpdesk/statistics.html", context)


def _period(form: PeriodForm, today: date) -> tuple[date, date]:
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last = wanted.get("last") or today
    first = wanted.get("first") or last - timedelta(days=STATISTICS_DAYS - 1)
    return min(first, last), last
