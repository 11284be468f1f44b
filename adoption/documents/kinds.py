"""The card of services: offices in scope and in use by kind, with the guarded split where it is told."""

from __future__ import annotations

from adoption.documents.card import Card, cut_name
from adoption.documents.sheets import HIDDEN, Head, Line, Sheet
from adoption.enums import CARE_MANAGER, PROVIDER
from adoption.queries.board import Board
from adoption.queries.live import Figures
from adoption.rules import definitions
from careplan_portal.lib import charts, words
from offices.rules.catalogue import service_kinds


def services_card(board: Board) -> Card | None:
    """By service, sides as headings; the split as published for the last end of a month."""
    heads = [Head("サービス種類", "text"), Head("側", "text"), Head("利用中"), Head("対象"), Head("普及率 ％", "rate")]
    heads += [Head("フリーパス"), Head("有償"), Head("内わけの月末", "text")]
    lines = []
    for side, label in ((CARE_MANAGER, "居宅"), (PROVIDER, "サービス")):
        for name, f in services_of(board, side):
            counts = (f.offices_using, f.offices_in_scope, f.rate)
            lines.append(Line((name, label, *counts, *split_of(board, f.cut))))
    if not lines:
        return None
    note = _split_note(board)
    sheet = Sheet(
        "services", f"{board.place.full_name}のサービス種類別の普及率", heads, lines, definitions.SERVICES, board.run.day,
        (("地域", board.place.full_name),), [note] if note else [],
    )  # fmt: skip
    legend = (("fill-1", "利用中"), ("fill-rest", "未利用"))
    return Card(
        _services_title(board),
        "サービス種類別の対象と利用（事業所）",
        sheet,
        7,
        _services_chart(board, sheet),
        legend=legend,
    )


def services_of(board: Board, side: str) -> list[tuple[str, Figures]]:
    """Services of a side with their names, those with most offices first."""
    found = [
        (kind.name, board.cells[code])
        for code, kind in service_kinds().items()
        if code in board.cells and (kind.side == "care_manager") == (side == CARE_MANAGER)
    ]
    return sorted(found, key=lambda pair: (-pair[1].offices_in_scope, pair[0]))


def split_of(board: Board, cut: str) -> tuple[object, object, object]:
    """Free and paid as last published, and of which end of a month; HIDDEN where guarded and never
    published, None before the first publication."""
    if board.split_day is None:
        return None, None, None
    shown = board.pricing.get(cut)
    if shown is None:
        return HIDDEN, HIDDEN, None
    return shown.first, shown.second, f"{shown.day:%Y-%m}"


def _split_note(board: Board) -> str:
    if board.split_day is None:
        return "フリーパスと有償の内わけは、月末の分から公表します。"
    return (
        "フリーパスと有償は、公表できた最新の月末の値です。1〜4の値、引き算で分かる値、"
        "前に公表した値から1〜4だけ変わった値は公表しません。"
    )


def _services_title(board: Board) -> str:
    rated = [
        (f.rate or 0.0, name)
        for side in (CARE_MANAGER, PROVIDER)
        for name, f in services_of(board, side)
        if f.offices_in_scope >= 5
    ]
    if not rated:
        return "サービス種類別の利用"
    (low, slow), (high, fast) = min(rated), max(rated)
    if low == high:
        return f"どのサービスも{words.percent(high)}"
    return f"{fast}は{words.percent(high)}、{slow}は{words.percent(low)}"


def _services_chart(board: Board, sheet: Sheet) -> charts.Chart | None:
    rows: list[charts.BarRow] = []
    for side in (CARE_MANAGER, PROVIDER):
        found = services_of(board, side)
        if found:
            rows.append(charts.BarRow(cut_name(side)))
        for name, f in found[:10]:
            rest = f.offices_in_scope - f.offices_using
            parts = (("fill-1", float(f.offices_using)), ("fill-rest", float(rest)))
            text = f"{f.offices_using:,}/{f.offices_in_scope:,}"
            rows.append(charts.BarRow(_short(name), parts, words.percent(f.rate or 0), text))
    return charts.bar_chart(rows, title=f"{sheet.title}。内容は表と同じです。")


def _short(name: str, most: int = 15) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
