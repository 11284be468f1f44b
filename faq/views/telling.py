"""What visitors tell: whether an answer helped, what they asked, which answer they opened. All by POST."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from accounts.permissions import audience
from careplan_portal.lib.http import client_ip
from careplan_portal.lib.throttle import Throttle
from faq import queries, services
from faq.enums import FeedbackReason
from faq.forms import FeedbackForm
from faq.rules.text import MAX_LENGTH
from faq.views import Request

FEEDBACK = Throttle("faq-feedback", 30, 3600)
ASKED = Throttle("faq-asked", 300, 3600)


class Visitor(NamedTuple):
    who: str
    network: str


def visitor_of(request: Request, today: datetime.date) -> Visitor:
    """The visitor and the network, each as a hash that holds for today."""
    address = client_ip(request)
    return Visitor(
        services.day_hash(f"{address} {request.META.get('HTTP_USER_AGENT', '')}", today),
        services.day_hash(address, today),
    )


@audience.public
@require_POST
def feedback(request: Request, slug: str) -> HttpResponse:
    """Whether the answer helped, and why not."""
    entry = get_object_or_404(queries.visible_entries(staff=False), slug=slug)
    form = FeedbackForm(request.POST)
    visitor = visitor_of(request, request.today)
    said = form.cleaned_data["helped"] if form.is_valid() else None
    if said is not None and not FEEDBACK.wait(visitor.network):
        reason = FeedbackReason(form.cleaned_data["reason"]) if form.cleaned_data["reason"] else None
        services.feedback_record(
            entry=entry, visitor=visitor.who, network=visitor.network, helped=said, today=request.today,
            reason=reason, comment=form.cleaned_data["comment"],
        )  # fmt: skip
    done = bool(request.POST.get("reason") or request.POST.get("comment"))
    context = {"entry": entry, "said": said, "done": done, "form": FeedbackForm()}
    return render(request, "faq/parts/feedback.html" if request.htmx else "faq/feedback.html", context)


@audience.public
@require_POST
def asked(request: Request) -> HttpResponse:
    """A search was made: kept without a name, so that missing answers get written."""
    question = request.POST.get("q", "")[:MAX_LENGTH]
    visitor = visitor_of(request, request.today)
    if not ASKED.wait(visitor.network):
        settled = queries.answer(question).settled
        services.question_record(text=question, settled=settled, today=request.today, visitor=visitor.who)
    return HttpResponse(status=204)


@audience.public
@require_POST
def opened(request: Request, slug: str) -> HttpResponse:
    """An answer was opened from the results of a search."""
    entry = get_object_or_404(queries.visible_entries(staff=False), slug=slug)
    visitor = visitor_of(request, request.today)
    question = request.POST.get("q", "")[:MAX_LENGTH]
    services.question_opened(text=question, entry=entry, visitor=visitor.who, today=request.today)
    return HttpResponse(status=204)
