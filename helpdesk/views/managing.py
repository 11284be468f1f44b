"""A caller who was called back becomes the office's manager, when whoever managed it is gone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.enums import LookReason
from accounts.permissions import audience
from helpdesk.enums import Act, CallerProof
from helpdesk.forms import CallerForm, ManagerForm
from helpdesk.queries.addresses import mail_addresses
from helpdesk.queries.screen import Screen
from helpdesk.rules import managing
from helpdesk.services import behalf
from helpdesk.views.acts import agreed, prove_caller
from helpdesk.views.looking import STAFF, acting, business_day, render, screen_of, seen_office
from licenses.services import Refused
from offices.models import Office
from offices.queries import members_of


@audience(*STAFF)
def manager(request: HttpRequest, number: str) -> HttpResponse:
    """What it leads to, above its button, and the act. Without a caller who was called back, first the caller."""
    office = seen_office(request, number, LookReason.CALL)
    screen = screen_of(request, office)
    if request.method != "POST" or screen.call is None:
        return manager_page(request, office, screen)
    form = ManagerForm(request.POST, unlisted=office.unlisted)
    form.full_clean()
    agreed(screen, form)
    if not form.is_valid():
        return manager_page(request, office, screen, form=form, status=422)
    wanted = form.cleaned_data
    try:
        behalf.manager_add_for_caller(
            call_id=screen.call.pk, name=wanted["name"], email=wanted["email"],
            phone=wanted.get("phone", office.phone), consent=wanted["consent"],
            today=business_day(request), acting=acting(request),
        )  # fmt: skip
    except Refused as refused:
        return manager_page(request, office, screen, form=form, problem=refused.text, status=422)
    messages.success(request, f"{wanted['name']}さんを管理者にしました。")
    return redirect("helpdesk:office", office.business_number)


def manager_page(
    request: HttpRequest, office: Office, screen: Screen, *,
    form: ManagerForm | None = None, caller_form: CallerForm | None = None, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of the act; where the caller is not called back yet, with the form that says so (``caller_form``: sent
    back with its errors)."""
    today, call = business_day(request), screen.call
    ready = call is not None and managing.is_called_back(call.proof)
    closed = office.closed_on is not None and office.closed_on <= today
    context: dict[str, Any] = {"caller_form": None} if ready else prove_caller(request, screen, caller_form)
    if not ready:
        context["caller_form"].fields["proof"].initial = CallerProof.CALL_BACK
    context |= {
        "office": office, "screen": screen, "what": str(Act.MANAGER), "label": Act.MANAGER.label, "problem": problem,
        "cannot": managing.why_no_manager(closed=closed, reachable=office.unlisted or bool(office.phone))[1], "ready": ready,
        "why_call_back": managing.NOT_CALLED_BACK,
        "form": form or ManagerForm(initial={"name": call.caller_name if call else ""}, unlisted=office.unlisted),
        "managers": [one.user.name for one in members_of(office.pk, today) if one.role == "manager"],
        "told": len(mail_addresses(office.pk, today)),
    }  # fmt: skip
    return render(request, "helpdesk/manager.html", context, status=status)
