"""The form for everybody: the question first, fitting entries, then who asks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from careplan_portal.lib import clock, policies
from careplan_portal.lib.http import client_ip
from careplan_portal.lib.throttle import Throttle, too_many
from faq.models import Entry
from faq.queries import answer as faq_answer
from faq.queries import entry_for
from helpdesk.forms import AskForm, InquiryForm
from helpdesk.models import Inquiry
from helpdesk.queries.inquiries import closing_days, inquiries_of
from helpdesk.queries.questions import questions
from helpdesk.rules.hours import due_at
from helpdesk.services import inquiries as services
from helpdesk.views.looking import business_day
from offices.queries import office_by_number

FITTING = 3
# Of one's own inquiries on a page.
PAGE = 10
# An address may send this many in an hour: more is a mistake or a flood.
SENDING = Throttle("inquiry", 20, 60 * 60)
SOLVING = Throttle("inquiry-solved", 60, 60 * 60)
_SIGNER = signing.Signer(sep="~", salt="helpdesk.inquiry")


@audience.public
def ask(request: HttpRequest) -> HttpResponse:
    """The question alone; sent, the entries that fit it and the form below them. Sent by POST, so
    that what people write stands in no address; nothing is kept yet."""
    form = AskForm(request.POST or None)
    if not form.is_valid():
        return render(request, "helpdesk/ask.html", {"form": form}, status=422 if form.errors else 200)
    body = form.cleaned_data["body"]
    return _write(request, InquiryForm(initial={"body": body, **_who(request)}), body)


def _who(request: HttpRequest) -> dict[str, str]:
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


def _write(request: HttpRequest, form: InquiryForm, body: str, status: int = 200) -> HttpResponse:
    slugs = [hit.entry.slug for hit in faq_answer(body, limit=FITTING).hits]
    context = {
        "form": form,
        "fitting": questions(slugs, staff=False),
        "privacy": policies.privacy(business_day(request)),
    }
    return render(request, "helpdesk/inquiry.html", context, status=status)


@audience.public
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    form = InquiryForm(request.POST)
    if not form.is_valid():
        return _write(request, form, request.POST.get("body", ""), status=422)
    if wait := SENDING.wait(client_ip(request)):
        return too_many(request, wait)
    inquiry = services.inquiry_receive(asked=_asked(request, form.cleaned_data), today=business_day(request))
    return redirect("helpdesk:inquiry-done", _SIGNER.sign(inquiry.number))


def _asked(request: HttpRequest, wanted: dict[str, Any]) -> services.Asked:
    office = office_by_number(wanted["business_number"]) if wanted["business_number"] else None
    user = request.user
    sender = user.pk if user.is_authenticated and user.role == Role.OFFICE_STAFF else None
    text = wanted["body"]
    if wanted["business_number"] and office is None:
        text += f"\n\n（事業所番号 {wanted['business_number']} は名簿にありません）"
    return services.Asked(
        name=wanted["name"], email=wanted["email"], phone=wanted["phone"], topic=wanted["topic"], body=text,
        privacy_version=str(policies.privacy(business_day(request)).version), form_key=wanted["form_key"],
        office_id=office.pk if office else None, sender_id=sender,
    )  # fmt: skip


@audience.public
@require_safe
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """The number, and until when an answer comes. The address cannot be guessed."""
    try:
        number = _SIGNER.unsign(token)
    except signing.BadSignature as error:
        raise Http404 from error
    inquiry = Inquiry.objects.filter(number=number).first()
    if inquiry is None:
        raise Http404
    return render(request, "helpdesk/inquiry_done.html", {"inquiry": inquiry, "hours": settings.SUPPORT_HOURS})


@audience(Role.OFFICE_STAFF)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What somebody sent while signed in, and what was answered; nobody else's, not even a colleague's."""
    today = business_day(request)
    context = {
        "page": Paginator(inquiries_of(signed_in_user(request).pk), PAGE).get_page(request.GET.get("page")),
        "due": due_at(clock.now(), closing_days(today)),
    }
    return render(request, "helpdesk/mine.html", context)


@audience.public
@require_POST
def solved(request: HttpRequest) -> HttpResponse:
    """An entry answered the question: counted, and no form is needed."""
    try:
        entry = entry_for(request.POST.get("slug", ""), staff=False)
    except Entry.DoesNotExist as error:
        raise Http404 from error
    if not SOLVING.wait(client_ip(request)):
        services.solved_record(slug=entry.slug, today=business_day(request))
    return render(request, "helpdesk/solved.html", {"entry": entry})
