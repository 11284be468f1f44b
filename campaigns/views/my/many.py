"""Filing for many offices at once: choose, check, send, and a result for each.

Each office is one filing of its own, in a transaction of its own. Its form key comes from the key of
the whole and its number, so sending again files nothing twice, and the result can be read anew from
what was filed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import signed_in_user
from campaigns import rules, services
from campaigns.enums import Channel, Proof
from campaigns.forms.my import ListForm, ManyForm
from campaigns.models import FreePassApplication
from campaigns.queries import Mine, mine, receipt_path, with_waiting
from campaigns.rules import listing
from campaigns.views.my.owning import MEMBERS, acting, today_of
from careplan_portal.lib import policies
from licenses.services import Refused
from offices.permissions import offices_of_member

MOST = 100
# A browser that waits longer looks broken: what is left is sent by one more press.
SECONDS = 8.0
# Where the session keeps what was typed and could not be sent.
TYPED = "my-apply"


def chosen(request: HttpRequest, numbers: list[str]) -> list[Mine]:
    """Those of the numbers that are the person's own offices, with their answers; 404 for none."""
    found = offices_of_member(signed_in_user(request), today_of(request)).filter(business_number__in=numbers[:MOST])
    listed = list(found.select_related("municipality", "corporation").order_by("business_number"))
    if not listed:
        raise Http404
    today = today_of(request)
    return sorted(with_waiting(mine(listed, today), today), key=lambda one: one.deadline or today)


@MEMBERS
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Check answers: what changes by sending stands above the button. Sending files one by one. What cannot be sent
    is shown at an address of its own, so that going back from the result never asks to send again."""
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.getlist("o"):
        return redirect(f"{reverse('campaigns:my')}?{_list_query(request, nothing='1')}")
    offices = chosen(request, asked.getlist("o"))
    if request.method != "POST":
        return _check(request, offices)
    form = ManyForm(request.POST)
    return _send(request, offices, form) if form.is_valid() else _show_again(request)


def _list_query(request: HttpRequest, **more: str) -> str:
    """The search and filter of the list that one came from."""
    came_with = QueryDict(request.GET.get("back", "")).items()
    return urlencode({name: str(value) for name, value in came_with if name in (*ListForm.base_fields, "page")} | more)


def _show_again(request: HttpRequest) -> HttpResponse:
    """Keep what was typed in the session until it can be sent."""
    request.session[TYPED] = {
        "batch": request.POST.get("batch", ""),
        "scope": request.POST.getlist("scope"),
        "fields": {name: request.POST[name] for name in ManyForm.base_fields if name in request.POST},
    }
    query = {"o": request.POST.getlist("o"), "batch": request.POST.get("batch", "")}
    return redirect(f"{reverse('campaigns:my-apply')}?{urlencode(query, doseq=True)}")


def _check(request: HttpRequest, offices: list[Mine]) -> HttpResponse:
    typed, user = request.session.get(TYPED, {}), signed_in_user(request)
    if not typed or typed["batch"] != request.GET.get("batch"):
        typed = {}
    form = ManyForm(typed.get("fields"), initial={"name": user.name, "email": user.email})
    lines = [_line(one, typed.get("scope", [])) for one in offices if one.can_tick]
    to_confirm = sum(line["out_of_scope"] for line in lines)
    context = {
        "lines": lines,
        "to_confirm": to_confirm,
        "sure": len(lines) - to_confirm,
        "yearly": listing.yearly_after([one.matter for one in offices if one.can_tick and one.matter]),
        "not_now": [{"office": one.office, "why": _why_not(one)} for one in offices if not one.can_tick],
        "form": form,
        "batch": typed.get("batch") or uuid4(),
        "back": _list_query(request),
        "terms": policies.terms(today_of(request)),
        "privacy": policies.privacy(today_of(request)),
    }
    return render(request, "campaigns/my/apply.html", context, status=422 if form.errors else 200)


def _line(one: Mine, confirmed: list[str]) -> dict[str, Any]:
    assert one.matter is not None
    stop_by, fee_after = listing.after_free_year(one.matter)
    return {
        "office": one.office,
        "term": one.matter.answer.free_term,
        "stop_by": stop_by,
        "fee_after": fee_after,
        "begun_bill": listing.begun_bill(one.matter),
        "withdraws_stop": one.matter.situation.stop_requested,
        "out_of_scope": bool(one.matter.answer.warnings),
        "scope_seen": one.office.business_number in confirmed,
        "shown": rules.fingerprint(one.matter.answer, one.matter.situation),
    }


@dataclass(frozen=True)
class Batch:
    """One sending: the key of the whole, and how each office's filing is found again by it."""

    key: UUID

    def form_key(self, number: str) -> UUID:
        return uuid5(self.key, number)


