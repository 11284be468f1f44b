"""The check without signing in: a number, a few questions, the answer. GET only, nothing is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import audience
from campaigns.forms.check import KEYS, FreePassForm, NumberForm, RenewalForm, TermForm, claims_in, kept
from campaigns.permissions import acts_for
from campaigns.queries import Answered, answered_claims, answered_office, campaign_on, office_asked, window_of
from campaigns.rules import Claims
from campaigns.views.remembering import draft_here
from careplan_portal.lib import charts
from careplan_portal.lib.japan.business_number import BusinessNumber, BusinessNumberError, parse
from offices.enums import IN_SCOPE
from offices.models import Office
from offices.queries import near_offices_for, scope_of_codes


@dataclass(frozen=True)
class Subject:
    """The number that is asked about, and what the register and the public know of it."""

    number: BusinessNumber
    office: Office | None
    today: date
    uses: bool = False  # the system, today
    rival_at: datetime | None = None  # when another filing came that waits for proof
    services: tuple[str, ...] = ()  # what was stated of an office that the register lacks

    @property
    def is_known(self) -> bool:
        return self.office is not None and bool(self.office.name)

    @property
    def is_closed(self) -> bool:
        """Closed, or reported to close: nothing is filed for it any more."""
        return self.office is not None and self.office.closed_on is not None

    @property
    def in_scope(self) -> bool | None:
        if self.office is not None and self.office.scope:
            return self.office.scope in IN_SCOPE
        return scope_of_codes(self.services).in_scope if self.services else None


def subject_of(request: HttpRequest) -> Subject | None:
    """The number in the address; None when it is none."""
    typed = (request.POST or request.GET).get("number", "")[:60]
    try:
        number = parse(typed)
    except BusinessNumberError:
        return None
    return subject_for(number, request.today)  # type: ignore[attr-defined]


def subject_for(number: BusinessNumber, today: date, services: tuple[str, ...] = ()) -> Subject:
    asked = office_asked(number.value, today)
    return Subject(number, asked.office, today, asked.uses, asked.rival_at, services)


@audience.public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The portal's first page: one question, one field, one button."""
    return _start(request, NumberForm())


def _start(request: HttpRequest, form: NumberForm, near: list[Office] | None = None) -> HttpResponse:
    today: date = request.today  # type: ignore[attr-defined]
    campaign = campaign_on(today)
    window = window_of(campaign)
    progress = charts.progress(window.starts_on, window.ends_on, today=today) if today in window else None
    context = {"form": form, "near": near or [], "campaign": campaign, "window": window, "progress": progress,
               "begun": draft_here(request)}  # fmt: skip
    return render(request, "campaigns/check/start.html", context)


@audience.public
@require_safe
def number(request: HttpRequest) -> HttpResponse:
    """Take the number in any spelling; on to the next question, or to what is odd about it."""
    form = NumberForm(request.GET)
    if not form.is_valid():
        return _start(request, form, near_offices_for(request.GET.get("number", "")[:60]))
    subject = subject_of(request)
    assert subject is not None
    if not subject.is_known and not request.GET.get("sure"):
        return _unknown(request, subject)
    return redirect(_next(request, subject))


