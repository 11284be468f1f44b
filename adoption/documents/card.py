"""A card of a page of figures: what is found, what is drawn, the table it is drawn from, its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from adoption.documents.maps import MapDrawing
from adoption.documents.sheets import Sheet
from adoption.enums import ALL, CARE_MANAGER, PROVIDER
from adoption.queries.board import Board
from adoption.queries.places import Place
from careplan_portal.lib import charts
from offices.rules.catalogue import service_kinds

CUT_LABEL = "側・サービス"
CUT_NAMES = {ALL: "すべて", CARE_MANAGER: "居宅側（ケアマネジャー）", PROVIDER: "サービス事業所側"}


@dataclass(frozen=True)
class Card:
    """`title` says the finding, `sub` what is drawn; `width` in twelfths of a wide screen."""

    title: str
    sub: str
    sheet: Sheet
    width: int
    chart: charts.Chart | None = None
    map: MapDrawing | None = None
    open_table: bool = False
    legend: Sequence[tuple[str, str]] = ()

    @property
    def follows_cut(self) -> bool:
        """Whether its figures are of the chosen side or service; others are always of everybody."""
        return any(name == CUT_LABEL for name, _ in self.sheet.filters)

    @property
    def key(self) -> str:
        return self.sheet.key


def cut_name(cut: str) -> str:
    """How a cut is called: all, a side, or a service."""
    return CUT_NAMES.get(cut) or service_kinds()[cut].name


def place_url(place: Place) -> str:
    """The page of a place's figures."""
    if place.level == "nation":
        return reverse("adoption:index")
    name = "adoption:area" if place.level == "area" else "adoption:place"
    return reverse(name, args=[place.code])


def filters_of(board: Board) -> tuple[tuple[str, str], ...]:
    """What a card was narrowed to, in words."""
    return (("地域", board.place.full_name), (CUT_LABEL, cut_name(board.cut)))


def cut_choices() -> list[tuple[str, str]]:
    """Everybody, a side, or a kind of service in scope, for choosing."""
    sides = [(ALL, "すべて"), (CARE_MANAGER, "居宅側"), (PROVIDER, "サービス側")]
    return sides + [(kind.code, kind.name) for kind in service_kinds().values() if kind.counts]


def tick(day: date, index: int, days: Sequence[date]) -> charts.Tick:
    """A month under a drawing, with the year where it begins."""
    new_year = index == 0 or days[index - 1].year != day.year
    return charts.Tick(f"{day.month}月", f"{day.year}年" if new_year else "")
