"""Cards that set a place beside others: a ranking of its parts, places near and of its size, medians."""

from __future__ import annotations

from collections.abc import Sequence

from adoption.documents.card import Card, filters_of, place_url
from adoption.documents.sheets import Head, Line, Sheet
from adoption.enums import NATION
from adoption.queries.board import Board
from adoption.queries.figures import country_on, same_size
from adoption.queries.live import Figures
from adoption.queries.neighbours import nearest
from adoption.queries.places import Place, level_places, municipalities_in, public_places
from adoption.rules import definitions
from adoption.rules.comparing import median, standing_among

NEAR, SAME_SIZE = "近い", "同じ規模"


def ranking(board: Board, places: Sequence[Place], key: str, title: str) -> Sheet:
    country = board.country
    found = [(place, country.get(place.code) or Figures(place.code, board.cut, 0, 0)) for place in places]
    found.sort(key=lambda pair: (-(pair[1].rate if pair[1].rate is not None else -1), pair[0].code))
    head = "都道府県" if places[0].level == "prefecture" else "市区町村"
    heads = [Head(head, "text"), Head("利用中"), Head("対象"), Head("普及率 ％", "rate")]
    mine = {board.place.code, *board.place.members}
    lines = [
        Line((place.name, f.offices_using, f.offices_in_scope, f.rate), place_url(place), place.code in mine)
        for place, f in found
    ]
    return Sheet(key, title, heads, lines, definitions.RATE, board.run.day, filters_of(board))


def ranking_card(board: Board) -> Card | None:
    """A prefecture's municipalities, or the members of an officer's area; the nation's are on the map."""
    if board.place.level == "prefecture":
        places = municipalities_in(board.place.code)
    elif board.place.level == "area":
        places = tuple(public_places()[code] for code in board.place.members if code != NATION)
    else:
        return None
    if len(places) < 2:
        return None
    sheet = ranking(board, places, "places", f"{board.place.full_name}の市区町村別の普及率")
    reached = sum(1 for line in sheet.lines if (line.cells[3] or 0) >= 0.5)
    return Card(
        f"半分に届いたのは{len(places)}市区町村のうち{reached}", "市区町村別の普及率", sheet, 7, open_table=True
    )


def compare_card(board: Board) -> Card | None:
    """Neighbours, places of the same size, medians: for municipalities and areas."""
    if board.place.level not in ("municipality", "area"):
        return None
    country, now = board.country, board.now
    labels: dict[str, str] = dict.fromkeys(nearest(board.place, board.run), NEAR)
    alike = same_size(board.place, country_on(board.run))
    for code in alike:
        labels[code] = f"{NEAR}・{SAME_SIZE}" if code in labels else SAME_SIZE
    lines = [Line((board.place.name, "この地域", now.offices_using, now.offices_in_scope, now.rate), "", True)]
    for code, label in labels.items():
        figures, place = country.get(code) or Figures(code, board.cut, 0, 0), public_places()[code]
        row = (place.full_name, label, figures.offices_using, figures.offices_in_scope, figures.rate)
        lines.append(Line(row, place_url(place)))
    lines += _medians(board)
    heads = [
        Head("市区町村", "text"),
        Head("くらべ方", "text"),
        Head("利用中"),
        Head("対象"),
        Head("普及率 ％", "rate"),
    ]
    sheet = Sheet(
        "compare",
        f"{board.place.full_name}とくらべる",
        heads,
        lines,
        definitions.COMPARE,
        board.run.day,
        filters_of(board),
        [] if alike else ["対象の事業所の数が半分から2倍までの市区町村は、ほかにありません。"],
    )
    width = 5 if len(board.place.members) == 1 else 12
    return Card(
        _compare_title(board, country), "近い市区町村、同じ規模の市区町村、中央値", sheet, width, open_table=True
    )


def _medians(board: Board) -> list[Line]:
    found = [("全国", level_places("municipality"))]
    if board.place.prefecture_code:
        found.insert(
            0, (public_places()[board.place.prefecture_code].name, municipalities_in(board.place.prefecture_code))
        )
    lines = []
    for name, places in found:
        rates = [f.rate for place in places if (f := board.country.get(place.code))]
        lines.append(Line((f"{name}の中央値", "中央値", None, None, median(rates))))
    return lines


def _compare_title(board: Board, country: dict[str, Figures]) -> str:
    mine = board.now.rate
    rates = [f.rate for p in level_places("municipality") if (f := country.get(p.code)) and f.rate is not None]
    if mine is None or not rates:
        return "ほかの地域とくらべる"
    return standing_among(mine, rates, counted=len(board.place.members) == 1)
