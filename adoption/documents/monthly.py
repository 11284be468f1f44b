"""The monthly report of a place: where it stands, and the difference to the end of the month before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from adoption.documents.card import CUT_NAMES
from adoption.documents.cards import course_chart
from adoption.documents.page import page_of
from adoption.documents.paint import painted
from adoption.documents.report import PAPER_HEIGHT, address_of
from adoption.documents.sheets import Head, Line, Sheet, written
from adoption.enums import ALL, CARE_MANAGER, NATION, PROVIDER
from adoption.queries.board import Board, board
from adoption.queries.figures import Run, country_on, run_on
from adoption.queries.live import Figures
from adoption.queries.places import Place, municipality_codes, public_places
from adoption.rules import definitions
from adoption.rules.comparing import points
from adoption.rules.definitions import SOURCES
from careplan_portal.lib import pdf
from careplan_portal.lib.dates import day_before, month_start
from offices.rules.catalogue import service_kinds

TEMPLATE = "adoption/documents/monthly.html"
MOVERS = 10
TABLES = ("flows", "endings", "cohorts", "filings", "reach", "compare")
"""Cards whose tables are printed, in this order."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row: a number now, at the end of the month before (None: not known), and what changed."""

    name: str
    now: str
    before: str
    change: str


def monthly_pdf(place: Place, run: Run, today: date) -> bytes:
    """The report as PDF/UA-1, read out of the figures of `run` and of the end of the month before."""
    context = monthly_context(place, run, today)
    return pdf.render(TEMPLATE, context, title=context["title"])


def monthly_context(place: Place, run: Run, today: date) -> dict[str, Any]:
    """All that the paper says."""
    found, before = board(place, run), _month_before(place, run)
    page = page_of(found, today)
    course = page.cards[0]
    chart = course_chart(found, course.sheet.title, PAPER_HEIGHT)
    cards = {card.key: card for card in page.cards}
    return {
        "title": f"{place.full_name}　普及状況の月次報告（{run.day.year}年{run.day.month}月）",
        "place": place, "run": run, "today": today, "page": page, "course": course,
        "before_day": day_before(month_start(run.day)), "is_known": before is not None,
        "chart": painted(chart.wide, course.sheet.title) if chart else "",
        "changes": _changes(found, before), "services": _services(found, before), "movers": movers(place, run),
        "cards": [cards[key] for key in TABLES if key in cards],
        "sources": SOURCES, "address": address_of(place),
    }  # fmt: skip


def _month_before(place: Place, run: Run) -> Board | None:
    then = run_on(day_before(month_start(run.day)))
    return board(place, then) if then else None


def _changes(found: Board, before: Board | None) -> list[Change]:
    rows = []
    for cut in (ALL, CARE_MANAGER, PROVIDER):
        now, then = found.cells.get(cut), before.cells.get(cut) if before else None
        if now is None:
            continue
        name = "すべて" if cut == ALL else CUT_NAMES[cut]
        # A cut without anybody then had none: it is zero, not unknown.
        known = (then or Figures(now.area_code, cut, 0, 0)) if before else None
        rows.append(_counted(f"{name}：対象の事業所", now.offices_in_scope, known.offices_in_scope if known else None))
        rows.append(_counted(f"{name}：利用中の事業所", now.offices_using, known.offices_using if known else None))
        rows.append(_rated(f"{name}：普及率 ％", now.rate, known.rate if known else None))
    now, then = found.now, before.now if before else None
    share, was = (f.pairs_using / f.pairs if f and f.pairs else None for f in (now, then))
    rows.append(_rated("つながっている組 ％", share, was))
    rows.append(_counted("その月に使い始めた事業所", now.started, then.started if then else None))
    return rows


def _counted(name: str, now: int, before: int | None) -> Change:
    change = None if before is None else now - before
    return Change(name, f"{now:,}", written(before, "count"), written(change, "signed"))


def _rated(name: str, now: float | None, before: float | None) -> Change:
    return Change(name, written(now, "rate"), written(before, "rate"), written(points(now, before), "points"))


def _services(found: Board, before: Board | None) -> list[tuple[str, int, int, str, str]]:
    """Name, using, in scope, rate, and how many more use it than a month before."""
    rows = []
    for code, kind in service_kinds().items():
        now = found.cells.get(code)
        if now is None:
            continue
        then = before.cells.get(code) if before else None
        change = None if before is None else now.offices_using - (then.offices_using if then else 0)
        row = (kind.name, now.offices_using, now.offices_in_scope, written(now.rate, "rate"), written(change, "signed"))
        rows.append(row)
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def movers(place: Place, run: Run) -> Sheet | None:
    """The municipalities of a place in which most offices began to use the system since the end of the month
    before; None for a single one, or where that is not known."""
    codes, then = municipality_codes(place), run_on(day_before(month_start(run.day)))
    if len(codes) < 2 or then is None:
        return None
    now, before = country_on(run), country_on(then)
    rows = []
    for code in codes:
        if (f := now.get(code)) is not None:
            old = before.get(code) or Figures(code, ALL, 0, 0)
            name = public_places()[code].full_name if place.members == (NATION,) else public_places()[code].name
            rows.append((name, f.offices_using, f.offices_in_scope, f.rate, f.offices_using - old.offices_using))
    rows.sort(key=lambda row: (-row[4], -(row[3] or 0), row[0]))
    heads = [
        Head("市区町村", "text"),
        Head("利用中"),
        Head("対象"),
        Head("普及率 ％", "rate"),
        Head("先月との差", "signed"),
    ]
    lines = [Line(row) for row in rows[:MOVERS]]
    return Sheet("movers", "利用がふえた市区町村", heads, lines, definitions.RATE, run.day)
