"""Whose page it is: every view of the members' area begins here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpRequest

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from campaigns.queries import Mine, mine
from campaigns.rules.agreeing import plan_fingerprint
from campaigns.services.agreed import StandingChanged
from careplan_portal.lib.acting import MEMBER, Acting
from licenses.services import Refused
from offices.models import Office
from offices.permissions import own_office as member_office

MEMBERS = audience(Role.OFFICE_STAFF, own={Role.OFFICE_STAFF: "office"})

CHANGED = (
    "画面を開いたあとに、この事業所の状態が変わりました。何も送っていません。"
    "下の、いまの内容を確かめて、もう一度選んでください。"
)


def today_of(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


def own_office(request: HttpRequest, number: str) -> Office:
    """The office if the person is a member of it today; 404 for every other one."""
    found = member_office(signed_in_user(request), number, today_of(request))
    if found is None:
        raise Http404
    return found


def own(request: HttpRequest, number: str) -> Mine:
    """The same with the rules' answer."""
    return mine([own_office(request, number)], today_of(request))[0]


def acting(request: HttpRequest, reason: str = "事業所の画面") -> Acting:
    return Acting(signed_in_user(request).pk, MEMBER, reason)


def shown_of(page: Mine) -> str:
    """The fingerprint to put on the page; empty when nothing can be promised."""
    plan = page.answer.standing.plan
    return plan_fingerprint(plan) if plan else ""


def refusal(act: Callable[[], object]) -> str:
    """Do it; the sentence for people when it was not done, empty when it was."""
    try:
        act()
    except Refused as refused:
        return refused.text
    except StandingChanged:
        return CHANGED
    return ""


def flags_of(one: Mine) -> list[str]:
    """The dashed marks beside the state: stopping, and what is reserved."""
    plan = one.answer.standing.plan
    if plan is None:
        return []
    found = ["stopping"] if plan.is_stopping else []
    if plan.is_reserved and plan.facts.reservation is not None:
        found.append("reserved" if plan.facts.reservation.kind == "free_pass" else "reserved_paid")
    return found
