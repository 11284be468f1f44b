"""The cards of a page of figures: each a finding, a drawing, the table it is drawn from, a definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from adoption.documents.card import Card, filters_of, tick
from adoption.documents.comparing import compare_card, ranking, ranking_card
from adoption.documents.endings import cohorts_card, endings_card
from adoption.documents.filings import filings_card
from adoption.documents.flows import flows_card
from adoption.documents.kinds import services_card
from adoption.documents.maps import place_map
from adoption.documents.planner import PLAN, Plan, planner_card
from adoption.documents.reaching import reach_card
from adoption.documents.sheets import Head, Line, Sheet
from adoption.queries.board import Board
from adoption.queries.figures import Run, newest_run
from adoption.queries.live import Figures
from adoption.queries.outside import published
from adoption.queries.places import Place, level_places, municipalities_in
from adoption.rules import definitions
from adoption.rules.comparing import points
from adoption.rules.wording import since_when
from careplan_portal.lib import charts, words

FEW = 20
"""A leading place has so many offices in scope; where none has, it says how many, because one more or less moves
its rate."""


def cards_of(board: Board, today: date, plan: Plan = PLAN) -> list[Card]:
    """Every card of a place, in the order of the page; those without anything to tell are left out.
    Each says when it is next made, seen from `today`, and why it is late; not so on an earlier day,
    which somebody chose and which is not made again."""
    places = ranking_card(board)
    cards = [
        course_card(board), map_card(board), reach_card(board), services_card(board), flows_card(board),
        endings_card(board), filings_card(board), cohorts_card(board), places,
        planner_card(board, plan, _beside(board, places)), compare_card(board), outside_card(board),
    ]  # fmt: skip
    found = [card for card in cards if card is not None]
    if not is_newest(board.run, today):
        return found
    said = late(board.run, today)
    return [replace(card, sheet=card.sheet.dated(today, said)) for card in found]


def _beside(board: Board, places: Card | None) -> int:
    """How wide the plan stands: beside the ranking or the comparison, alone in its row for the nation."""
    if board.place.level == "nation":
        return 12
    return 5 if places else 7


def is_newest(run: Run, today: date) -> bool:
    """Whether there are no newer figures; asks the database only where they are not yesterday's."""
    if run.day >= today - timedelta(days=1):
        return True
    newest = newest_run(today)
    return newest is None or newest.day <= run.day


def late(run: Run, today: date) -> str:
    """Why the newest figures are not yesterday's; empty when they are, and for an earlier day that was
    chosen."""
    if run.day >= today - timedelta(days=1) or not is_newest(run, today):
        return ""
    return (
        f"{words.ja_date(run.day)}までの数字です。そのあとの夜間処理がまだ終わっていないため、更新が遅れています。"
        "処理が終わりしだい、抜けた日の分もさかのぼって作ります。"
    )


# --- course ----------------------------------------------------------------------------------------


def course_card(board: Board) -> Card:
    own = list(board.known.items())
    heads = [Head("月末", "text"), Head("利用中"), Head("対象"), Head(f"{board.place.name} ％", "rate")]
    heads += [Head(f"{place.name} ％", "rate") for place in board.above]
    lines = [
        Line((f"{day:%Y-%m}", f.offices_using, f.offices_in_scope, f.rate, *_above_rates(board, day)))
        for day, f in reversed(own)
    ]
    sheet = Sheet(
        "course", f"{board.place.full_name}の普及率の推移", heads, lines, definitions.RATE, board.run.day, filters_of(board),
        [f"{board.run.day:%Y-%m} は{words.ja_short(board.run.day)}の値です。"],
    )  # fmt: skip
    sub = f"普及率の推移（月末。最後は{words.ja_short(board.run.day)}）"
    return Card(_course_title(board), sub, sheet, 7, chart=course_chart(board, sheet.title))


def _above_rates(board: Board, day: date) -> list[float | None]:
    return [board.course[place.code][day].rate for place in board.above]


