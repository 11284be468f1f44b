"""The page of everything that lives elsewhere, and the operator's pages to keep it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from careplan_portal.lib.acting import Acting
from links import queries, services
from links.enums import Kind
from links.forms import AddressForm, NewForm, ReasonForm, WordsForm
from links.models import Link

SEES = audience(Role.OPERATOR, Role.AUDITOR)
ACTS = audience(Role.OPERATOR)


@audience.public
@require_safe
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Everything that is shown: by kind what can be opened, then what has no known address."""
    found = list(queries.links_on(_today(request)))
    known = [link for link in found if link.url]  # type: ignore[attr-defined]
    groups = [(kind.label, [link for link in known if link.kind == kind]) for kind in Kind]
    context = {
        "groups": [(name, links) for name, links in groups if links],
        "unknown": [link for link in found if link not in known],
    }
    return render(request, "links/elsewhere.html", context)


@SEES
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    found = list(queries.links_on(_today(request), withdrawn=True))
    unknown = sum(not link.url and link.withdrawn_at is None for link in found)  # type: ignore[attr-defined]
    return render(request, "links/desk.html", {"links": found, "unknown": unknown, "may_act": _may_act(request)})


@ACTS
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = NewForm(request.POST or None, initial={"order": 100})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        link = services.link_add(key=wanted["key"], acting=_acting(request, wanted["reason"]), **form.words())
        messages.success(request, f"「{link.name}」を加えました。アドレスは、まだ分からないことになっています。")
        return redirect("links:link", link.key)
    return render(request, "links/new.html", {"form": form}, status=422 if form.is_bound else 200)


@SEES
@require_safe
def link(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, key)


@ACTS
@require_POST
def reword(request: HttpRequest, key: str) -> HttpResponse:
    form = WordsForm(request.POST, prefix="words")
    if not form.is_valid():
        return _page(request, key, words_form=form)
    services.link_reword(link_id=_link(key).pk, acting=_acting(request, form.cleaned_data["reason"]), **form.words())
    messages.success(request, "説明を変えました。")
    return redirect("links:link", key)


@ACTS
@require_POST
def address(request: HttpRequest, key: str) -> HttpResponse:
    form = AddressForm(request.POST, prefix="address")
    if not form.is_valid():
        return _page(request, key, address_form=form)
    wanted = form.cleaned_data
    services.address_record(
        link_id=_link(key).pk, url=wanted["url"], starts_on=wanted["starts_on"], today=_today(request),
        acting=_acting(request, wanted["reason"]),
    )  # fmt: skip
    messages.success(request, "アドレスを記録しました。")
    return redirect("links:link", key)


@ACTS
@require_POST
def checked(request: HttpRequest, key: str) -> HttpResponse:
    """The operator has opened it; the day is shown to everybody."""
    try:
        services.link_check_record(
            link_id=_link(key).pk, today=_today(request), acting=_acting(request, "開いて確かめた")
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "きょう開くことを確かめた、と記録しました。")
    return redirect("links:link", key)


@ACTS
@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Show it no more, or again."""
    form = ReasonForm(request.POST, prefix="end")
    if not form.is_valid():
        return _page(request, key, end_form=form)
    ending = request.POST.get("do") != "restore"
    services.link_withdraw(
        link_id=_link(key).pk, withdrawn=ending, acting=_acting(request, form.cleaned_data["reason"])
    )
    messages.success(request, "ページに出さないことにしました。" if ending else "また出すことにしました。")
    return redirect("links:link", key)


def _page(request: HttpRequest, key: str, **forms_: forms.Form) -> HttpResponse:
    found = get_object_or_404(queries.links_on(_today(request), withdrawn=True), key=key)
    initial = {name: getattr(found, name) for name in services.WORDS}
    context: dict[str, Any] = {
        "link": found,
        "addresses": queries.address_history(found),
        "events": found.events.select_related("by")[:100],
        "may_act": _may_act(request),
        "address_form": AddressForm(prefix="address", initial={"starts_on": _today(request)}),
        "words_form": WordsForm(prefix="words", initial=initial),
        "end_form": ReasonForm(prefix="end"),
        "today": _today(request),
    }
    return render(request, "links/link.html", context | forms_, status=422 if forms_ else 200)


def _link(key: str) -> Link:
    return get_object_or_404(Link, key=key)


def _may_act(request: HttpRequest) -> bool:
    return signed_in_user(request).role == Role.OPERATOR


def _acting(request: HttpRequest, reason: str) -> Acting:
    user = signed_in_user(request)
    return Acting(user.pk, user.role, reason)


def _today(request: HttpRequest) -> date:
    today: date = request.today  # type: ignore[attr-defined]
    return today
