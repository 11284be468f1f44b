"""Stopping, in three pages, and taking it back (R10)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.my import ShownForm, StopForm
from campaigns.queries import Mine, stop_filed_on, stop_paper, stop_taken_back
from campaigns.rules import coming
from campaigns.rules.stopping import StopAhead, refund_line, stop_ahead
from campaigns.services.agreed import agreed_stop_file, agreed_stop_withdraw
from campaigns.views.my.owning import MEMBERS, acting, flags_of, own, refusal, shown_of, today_of
from careplan_portal.lib.templatetags.portal_words import ja_moment
from careplan_portal.lib.words import ja_date
from offices.queries import members_of

READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])


def _ahead(page: Mine) -> StopAhead | None:
    plan = page.answer.standing.plan
    return stop_ahead(page.matter, plan) if plan is not None and page.matter is not None else None


def _is_stopping(page: Mine) -> bool:
    plan = page.answer.standing.plan
    return plan is not None and plan.is_stopping


def _show(request: HttpRequest, name: str, page: Mine, refused: str = "", **more: Any) -> HttpResponse:
    """A page of this way; where there is no term to stop, the page that says so."""
    ahead = _ahead(page)
    context = {"page": page, "office": page.office, "ahead": ahead, "refused": refused, "flags": flags_of(page)}
    template = f"campaigns/my/{name}.html" if ahead else "campaigns/my/no_term.html"
    return render(request, template, context | more, status=409 if refused else 200)


@MEMBERS
@require_safe
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """First page: what stopping means, beside going on."""
    page = own(request, number)
    if _is_stopping(page):
        return redirect("campaigns:my-stop-done", number)
    return _show(request, "stop", page)


@MEMBERS
@READ_AND_SEND
def stop_send(request: HttpRequest, number: str) -> HttpResponse:
    """Second page: check and send. Sending twice files one stop."""
    page = own(request, number)
    if request.method != "POST" and _is_stopping(page):
        return redirect("campaigns:my-stop-done", number)
    form, refused = _stop_form(request, page), ""
    if form.is_bound and form.is_valid():
        refused = refusal(partial(_file, request, page, form))
        if not refused:
            return redirect("campaigns:my-stop-done", number)
        form = _stop_form(None, page)
    return _show(request, "stop_send", page, refused, form=form, **_facts(request, page))


def _stop_form(request: HttpRequest | None, page: Mine) -> StopForm:
    ahead = _ahead(page)
    says = f"{page.matter.short(ahead.after)}から使えなくなることが分かりました。" if ahead and page.matter else ""
    if ahead and ahead.releases:
        says = says.replace("使えなくなること", "使えなくなり、予約が外れること")
    sent = request.POST if request is not None and request.method == "POST" else None
    return StopForm(sent, says=says, initial={"shown": shown_of(page)})


def _file(request: HttpRequest, page: Mine, form: StopForm) -> None:
    reasons = form.reasons_said()
    agreed_stop_file(
        office_id=page.office.pk,
        shown=form.cleaned_data["shown"],
        today=today_of(request),
        acting=acting(request, f"事業所の画面。わけ：{reasons}" if reasons else "事業所の画面"),
    )


def _facts(request: HttpRequest, page: Mine) -> dict[str, Any]:
    plan = page.answer.standing.plan
    members = members_of(page.office.pk, today_of(request))
    return {
        "refund": refund_line(plan.current) if plan is not None and plan.current is not None else "",
        "receivers": [member.user.email for member in members if member.receives_notices],
    }


@MEMBERS
@require_safe
def stop_done(request: HttpRequest, number: str) -> HttpResponse:
    """Third page: the receipt, with the way back beside it; after the way back, that it is taken."""
    page = own(request, number)
    plan = page.answer.standing.plan
    if not _is_stopping(page):
        back = stop_taken_back(page.office.pk, plan.current) if plan is not None and plan.current is not None else None
        if back is None:
            return redirect("campaigns:my-stop", number)
        return _show(request, "stop_withdrawn", page, back=back, paper=stop_paper(page.office.pk))
    assert plan is not None
    assert page.matter is not None
    events = coming.coming(page.matter, plan, page.answer.standing.outlook)
    return _show(request, "stop_done", page, events=events, **_receipt(page))


def _receipt(page: Mine) -> dict[str, Any]:
    """The paper of the stop on file and when it was filed; a stop that was taken over with the record has none."""
    plan, paper = page.answer.standing.plan, stop_paper(page.office.pk)
    if paper is not None and not paper.is_taken_back:
        return {"paper": paper, "filed": ja_moment(paper.requested_at)}
    filed_on = stop_filed_on(page.office.pk, plan.current) if plan is not None and plan.current is not None else None
    return {"paper": None, "filed": f"{ja_date(filed_on)}の届け" if filed_on else ""}


@MEMBERS
@READ_AND_SEND
def stop_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Taking the stop back, up to and including the term's last day."""
    page = own(request, number)
    form, refused = ShownForm(request.POST or None, initial={"shown": shown_of(page)}), ""
    if request.method == "POST" and form.is_valid():
        refused = refusal(partial(_take_back, request, page, form.cleaned_data["shown"]))
        form = ShownForm(initial={"shown": shown_of(page)})
    if not refused and (request.method == "POST" or not _is_stopping(page)):
        return redirect("campaigns:my-stop-done", number)
    return _show(request, "stop_withdraw", page, refused, form=form)


def _take_back(request: HttpRequest, page: Mine, shown: str) -> None:
    agreed_stop_withdraw(office_id=page.office.pk, shown=shown, today=today_of(request), acting=acting(request))
