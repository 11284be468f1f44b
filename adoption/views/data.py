"""Definitions of the figures, and open data under names that stay."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import audience
from adoption.documents.opendata import file_of, level_sheet, place_sheet
from adoption.queries.figures import newest_run
from adoption.queries.places import level_places, municipalities_in, public_places
from adoption.rules.definitions import ALL_DEFINITIONS, SOURCES

LEVELS = {"prefectures": "prefecture", "municipalities": "municipality"}


@audience.public
@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    return render(request, "adoption/definitions.html", {"definitions": ALL_DEFINITIONS, "sources": SOURCES})


@audience.public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    chosen = public_places().get(request.GET.get("prefecture", ""))
    context = {"run": newest_run(request.today), "prefectures": level_places("prefecture"), "chosen": chosen,  # type: ignore[attr-defined]
               "municipalities": municipalities_in(chosen.code) if chosen else ()}  # fmt: skip
    return render(request, "adoption/data.html", context)


@audience.public
@require_safe
def file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """`prefectures`, `municipalities`, or the code of one place; always the newest figures."""
    run = newest_run(request.today)  # type: ignore[attr-defined]
    if run is None:
        raise Http404("数字はまだありません。")
    if name in LEVELS:
        sheet = level_sheet(LEVELS[name], run)
    elif name in public_places():
        sheet = place_sheet(public_places()[name], run)
    else:
        raise Http404("この名前のファイルはありません。")
    return file_of(sheet, name, kind, request.build_absolute_uri(request.path))
