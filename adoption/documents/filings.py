"""The card of filings in the last weeks, against areas that are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from adoption.documents.card import Card
from adoption.documents.sheets import HIDDEN, Head, Line, Sheet
from adoption.enums import ALL, NATION
from adoption.queries.board import Board
from adoption.queries.filings import Week, newest_week, weeks_of
from adoption.rules import definitions
from adoption.rules.sizes import size_name, size_of
from careplan_portal.lib import charts, words

WEEKS = 8


def filings_card(board: Board) -> Card | None:
    """By week, and a thousand offices against like size, prefecture and nation."""
    last = newest_week(board.run.day)
    if last is None:
        return None
    alike = _alike(board)
    found = weeks_of({"own": board.place.members, **{name: (code,) for name, code in alike.items()}}, last, WEEKS)
    by_day = {name: {week.sunday: week for week in weeks} for name, weeks in found.items()}
    if not by_day["own"]:
        return None
    heads = [Head("週（日曜まで）", "day"), Head("申請した事業所"), Head("1,000あたり", "decimal")]
    heads += [Head(name.partition("（")[0], "decimal") for name in alike]
    lines = [Line(_line(day, by_day, list(alike))) for day in sorted(by_day["own"], reverse=True)]
    sheet = Sheet(
        "filings", f"{board.place.full_name}の週ごとの申請", heads, lines, definitions.FILINGS, last,
        (("地域", board.place.full_name),), ["0〜4の値と、引き算で分かる値は公表しません。", *_sizes(alike)], rhythm="week",
    )  # fmt: skip
    chart = _chart(board, by_day, sheet)
    if chart is not None:
        sheet = replace(sheet, notes=["図の線が切れている週は、非公表の週です。", *sheet.notes])
    sub = "週ごとの申請、対象1,000事業所あたり"
    return Card(_title(board, found), sub, sheet, 5, chart, open_table=chart is None)


def _sizes(alike: dict[str, str]) -> list[str]:
    """Who is of the same size, below the table instead of in its head."""
    return [f"同じ規模は、対象が{name[5:-1]}の市区町村です。" for name in alike if name.startswith("同じ規模（")]


def _alike(board: Board) -> dict[str, str]:
    """Whom a place is compared with: name and the code of the sums."""
    found = {}
    size = size_of(board.cells[ALL].offices_in_scope) if ALL in board.cells else ""
    if board.place.level == "municipality" and size:
        found[f"同じ規模（{size_name(size)}）"] = size
    return found | {place.name: place.code for place in board.above}


def _line(day: date, by_day: dict[str, dict[date, Week]], alike: Sequence[str]) -> tuple[object, ...]:
    own = by_day["own"][day]
    filed = HIDDEN if own.filed is None else own.filed
    rates = [_rate(by_day[name].get(day)) for name in ("own", *alike)]
    return day, filed, *rates


def _rate(week: Week | None) -> object:
    if week is None or not week.offices:
        return None
    return HIDDEN if week.rate is None else week.rate


def _title(board: Board, found: dict[str, list[Week]]) -> str:
    own, nation = found["own"], found.get(board.above[-1].name, []) if board.above else []
    told = [week.filed for week in own if week.filed is not None]
    if not told:
        return "週ごとの申請は5か所に届きません（非公表）" if board.place.code != NATION else "申請は、まだわずかです"
    mine, theirs = own[-1].rate, nation[-1].rate if nation else None
    if mine is None or theirs is None:
        return f"公表できた{len(told)}週に{sum(told):,}事業所が申請"
    return f"先週の申請は、1,000事業所あたり{mine:.1f}。全国は{theirs:.1f}"


def _chart(board: Board, by_day: dict[str, dict[date, Week]], sheet: Sheet) -> charts.Chart | None:
    days = sorted(by_day["own"])
    lines = []
    for name, weeks in by_day.items():
        values = [week.rate if (week := weeks.get(day)) else None for day in days]
        if not any(value is not None for value in values):
            continue
        kind = "own" if name == "own" else "cmp2" if name == "全国" else "cmp"
        called = board.place.name if name == "own" else name.partition("（")[0]
        last = "非公表" if values[-1] is None else f"{values[-1]:.1f}"
        lines.append(charts.Line(called, kind, values, f"{called} {last}"))  # type: ignore[arg-type]
    if not any(line.kind == "own" for line in lines) or len(days) < 2:
        return None
    ticks = [charts.Tick(words.ja_short(day), f"{day.year}年" if day == days[-1] else "") for day in days]
    return charts.line_chart(
        lines, ticks, title=f"{sheet.title}。内容は表と同じです。", unit="1,000事業所あたり", width=490
    )