def _batch(text: str) -> Batch:
    try:
        return Batch(UUID(text))
    except ValueError as error:
        raise Http404 from error


def _send(request: HttpRequest, offices: list[Mine], form: ManyForm) -> HttpResponse:
    """File for those that are left, as long as people wait; then the result, or one more press."""
    batch, numbers = _batch(request.POST.get("batch", "")), [one.office.business_number for one in offices]
    left = [one for one in offices if _is_left(request, one)]
    until = time.monotonic() + SECONDS
    while left:
        _file(request, left.pop(0), form, batch)
        if time.monotonic() >= until:
            break
    if left:
        rest = [one.office.business_number for one in left]
        context = {"rest": rest, "numbers": numbers, "batch": batch.key, "kept": _kept(request)}
        return render(request, "campaigns/my/applying.html", context)
    request.session.pop(TYPED, None)
    return redirect(f"{reverse('campaigns:my-applied', args=[batch.key])}?{urlencode({'o': numbers}, doseq=True)}")


def _is_left(request: HttpRequest, one: Mine) -> bool:
    """Chosen, not yet sent by an earlier press, no filing waiting, and confirmed where it lies outside the standard."""
    number = one.office.business_number
    rest = request.POST.getlist("left")
    outside = one.matter is not None and bool(one.matter.answer.warnings)
    confirmed = not outside or number in request.POST.getlist("scope")
    return confirmed and one.waiting is None and (not rest or number in rest)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was sent, for the press that sends the rest."""
    left_out = ("csrfmiddlewaretoken", "left", "o", "batch")
    return [(name, value) for name in request.POST if name not in left_out for value in request.POST.getlist(name)]


def _file(request: HttpRequest, one: Mine, form: ManyForm, batch: Batch) -> None:
    """One office's filing; why another one was not made is told by the result, from its answer."""
    number, today = one.office.business_number, today_of(request)
    applicant = services.Applicant(
        name=form.cleaned_data["name"],
        phone=form.cleaned_data["phone"],
        email=form.cleaned_data["email"],
        terms_version=str(policies.terms(today).version),
        privacy_version=str(policies.privacy(today).version),
        user_id=signed_in_user(request).pk,
    )
    try:
        services.application_file(
            office_id=one.office.pk,
            applicant=applicant,
            channel=Channel.MEMBER,
            shown=request.POST.get(f"shown-{number}", ""),
            form_key=batch.form_key(number),
            today=today,
            acting=acting(request, "事業所の画面。まとめて申請"),
            proof=Proof.MEMBER,
        )
    except (Refused, services.AnswerChanged):
        return


@MEMBERS
@require_safe
def applied(request: HttpRequest, key: str) -> HttpResponse:
    """The result for each, read from what was filed; so it can be reloaded and bookmarked."""
    batch, offices = _batch(key), chosen(request, request.GET.getlist("o"))
    keys = {batch.form_key(one.office.business_number): one for one in offices}
    filed = {
        application.form_key: application
        for application in FreePassApplication.objects.filter(form_key__in=keys)
        .select_related("reservation")
        .order_by("pk")
    }
    context = {
        "done": [_filed_line(keys[key], application) for key, application in filed.items()],
        "not_done": [_not_filed_line(one) for key, one in keys.items() if key not in filed],
        "total": len(offices),
    }
    return render(request, "campaigns/my/applied.html", context)


def _filed_line(one: Mine, application: FreePassApplication) -> dict[str, Any]:
    fee = one.matter.fee(application.ends_on) if one.matter else ""
    return {"office": one.office, "application": application, "receipt": receipt_path(application), "fee": fee}


def _not_filed_line(one: Mine) -> dict[str, Any]:
    """Why there is no filing, from the answer as it is now."""
    line = {"office": one.office, "again": one.can_tick, "tone": "alert"}
    if one.matter is None or not one.can_tick:
        return line | {"why": _why_not(one)}
    if one.matter.answer.warnings:
        why = "このサービスはデータ連携の対象外です。使える場面が限られることの確認が要ります。"
        return line | {"why": why, "tone": "wait"}
    now = rules.tell(one.matter).title
    return line | {"why": f"まだ送られていません。いまの答えは「{now}」です。確かめて、もう一度送ってください。"}


def _why_not(one: Mine) -> str:
    """Why an office cannot file today: what it already has, or what stands in the way."""
    if one.matter is None:
        return one.answer.problem
    if one.office.closed_on is not None:
        return f"{listing.closed_line(one.office.closed_on, one.matter.today)}。"
    if one.waiting is not None:
        return listing.waiting_line(one.waiting.receipt_number, one.waiting.prove_by)
    told = rules.tell(one.matter)
    return f"{told.say}。{told.title}。"
