"""A page of figures put together: sentences, four figures, cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from adoption.documents.card import Card
from adoption.documents.cards import cards_of, late
from adoption.documents.planner import PLAN, Plan
from adoption.enums import ALL
from adoption.queries.board import Board
from adoption.queries.places import level_places, municipalities_in
from adoption.rules.comparing import half_of, missing_to_half, points
from adoption.rules.wording import Sentence, Standing, following, moving, spread, where
from careplan_portal.lib import words


@dataclass(frozen=True, slots=True)
class Fig:
    """One of the four: name, number with unit, a bold line, a line that defines it, where it is defined."""

    name: str
    number: str
    unit: str
    bold: str
    text: str
    key: str

    @property
    def lines(self) -> str:
        """The text where it begins on a line of its own."""
        return self.text.strip()


@dataclass(frozen=True)
class Page:
    board: Board
    sentences: tuple[Sentence, ...]
    figs: tuple[Fig, ...]
    cards: list[Card]
    late: str


def page_of(board: Board, today: date, plan: Plan = PLAN) -> Page:
    """Everything that stands on a page, and in a report."""
    return Page(board, sentences(board), figs(board), cards_of(board, today, plan), late(board.run, today))


def sentences(board: Board) -> tuple[Sentence, ...]:
    """Where it stands, how it moves, whom to win next (or who leads)."""
    now = board.now
    above = board.above[0] if board.above else None
    year, month = board.year_ago, board.month_ago
    known = Standing(
        scope=now.offices_in_scope,
        using=now.offices_using,
        month_ago=month.offices_using if month else None,
        year_ago=(year.offices_using, year.offices_in_scope) if year and len(board.own) == len(board.days) else None,
        above_name=above.name if above else "",
        above_rate=board.course[above.code][board.run.day].rate if above else None,
    )
    return where(known), moving(known), _third(board)


def _third(board: Board) -> Sentence:
    if board.place.level in ("municipality", "area"):
        return following(board.leaders[0] if board.leaders else None)
    places = level_places("municipality")
    if board.place.level == "prefecture":
        places = municipalities_in(board.place.code)
    rated = [
        (f.rate, f.offices_in_scope, place)
        for place in places
        if (f := board.country.get(place.code)) and f.rate is not None
    ]
    # One office of one is no example to follow: from five on, if there is such a place.
    large = [row for row in rated if row[1] >= 5] or rated
    best = max(large, key=lambda row: (row[0], row[1]), default=None)
    reached = sum(1 for rate, _, _ in rated if rate >= 0.5)
    if best is None or not best[0]:
        return spread("", None, 0, 0)
    return spread(best[2].full_name if board.place.level == "nation" else best[2].name, best[0], reached, len(rated))


def figs(board: Board) -> tuple[Fig, ...]:
    """Rate, way to half, connected pairs, Free Pass."""
    return (_rate(board), _half(board), _pairs(board), _free(board))


def _rate(board: Board) -> Fig:
    now, before = board.now, board.month_ago
    apart = points(now.rate, before.rate if before else None)
    change = "" if apart is None else f"　前月末より {apart:+.1f}ポイント"
    number = words.percent(now.rate).removesuffix("％") if now.rate is not None else "－"
    bold = f"{now.offices_using:,} / {now.offices_in_scope:,}事業所"
    return Fig("普及率", number, "％", bold, f"{change}\n利用中の事業所 ÷ 対象の事業所", "rate")


def _half(board: Board) -> Fig:
    now = board.now
    left = missing_to_half(now.offices_in_scope, now.offices_using)
    half = f"半分は{half_of(now.offices_in_scope):,}事業所"
    if not left:
        return Fig(
            "半分まで",
            "達成" if now.offices_in_scope else "－",
            "",
            half,
            "\n相手の半分が使うと、紙とデータの二重の手間が減ります",
            "rate",
        )
    return Fig(
        "半分まで あと", f"{left:,}", "事業所", half, "\n相手の半分が使うと、紙とデータの二重の手間が減ります", "rate"
    )


def _pairs(board: Board) -> Fig:
    whole = board.cells.get(ALL)
    if whole is None or not whole.pairs:
        return Fig("つながっている組", "－", "", "組がありません", "\n同じ市区町村の居宅とサービスの組", "pairs")
    number = words.percent(whole.pairs_using / whole.pairs).removesuffix("％")
    bold = f"{whole.pairs_using:,} / {whole.pairs:,}組"
    return Fig(
        "つながっている組", number, "％", bold, "\n同じ市区町村の居宅とサービスの組のうち、両方が利用中の組", "pairs"
    )


def _free(board: Board) -> Fig:
    name = "フリーパス利用中"
    if board.split_day is None:
        return Fig(name, "－", "", "月末の分から公表します", "\n無料の1年を使っている事業所", "pricing")
    shown = board.pricing.get(board.cut)
    if shown is None and board.now.offices_using:
        return Fig(name, "非公表", "", "1〜4の値など", "\n引き算で分かる値と、小さな変化も公表しません", "pricing")
    free, paid, day = (shown.first, shown.second, shown.day) if shown else (0, 0, board.split_day)
    text = f"\n{words.ja_short(day)}の値。月に1回、公表できるときに公表します"
    return Fig(name, f"{free:,}", "事業所", f"有償は{paid:,}事業所", text, "pricing")
