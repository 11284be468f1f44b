"""The card of a month's flows: who began, who ended, and what else changed the number."""

from __future__ import annotations

from datetime import date

from adoption.documents.card import Card, filters_of, tick
from adoption.documents.sheets import HIDDEN, Head, Line, Sheet
from adoption.queries.board import Board
from adoption.rules import definitions
from careplan_portal.lib import charts, words


def flows_card(board: Board) -> Card | None:
    days = list(board.known)
    if not days or not any(f.started or f.offices_using for f in board.own.values()):
        return None
    heads = [Head("月", "text"), Head("使い始めた"), Head("やめた"), Head("ほか", "signed"), Head("利用中の増減", "signed"),
             Head("対象の増減", "signed"), Head("うち停止"), Head("うち期限切れ")]  # fmt: skip
    lines = [Line(_flow(board, day, before)) for before, day in zip([None, *days], days, strict=False)]
    notes = [
        f"{board.run.day:%Y-%m} は{words.ja_short(board.run.day)}までの値です。やめた数の内わけ（停止と期限切れ）は月末に公表します。",
        (
            "「ほか」は、前の月より前にさかのぼって始まったと分かった事業所と、閉じたり移ったりした事業所です。"
            "使い始めた数からやめた数を引き、「ほか」を足すと、利用中の増減になります。"
        ),
        "「対象の増減」は、新しく名簿に載った事業所と閉じた事業所の差です。利用中の数が同じでも、普及率を動かします。",
    ]
    sheet = Sheet(
        "flows", f"{board.place.full_name}の月ごとの動き", heads, lines[::-1], definitions.FLOWS, board.run.day,
        filters_of(board), notes,
    )  # fmt: skip
    up = [int(line.cells[1]) for line in lines]
    down = [int(line.cells[2]) for line in lines]
    ticks = [tick(day, index, days) for index, day in enumerate(days)]
    chart = charts.column_chart(
        up, down, ticks, title=f"{sheet.title}。内容は表と同じです。", names=("使い始めた", "やめた"), width=490
    )
    # Of months with as many the newest is told.
    best = max(lines[::-1], key=lambda line: line.cells[1])
    title = (
        f"{best.cells[0].replace('-', '年').lstrip('0')}月に{best.cells[1]:,}事業所が使い始めた"
        if best.cells[1]
        else "この1年に使い始めた事業所はありません"
    )
    return Card(title.replace("年0", "年"), "月ごとに使い始めた・やめた事業所", sheet, 5, chart)


def _flow(board: Board, day: date, before: date | None) -> tuple[object, ...]:
    now = board.own[day]
    gone = now.stopped + now.lapsed
    then = board.own[before] if before else None
    net = now.offices_using - then.offices_using if then else None
    other = None if net is None else net - now.started + gone
    scope = now.offices_in_scope - then.offices_in_scope if then else None
    shown = board.ended.get(day)
    if shown is not None:
        stopped: object = shown.first
        lapsed: object = shown.second
    else:
        stopped = lapsed = HIDDEN if day in board.ended else None
    return f"{day:%Y-%m}", now.started, gone, other, net, scope, stopped, lapsed
