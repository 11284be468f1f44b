"""Public pages of figures: the nation, prefectures, municipalities; each card by itself and as files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from adoption.documents.body import body_of
from adoption.documents.card import Card, cut_name, place_url
from adoption.documents.cards import cards_of, late
from adoption.documents.picture import as_png, picture
from adoption.documents.sheets import as_csv, as_xlsx
from adoption.enums import ALL, NATION
from adoption.forms import BoardFilters
from adoption.permissions import area_visible_to
from adoption.queries.board import board
from adoption.queries.figures import Run, newest_run, run_on
from adoption.queries.places import Place, place_of_area, places_called, public_places

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STAFF = (Role.OFFICER, Role.HELPDESK, Role.OPERATOR, Role.AUDITOR)


@audience.public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _page(request, public_places()[NATION])


@audience.public
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """A place by its name: straight to it where only one is meant."""
    text = request.GET.get("q", "").strip()[:40]
    found = places_called(text)
    exact = [place for place in found if text in (place.name, place.name[:-1], f"{place.prefecture_name}{place.name}")]
    only = found if len(found) == 1 else exact
    if len(only) == 1:
        return redirect(place_url(only[0]))
    return render(request, "adoption/find.html", {"text": text, "found": [(p, place_url(p)) for p in found]})


@audience.public
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _public(code))


@audience.public
@require_safe
def card(request: HttpRequest, code: str, key: str, kind: str = "") -> HttpResponse:
    return _card(request, _public(code), key, kind)


@audience(*STAFF, own={Role.OFFICER: "area"})
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _own_place(request, code))


@audience(*STAFF, own={Role.OFFICER: "area"})
@require_safe
def area_card(request: HttpRequest, code: str, key: str, kind: str = "") -> HttpResponse:
    return _card(request, _own_place(request, code), key, kind)


def _own_place(request: HttpRequest, code: str) -> Place:
    found = area_visible_to(signed_in_user(request), code)
    if found is None:
        raise Http404("この地域はありません。")
    return place_of_area(found)


def _public(code: str) -> Place:
    try:
        return public_places()[code]
    except KeyError:
        raise Http404("この番号の地域はありません。") from None


def _chosen(request: HttpRequest) -> tuple[Run | None, str, BoardFilters]:
    """Which figures are asked for: the newest of everybody, unless the address says otherwise."""
    today = request.today  # type: ignore[attr-defined]
    filters = BoardFilters(request.GET or None)
    chosen = filters.chosen
    run = run_on(chosen["on"]) if chosen.get("on") else newest_run(today)
    return run, chosen.get("cut") or ALL, filters


def _page(request: HttpRequest, place: Place) -> HttpResponse:
    run, cut, filters = _chosen(request)
    context: dict[str, Any] = {"place": place, "filters": filters, "run": run, "cut": cut, "base": place_url(place)}
    if run is None:
        return render(request, "adoption/not_yet.html", context)
    context |= {"cut_name": cut_name(cut), "chosen_day": filters.chosen.get("on")}
    context["body"] = body_of(place, run, cut, request.today, _query(filters), filters.plan)  # type: ignore[attr-defined]
    return render(request, "adoption/board.html", context)


def _query(filters: BoardFilters) -> str:
    """The understood part of the address, for links to cards and files."""
    query = urlencode(filters.chosen)
    return f"?{query}" if query else ""


def _card(request: HttpRequest, place: Place, key: str, kind: str) -> HttpResponse:
    run, cut, filters = _chosen(request)
    today = request.today  # type: ignore[attr-defined]
    found = board(place, run, cut) if run else None
    card = next((one for one in cards_of(found, today, filters.plan) if one.key == key), None) if found else None
    if found is None or card is None:
        raise Http404("このカードはありません。")
    if kind:
        return _file(request, place, card, kind)
    context = {"place": place, "board": found, "card": card, "query": _query(filters), "base": place_url(place),
               "late": late(found.run, today), "cut_name": cut_name(found.cut), "plan": filters.plan,
               "filters": filters}  # fmt: skip
    return render(request, "adoption/card_page.html", context)


def _file(request: HttpRequest, place: Place, card: Card, kind: str) -> HttpResponse:
    address = request.build_absolute_uri(request.get_full_path())
    response: HttpResponse
    if kind == "csv":
        response = HttpResponse(as_csv(card.sheet), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(as_xlsx(card.sheet, address=address), content_type=XLSX)
    elif kind == "png" and (pixels := as_png(card)):
        response = HttpResponse(pixels, content_type="image/png")
    elif kind == "svg" and (drawn := picture(card)):
        response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    else:
        raise Http404("この形式のファイルはありません。")
    response["Content-Disposition"] = f'attachment; filename="{place.code}_{card.key}_{card.sheet.day}.{kind}"'
    return response
