"""A page of figures put together: sentences, four figures, cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from adoption.documents.card import Card
from adoption.documents.cards import cards_of, late
from adoption.documents.planner import PLAN, Plan
from adoption.enums import ALL, SIDES
from adoption.queries.board import Board
from adoption.queries.places import level_places, municipalities_in
from adoption.rules.comparing import half_of, missing_to_half, points
from adoption.rules.wording import Sentence, Standing, following, moving, spread, where
from careplan_portal.lib import words

LARGE_ENOUGH = 20
"""So many offices in scope a municipality has that is named as the leading one."""
RECENT = timedelta(days=95)
"""A split up to so old may stand as a figure of its own: three ends of months."""


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
    since, month = board.since, board.month_ago
    known = Standing(
        scope=now.offices_in_scope,
        using=now.offices_using,
        month_ago=month.offices_using if month else None,
        day=board.run.day,
        since=(since[0], since[1].offices_using, since[1].offices_in_scope) if since else None,
        above_name=above.name if above else "",
        above_rate=board.course[above.code][board.run.day].rate if above else None,
    )
    return where(known), moving(known), _third(board)


def _third(board: Board) -> Sentence:
    if board.place.level in ("municipality", "area"):
        alone = board.cut not in (ALL, *SIDES)
        return following(board.leaders[0] if board.leaders else None, alone)
    places = level_places("municipality")
    if board.place.level == "prefecture":
        places = municipalities_in(board.place.code)
    rated = [
        (f.rate, f.offices_in_scope, place)
        for place in places
        if (f := board.country.get(place.code)) and f.rate is not None
    ]
    # A few offices are no example to follow: from twenty on, if there is such a place.
    large = [row for row in rated if row[1] >= LARGE_ENOUGH]
    best = max(large or rated, key=lambda row: (row[0], row[1]), default=None)
    reached = sum(1 for rate, _, _ in rated if rate >= 0.5)
    if best is None or not best[0]:
        return spread("", None, 0, 0)
    name = best[2].full_name if board.place.level == "nation" else best[2].name
    same = sum(1 for row in large or rated if row[0] == best[0]) - 1
    return spread(name, best[0], reached, len(rated), least=LARGE_ENOUGH if large else 0, same=same)


def figs(board: Board) -> tuple[Fig, ...]:
    """Rate, way to half, connected pairs, Free Pass."""
    return (_rate(board), _half(board), _pairs(board), _free(board))


def _rate(board: Board) -> Fig:
    now, before = board.now, board.month_ago
    apart = points(now.rate, before.rate if before else None)
    change = "" if apart is None else f"　前月末より {apart:+.1f}ポイント" if apart else "　前月末と同じ"
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
    whole, name = board.cells.get(ALL), "つながっている組"
    # Pairs need both sides: they are told of everybody, whatever was chosen.
    everybody = "" if board.cut == ALL else "すべてのサービスの、"
    if whole is None or not whole.pairs:
        return Fig(name, "－", "", "組がありません", f"\n{everybody}同じ市区町村の居宅とサービスの組", "pairs")
    number = words.percent(whole.pairs_using / whole.pairs).removesuffix("％")
    bold = f"{whole.pairs_using:,} / {whole.pairs:,}組"
    text = f"\n{everybody}同じ市区町村の居宅とサービスの組のうち、両方が利用中の組"
    return Fig(name, number, "％", bold, text, "pairs")


def _free(board: Board) -> Fig:
    name = "フリーパス利用中"
    if board.split_day is None:
        return Fig(name, "－", "", "月末の分から公表します", "\n無料の1年を使っている事業所", "pricing")
    shown = board.pricing.get(board.cut)
    if shown is not None and shown.day < board.run.day - RECENT:
        shown = None
    if shown is None and board.now.offices_using:
        text = f"\n{words.ja_day(board.split_day)}の値は、1か所の区分が引き算などで分かるので出しません"
        return Fig(name, "非公表", "", "公表できる内わけがありません", text, "pricing")
    free, paid, day = (shown.first, shown.second, shown.day) if shown else (0, 0, board.split_day)
    text = f"\n{words.ja_day(day)}の値{_age(day, board.split_day)}。月に1回、公表できるときに公表します"
    return Fig(name, f"{free:,}", "事業所", f"有償は{paid:,}事業所", text, "pricing")


def _age(day: date, newest: date) -> str:
    """That the split is not of the newest end of a month."""
    months = (newest.year - day.year) * 12 + newest.month - day.month
    return f"（{months}か月前の月末。そのあとは公表できません）" if months else ""
