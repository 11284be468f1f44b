"""Files of open data: their names and columns stay, their content is the newest night's."""

from __future__ import annotations

from django.http import HttpResponse

from adoption.documents.sheets import HIDDEN, Head, Line, Sheet, as_csv, as_xlsx
from adoption.enums import ALL
from adoption.queries.board import board
from adoption.queries.figures import Run, country_on
from adoption.queries.live import Figures
from adoption.queries.places import Place, level_places
from adoption.rules import definitions

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def level_sheet(level: str, run: Run) -> Sheet:
    """Every prefecture or municipality on the newest day."""
    country = country_on(run)
    heads = [Head("コード", "text"), Head("都道府県", "text"), Head("地域", "text"), Head("対象"), Head("利用中"),
             Head("普及率 ％", "rate"), Head("組"), Head("両方が利用中の組")]  # fmt: skip
    lines = []
    for place in level_places(level):
        f = country.get(place.code) or Figures(place.code, ALL, 0, 0)
        lines.append(
            Line((place.code, place.prefecture_name, place.name, f.offices_in_scope, f.offices_using, f.rate, f.pairs, f.pairs_using))
        )  # fmt: skip
    name = "都道府県" if level == "prefecture" else "市区町村"
    return Sheet(level, f"{name}別の普及率", heads, lines, definitions.RATE, run.day)


def place_sheet(place: Place, run: Run) -> Sheet:
    """One place at the ends of the last months and on the newest day."""
    found = board(place, run)
    heads = [Head("コード", "text"), Head("地域", "text"), Head("日", "day"), Head("対象"), Head("利用中"),
             Head("普及率 ％", "rate"), Head("月のはじめから使い始めた"), Head("停止"), Head("期限切れ")]  # fmt: skip
    lines = []
    for day, f in found.own.items():
        ended = found.ended.get(day)
        stopped, lapsed = (ended.first, ended.second) if ended else [HIDDEN if day in found.ended else None] * 2
        lines.append(
            Line((place.code, place.name, day, f.offices_in_scope, f.offices_using, f.rate, f.started, stopped, lapsed))
        )
    return Sheet(place.code, f"{place.full_name}の普及率の推移", heads, lines, definitions.RATE, run.day)


def file_of(sheet: Sheet, name: str, kind: str, address: str) -> HttpResponse:
    """A sheet under its lasting name, as CSV or XLSX."""
    body = as_csv(sheet) if kind == "csv" else as_xlsx(sheet, address=address)
    response = HttpResponse(body, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="adoption_{name}.{kind}"'
    response["Cache-Control"] = "public, max-age=3600"
    return response
