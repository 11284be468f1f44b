"""A paid year from today (R12) or from the renewal date of a manual office (R9), and taking a
reservation back (R8)."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.forms.my import PayForm, ShownForm
from campaigns.queries import Mine, open_reservation
from campaigns.rules import paying
from campaigns.rules.stopping import withdrawal_ahead
from campaigns.services.agreed import agreed_paid_renewal, agreed_paid_start, agreed_reservation_withdraw
from campaigns.views.my.owning import MEMBERS, acting, own, refusal, shown_of, today_of

READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])


@MEMBERS
@READ_AND_SEND
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The Free Pass first where it is open; paying all the same is said apart."""
    page, refused = own(request, number), ""
    ahead, why = _ahead(page)
    form = _form(request, page, ahead)
    if form.is_bound and form.is_valid():
        refused = refusal(partial(_pay, request, page, form))
        if not refused:
            messages.success(
                request, "有償の利用を受け付けました。下の「次に起きること」で、日付と料金を確かめてください。"
            )
            return redirect("campaigns:my-office", number)
        form = _form(None, page, ahead)
    context = {"page": page, "office": page.office, "ahead": ahead, "why": why, "form": form, "refused": refused}
    return render(request, "campaigns/my/pay.html", context, status=409 if refused else 200)


def _ahead(page: Mine) -> tuple[paying.PayAhead | None, str]:
    plan, matter = page.answer.standing.plan, page.matter
    if plan is None or matter is None:
        return None, page.answer.problem
    ahead = paying.pay_ahead(matter, plan, page.office.closed_on)
    return ahead, "" if ahead else paying.why_not(matter, plan, page.office.closed_on)


def _form(request: HttpRequest | None, page: Mine, ahead: paying.PayAhead | None) -> PayForm:
    sent = request.POST if request is not None and request.method == "POST" else None
    says = f"年{ahead.fee}がかかり、途中でやめてもお金は戻らないことが分かりました。" if ahead else ""
    free_first = bool(ahead and ahead.free_first)
    initial = {"shown": shown_of(page), "door": ahead.door if ahead else ""}
    return PayForm(sent, says=says, free_first=free_first, initial=initial)


def _pay(request: HttpRequest, page: Mine, form: PayForm) -> None:
    # What was shown decides, so that a second click finds its own act done.
    act = agreed_paid_renewal if form.cleaned_data["door"] == paying.RENEW else agreed_paid_start
    act(
        office_id=page.office.pk,
        shown=form.cleaned_data["shown"],
        all_the_same=form.cleaned_data.get("all_the_same", False),
        today=today_of(request),
        acting=acting(request),
    )


@MEMBERS
@READ_AND_SEND
def reservation_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the reservation for the next term back, up to the day before its renewal date."""
    page, refused = own(request, number), ""
    form = ShownForm(request.POST or None, initial={"shown": shown_of(page)})
    if request.method == "POST" and form.is_valid():
        refused = refusal(partial(_withdraw, request, page, form.cleaned_data["shown"]))
        if not refused:
            messages.success(request, "予約を取り下げました。")
            return redirect("campaigns:my-office", number)
        form = ShownForm(initial={"shown": shown_of(page)})
    plan, matter = page.answer.standing.plan, page.matter
    context = {
        "page": page,
        "office": page.office,
        "form": form,
        "refused": refused,
        "reservation": open_reservation(page.office.pk),
        "ahead": withdrawal_ahead(matter, plan) if plan is not None and matter is not None else None,
    }
    return render(request, "campaigns/my/reservation_withdraw.html", context, status=409 if refused else 200)


def _withdraw(request: HttpRequest, page: Mine, shown: str) -> None:
    agreed_reservation_withdraw(office_id=page.office.pk, shown=shown, today=today_of(request), acting=acting(request))
