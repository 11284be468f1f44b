"""The council report: one A4 page, three sentences written from the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from adoption.documents.cards import course_chart
from adoption.documents.kinds import services_of, split_of
from adoption.documents.page import Page, page_of
from adoption.documents.paint import painted
from adoption.documents.sheets import HIDDEN
from adoption.enums import CARE_MANAGER, NATION, PROVIDER
from adoption.queries.board import Board, board
from adoption.queries.figures import Run
from adoption.queries.live import Figures
from adoption.queries.places import Place
from adoption.rules.definitions import SOURCES
from adoption.rules.wording import Leader
from campaigns.models import Campaign
from campaigns.queries import campaign_on
from careplan_portal.lib import pdf, words

ROWS = 6
"""So many services a side fit on the page; the others stand in the open data."""
LEADERS = 4
PAPER_HEIGHT = 215
TEMPLATE = "adoption/documents/council.html"


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A row of the table by service; `whole` and `using` are lengths of its bar out of 104. `free` and
    `paid` as published for the newest end of a month."""

    name: str
    figures: Figures
    free: Any
    paid: Any
    whole: int
    using: int


def report_pdf(place: Place, run: Run, today: date) -> bytes:
    """The page as PDF/UA-1, read out of the figures of `run` and dated `today`."""
    context = report_context(place, run, today)
    return pdf.render(TEMPLATE, context, title=context["title"])


def report_context(place: Place, run: Run, today: date) -> dict[str, Any]:
    """All that the paper says."""
    found = board(place, run)
    page = page_of(found, today)
    course = page.cards[0]
    chart = course_chart(found, course.sheet.title, PAPER_HEIGHT)
    sides = [
        ("居宅（ケアマネジャー）側", _services(found, CARE_MANAGER)),
        ("サービス事業所側", _services(found, PROVIDER)),
    ]
    splits = [cell for _, rows in sides for row in rows for cell in (row.free, row.paid)]
    return {
        "sides": sides, "has_splits": any(cell not in (HIDDEN, None) for cell in splits),
        "title": f"{place.full_name}　ケアプランデータ連携の普及状況（{words.ja_day(run.day)}）",
        "place": place, "run": run, "today": today, "page": page, "course": course,
        "chart": painted(chart.wide, course.sheet.title) if chart else "",
        "services_title": next((card.title for card in page.cards if card.key == "services"), "サービス種類別"),
        "leaders": _leaders(found.leaders), "ranking": _ranking(page), "split_day": found.split_day,
        "campaign": _campaign(today), "sources": SOURCES, "address": address_of(place),
    }  # fmt: skip


def _services(found: Board, side: str) -> list[ServiceRow]:
    most = max((f.offices_in_scope for s in (CARE_MANAGER, PROVIDER) for _, f in services_of(found, s)), default=1)
    rows = []
    for name, figures in services_of(found, side)[:ROWS]:
        free, paid, month = split_of(found, figures.cut)
        if found.split_day is not None and month != f"{found.split_day:%Y-%m}":
            free = paid = HIDDEN
        whole = max(round(104 * figures.offices_in_scope / most), 1)
        using = round(whole * figures.offices_using / figures.offices_in_scope)
        rows.append(ServiceRow(name, figures, free, paid, whole, using))
    return rows


def _leaders(leaders: Sequence[Leader]) -> list[tuple[int, Leader, str]]:
    return [(n, leader, _reason(leader)) for n, leader in enumerate(leaders[:LEADERS], 1)]


def _ranking(page: Page) -> list[tuple[Any, ...]]:
    """The places that lead, for papers about many of them."""
    card = next((card for card in page.cards if card.key in ("places", "map")), None)
    rated = [line.cells for line in card.sheet.lines if line.cells[3] is not None] if card else []
    return [(name, using, scope, rate) for name, using, scope, rate in rated[: 2 * LEADERS]]


def _reason(leader: Leader) -> str:
    """What stands behind the number, from the figures alone."""
    if not leader.pairs:
        return "反対の側に、使っている所がまだありません"
    return f"いま{words.percent(leader.rate or 0)}。1事業所が加わると平均{leader.pairs / leader.waiting:.0f}組"


def _campaign(today: date) -> Campaign | None:
    """The offer that can still be taken, for the closing sentence; None when it is over."""
    try:
        found = campaign_on(today)
    except Campaign.DoesNotExist:
        return None
    return found if found.opens_on <= today <= found.closes_on else None


def address_of(place: Place) -> str:
    """Where the figures of a paper stand on the net for everybody: an area's in the page of the place that
    it is, or of its prefecture."""
    codes = [*(place.members if len(place.members) == 1 else ()), place.prefecture_code]
    code = next((code for code in codes if code and code != NATION), "")
    path = reverse("adoption:place", args=[code]) if code else reverse("adoption:index")
    return f"{settings.PORTAL_BASE_URL}{path}"
