"""The list of a member's offices: search, filter, order, pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.permissions import signed_in_user
from campaigns.forms.my import ListForm
from campaigns.queries import Mine, mine, with_waiting
from campaigns.rules import listing
from campaigns.views.my.owning import MEMBERS, flags_of, today_of
from careplan_portal.lib.japan.kana import search_key
from offices.permissions import offices_of_member

FEW = 8
"""So many offices are seen at one look: no figures and filters above them."""
PER_PAGE = 50
LAST = date.max


@MEMBERS
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """None: the ways in. One: straight to it. Many: the list."""
    found = offices_of_member(signed_in_user(request), today_of(request)).select_related("municipality", "corporation")
    listed = list(found.order_by("name", "business_number"))
    if len(listed) == 1:
        return redirect("campaigns:my-office", listed[0].business_number)
    if not listed:
        return render(request, "campaigns/my/none.html")
    everything = with_waiting(mine(listed, today_of(request), outlook=1), today_of(request))
    return render(request, "campaigns/my/offices.html", _list(request, everything))


def _list(request: HttpRequest, everything: list[Mine]) -> dict[str, Any]:
    places = sorted({_place(one) for one in everything} - {""})
    form = ListForm(request.GET, places=places)
    form.is_valid()
    chosen = sorted((one for one in everything if _fits(one, form.cleaned_data)), key=_order(form.cleaned_data))
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    groups = Counter(one.group for one in everything)
    deadlines = [one.deadline for one in everything if one.deadline and one.can_tick]
    waiting = [one.deadline for one in everything if one.deadline and one.group == listing.WAITING]
    return {
        "form": form,
        "has_many": len(everything) > FEW or any(name in request.GET for name in form.fields),
        "nothing_chosen": "nothing" in request.GET,
        "query": _query(request),
        "page": page,
        "lines": [_line(one, today_of(request)) for one in page],
        "total": len(everything),
        "groups": groups,
        "first_deadline": min(deadlines, default=None),
        "first_proof": min(waiting, default=None),
        "corporation": _corporation(everything),
        "filtered": len(chosen) != len(everything),
    }


def _query(request: HttpRequest) -> str:
    """The search and filter, to come back to after nothing was ticked."""
    kept = request.GET.copy()
    kept.pop("nothing", None)
    return kept.urlencode()


def _place(one: Mine) -> str:
    return one.office.municipality.name if one.office.municipality else ""


def _corporation(everything: list[Mine]) -> str:
    """The owner's name when all have the same one."""
    names = {one.office.corporation.name if one.office.corporation else "" for one in everything}
    return names.pop() if len(names) == 1 else ""


def _fits(one: Mine, wanted: dict[str, Any]) -> bool:
    words = search_key(wanted.get("q", ""))
    return (
        (not words or words in search_key(one.office.name) or words in one.office.business_number.lower())
        and (not wanted.get("s") or one.answer.standing.status == wanted["s"])
        and (not wanted.get("g") or one.group == wanted["g"])
        and (not wanted.get("c") or _place(one) == wanted["c"])
    )


def _order(wanted: dict[str, Any]) -> Callable[[Mine], Any]:
    orders: dict[str, Callable[[Mine], Any]] = {
        "name": lambda one: (search_key(one.office.name), one.office.business_number),
        "number": lambda one: one.office.business_number,
        "end": lambda one: (_end(one), one.office.business_number),
    }
    return orders.get(wanted.get("o", ""), _urgency)


def _urgency(one: Mine) -> Any:
    """What has to be proved or can be filed today by its deadline first, then by the term's end."""
    return (one.deadline or LAST, _end(one), one.office.business_number)


def _end(one: Mine) -> date:
    plan = one.answer.standing.plan
    return plan.current.ends_on if plan and plan.current else LAST


def _line(one: Mine, today: date) -> dict[str, Any]:
    plan, matter = one.answer.standing.plan, one.matter
    waits = one.waiting if one.group == listing.WAITING else None
    return {
        "office": one.office,
        "place": _place(one),
        "status": one.answer.standing.status,
        "flags": flags_of(one),
        "can_file": one.can_tick,
        "waits": waits,
        "next": listing.next_line(matter, plan) if matter and plan else ("", ""),
        "closed": one.office.closed_on is not None,
        "can": _can(one, today),
    }


def _can(one: Mine, today: date) -> str:
    plan, closed_on = one.answer.standing.plan, one.office.closed_on
    if closed_on is not None:
        return listing.closed_line(closed_on, today)
    return listing.can_line(one.matter, plan) if one.matter and plan else one.answer.problem