def _course_title(board: Board) -> str:
    now = board.now.rate
    if now is None:
        return "まだ動きはありません"
    if board.since is None or board.since[1].rate is None:
        return f"{words.percent(now)}が使っています"
    first, then = board.since[0], board.since[1].rate
    when = since_when(first, board.run.day)
    if points(now, then) == 0:
        return f"{when}の{words.percent(now)}から変わらず"
    return f"{when}の{words.percent(then)}から{words.percent(now)}へ"


def course_chart(board: Board, title: str, height: int = 372) -> charts.Chart | None:
    """The course as a drawing; None where there never was an office in scope."""
    days = list(board.known)
    lines = [_line(board.place, "own", [board.own[day] for day in days])]
    for place in board.above:
        kind = "cmp2" if place.level == "nation" else "cmp"
        lines.append(_line(place, kind, [board.course[place.code][day] for day in days]))
    if not any(value is not None for line in lines for value in line.values):
        return None
    ticks = [tick(day, index, days) for index, day in enumerate(days)]
    return charts.line_chart(lines, ticks, title=f"{title}。内容は表と同じです。", height=height)


def _line(place: Place, kind: str, course: Sequence[Figures]) -> charts.Line:
    values = [None if f.rate is None else f.rate * 100 for f in course]
    last = words.percent(course[-1].rate or 0)
    label = f"{place.name} {last}" if kind == "own" else f"{place.name} {last.removesuffix('％')}"
    return charts.Line(place.name, kind, values, label)  # type: ignore[arg-type]


# --- map -------------------------------------------------------------------------------------------


def map_card(board: Board) -> Card | None:
    if board.place.level == "area" and not board.place.prefecture_code:
        return None
    drawing = place_map(board)
    if drawing is None:
        return None
    places = (
        level_places("prefecture") if board.place.level == "nation" else municipalities_in(board.place.prefecture_code)
    )
    title, sub = (
        ("都道府県別", "全国") if board.place.level == "nation" else ("市区町村別", board.place.prefecture_name)
    )
    sheet = ranking(board, places, "map", f"{sub}の{title}の普及率")
    return Card(_map_title(sheet), f"{sub}の{title}普及率", sheet, 5, map=drawing)


def _map_title(sheet: Sheet) -> str:
    rated = [line for line in sheet.lines if line.cells[3] is not None]
    if not rated or not rated[0].cells[3]:
        return "どの地域もこれからです"
    # The same floor as the sentence above the figures: a few offices are no example to follow.
    leading = [line for line in rated if line.cells[2] >= FEW and line.cells[3]] or rated
    best, rate = leading[0].cells[0], leading[0].cells[3]
    if leading[0].cells[2] < FEW:
        best = f"{best}（{leading[0].cells[2]}事業所）"
    if same := sum(1 for line in leading[1:] if line.cells[3] == rate):
        best = f"{best}とほか{same}地域"
    among = "" if leading[0] is rated[0] else f"対象が{FEW}事業所以上の地域では、"
    low = sum(1 for line in rated if line.cells[3] < 0.1 and (not among or line.cells[2] >= FEW))
    return f"{among}先行は{words.percent(rate)}の{best}" + (f"。{low}地域は10％未満" if low else "")


def outside_card(board: Board) -> Card | None:
    """Figures that others published of this place: beside ours, never mixed."""
    rows = [row for row in published() if row.code in board.place.members]
    if not rows or board.place.level == "area":
        return None
    heads = [
        Head("時点", "text"),
        Head("呼び方", "text"),
        Head("値", "text"),
        Head("数え方など", "text"),
        Head("出典", "text"),
    ]
    lines = [Line((row.on, row.what, row.value, row.note, row.source)) for row in rows]
    sheet = Sheet(
        "outside", f"{board.place.full_name}についてよそで公表された数字", heads, lines, definitions.OUTSIDE, board.run.day,
        (("地域", board.place.full_name),), own_days=True,
    )  # fmt: skip
    return Card(
        "よそで公表された数字は、数え方が違うので並べるだけにします",
        "よそで公表された数字（この窓口とは、分母や時点が違います）",
        sheet,
        12,
        open_table=True,
    )