def _unknown(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Not in the register: near numbers first, and no dead end either way (DOMAIN, "Business number")."""
    near = near_offices_for(subject.number.value)
    context = {
        "subject": subject,
        "near": near,
        "odd": subject.number.hints,
        "onward": kept({"number": subject.number.value}, sure="1"),
        "form": NumberForm(initial={"number": subject.number.grouped}),
    }
    return render(request, "campaigns/check/unknown.html", context)


def _next(request: HttpRequest, subject: Subject, **more: str) -> str:
    """The next page that has something to ask, or the result."""
    params = {key: request.GET.get(key, "") for key in request.GET} | {"number": subject.number.value} | more
    office_id = subject.office.pk if subject.office else None
    page = "result"
    if not subject.is_closed and not acts_for(request.user, office_id, subject.today):
        claims = claims_in(params, subject.uses, subject.today)
        page = claims if isinstance(claims, str) else "result"
    return f"{reverse(f'campaigns:check-{page}')}?{kept(params)}"


@audience.public
@require_safe
def term(request: HttpRequest) -> HttpResponse:
    subject = subject_of(request)
    if subject is None:
        return redirect("campaigns:start")
    form = TermForm(_sent(request), today=subject.today, initial={"day": request.GET.get("end", "")})
    if form.is_bound and form.is_valid():
        return redirect(_next(request, subject, end=form.cleaned_data["ends_on"].isoformat(), sent=""))
    return _question(request, "campaigns/check/term.html", subject, form)


@audience.public
@require_safe
def free_pass(request: HttpRequest) -> HttpResponse:
    subject = subject_of(request)
    if subject is None:
        return redirect("campaigns:start")
    form = FreePassForm(_sent(request), uses=subject.uses, initial={"fp": request.GET.get("fp", "")})
    if form.is_bound and form.is_valid():
        return redirect(_next(request, subject, sent=""))
    return _question(request, "campaigns/check/free_pass.html", subject, form)


@audience.public
@require_safe
def renewal(request: HttpRequest) -> HttpResponse:
    subject = subject_of(request)
    if subject is None:
        return redirect("campaigns:start")
    initial = {"renewal": request.GET.get("renewal", "")}
    form = RenewalForm(_sent(request), free_pass=request.GET.get("fp", ""), initial=initial)
    if form.is_bound and form.is_valid():
        return redirect(_next(request, subject, sent=""))
    return _question(request, "campaigns/check/renewal.html", subject, form)


def _sent(request: HttpRequest) -> Any:
    """The answers of a page that was sent; None when it is shown for the first time."""
    return request.GET if request.GET.get("sent") else None


def _question(request: HttpRequest, template: str, subject: Subject, form: forms.Form) -> HttpResponse:
    own = set(form.fields) | ({"end"} if "day" in form.fields else set())
    hidden = [(key, value) for key, value in _kept_items(request) if key not in own]
    context = {"subject": subject, "form": form, "hidden": hidden, "before": _before(request, subject, own)}
    return render(request, template, context)


def _before(request: HttpRequest, subject: Subject, own: set[str]) -> str:
    """The question before this one, with every answer; empty on the first."""
    if "day" in own or not subject.uses:
        return ""
    page = "free-pass" if "renewal" in own else "term"
    return f"{reverse(f'campaigns:check-{page}')}?{kept(request.GET)}"


def _kept_items(request: HttpRequest) -> list[tuple[str, str]]:
    return [(key, value) for key in KEYS if (value := request.GET.get(key, ""))]


@audience.public
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Whether, from when, until when, at what cost, and what comes after."""
    subject = subject_of(request)
    if subject is None:
        return redirect("campaigns:start")
    if subject.is_closed:
        return render(request, "campaigns/check/closed.html", {"subject": subject})
    is_member = acts_for(request.user, subject.office.pk if subject.office else None, subject.today)
    claims = None if is_member else claims_in(request.GET, subject.uses, subject.today)
    if isinstance(claims, str):
        return redirect(_next(request, subject))
    return _result(request, subject, claims)


def _result(request: HttpRequest, subject: Subject, claims: Claims | None) -> HttpResponse:
    answered = answer_for(subject, claims)
    context = {
        "subject": subject,
        "claims": claims,
        "answered": answered,
        "hidden": _kept_items(request),
        "change": _to_change(request, subject) if claims else "",
    }
    return render(request, "campaigns/check/result.html", context)


def _to_change(request: HttpRequest, subject: Subject) -> str:
    """The first question again, with every answer that was given."""
    return f"{reverse('campaigns:check-term' if subject.uses else 'campaigns:check-free-pass')}?{kept(request.GET)}"


def answer_for(subject: Subject, claims: Claims | None) -> Answered:
    """To a member from the record, to a visitor from the claims."""
    if claims is None:
        assert subject.office is not None
        return answered_office(subject.office.pk, subject.today)
    return answered_claims(claims, subject.in_scope, subject.today)
