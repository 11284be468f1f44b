"""Cards of renewal months: free years that end, and what became of those that did."""

from __future__ import annotations

from adoption.documents.card import Card
from adoption.documents.sheets import HIDDEN, Head, Line, Sheet
from adoption.queries.board import Board
from adoption.queries.endings import Cohort, Month, cohorts, months_to_come
from adoption.rules import definitions
from careplan_portal.lib import charts, words

NOTE = "1〜4の値、引き算で分かる値、前に公表した値から1〜4だけ変わった値は公表しません。"


def endings_card(board: Board) -> Card | None:
    """Who comes to a renewal date in which month, free and paid."""
    if board.split_day is None:
        return None
    months = months_to_come(board.place.members, board.split_day)
    if not any(month.offices for month in months):
        return None
    heads = [
        Head("更新月", "text"),
        Head("更新日をむかえる"),
        Head("フリーパス"),
        Head("有償"),
        Head("内わけの月末", "text"),
    ]
    sheet = Sheet(
        "endings", f"{board.place.full_name}の更新月別の事業所", heads, [Line(_month(month)) for month in months],
        definitions.ENDINGS, board.split_day, (("地域", board.place.full_name),),
        [f"{words.ja_short(board.split_day)}に利用中だった事業所です。{NOTE}"], rhythm="month",
    )  # fmt: skip
    legend = (("fill-1", "フリーパス（無料の1年が終わる）"), ("fill-4", "有償"), ("fill-rest", "内わけは非公表"))
    return Card(
        _endings_title(months), "更新日をむかえる事業所、更新月別", sheet, 7, _chart(months, sheet), legend=legend
    )


def _month(month: Month) -> tuple[object, ...]:
    text = f"{month.first_day:%Y-%m}"
    if month.shown is None:
        return text, month.offices, HIDDEN, HIDDEN, None
    return text, month.offices, month.shown.first, month.shown.second, f"{month.shown.day:%Y-%m}"


def _endings_title(months: list[Month]) -> str:
    free = [(month.shown.first, month) for month in months if month.shown and month.shown.first]
    if free:
        most = max(ending for ending, _ in free)
        at = _named([month for ending, month in free if ending == most])
        among = "公表できた月では、" if any(one.shown is None for one in months) else ""
        return f"{among}無料の1年が終わる事業所は{at}に多い（{most:,}事業所）"
    most = max(month.offices for month in months)
    at = _named([month for month in months if month.offices == most])
    return f"更新日をむかえるのは{at}が多い（{most:,}事業所）"


def _named(months: list[Month]) -> str:
    """The first two of the months that are alike, and that there are more."""
    shown = "と".join(f"{month.first_day.year}年{month.first_day.month}月" for month in months[:2])
    return f"{shown}など" if len(months) > 2 else shown


def _chart(months: list[Month], sheet: Sheet) -> charts.Chart:
    rows = []
    for month in months:
        parts: tuple[tuple[str, float], ...] = (("fill-rest", float(month.offices)),)
        if month.shown:
            parts = (("fill-1", float(month.shown.first)), ("fill-4", float(month.shown.second)))
        rows.append(charts.BarRow(f"{month.first_day:%Y}年{month.first_day.month}月", parts, f"{month.offices:,}"))
    return charts.bar_chart(rows, title=f"{sheet.title}。内容は表と同じです。")


def cohorts_card(board: Board) -> Card | None:
    """What became of those whose renewal date has passed."""
    if board.split_day is None:
        return None
    found = cohorts(board.place.members, board.split_day)
    if not found:
        return None
    heads = [Head("更新月", "text"), Head("更新日をむかえた"), Head("使い続けた"), Head("続けた割合 ％", "rate"),
             Head("うち無料の1年が終わった"), Head("無料のあと続けた"), Head("無料のあとやめた")]  # fmt: skip
    sheet = Sheet(
        "cohorts", f"{board.place.full_name}の更新日のあと", heads, [Line(_cohort(one)) for one in found],
        definitions.COHORTS, board.split_day, (("地域", board.place.full_name),), [f"更新日をむかえた事業所がない月は、出しません。右の3列（無料の1年の内わけ）では、{NOTE}"], rhythm="month",
    )  # fmt: skip
    kept, whole = sum(one.kept for one in found), sum(one.offices for one in found)
    title = f"更新日をむかえた{whole:,}事業所のうち{kept:,}（{words.percent(kept / whole)}）が使い続けた"
    return Card(title, "更新日をむかえた事業所が、そのあとも使っているか", sheet, 12, open_table=True)


def _cohort(one: Cohort) -> tuple[object, ...]:
    free = [HIDDEN if cell is None else cell for cell in (one.free, one.free_kept, one.free_gone)]
    return f"{one.first_day:%Y-%m}", one.offices, one.kept, one.kept / one.offices, *free
