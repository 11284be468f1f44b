"""The cards of a page of figures: each a finding, a drawing, the table it is drawn from, a definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from adoption.documents.card import Card, cut_name, filters_of, place_url
from adoption.documents.endings import cohorts_card, endings_card
from adoption.documents.filings import filings_card
from adoption.documents.maps import place_map
from adoption.documents.planner import PLAN, Plan, planner_card
from adoption.documents.reaching import reach_card
from adoption.documents.sheets import HIDDEN, Head, Line, Sheet
from adoption.enums import CARE_MANAGER, NATION, PROVIDER
from adoption.queries.board import Board
from adoption.queries.figures import Run, same_size
from adoption.queries.live import Figures
from adoption.queries.neighbours import nearest
from adoption.queries.outside import published
from adoption.queries.places import Place, level_places, municipalities_in, public_places
from adoption.rules import definitions
from adoption.rules.comparing import median, points
from careplan_portal.lib import charts, words
from offices.rules.catalogue import service_kinds


def cards_of(board: Board, today: date, plan: Plan = PLAN) -> list[Card]:
    """Every card of a place, in the order of the page; those without anything to tell are left out.
    Each says when it is next made, seen from `today`, and why it is late."""
    cards = [
        course_card(board), map_card(board), reach_card(board), services_card(board), flows_card(board),
        endings_card(board), filings_card(board), cohorts_card(board), ranking_card(board),
        planner_card(board, plan), compare_card(board), outside_card(board),
    ]  # fmt: skip
    said = late(board.run, today)
    return [replace(card, sheet=card.sheet.dated(today, said)) for card in cards if card is not None]


def late(run: Run, today: date) -> str:
    """Why the newest figures are not yesterday's; empty when they are."""
    if run.day >= today - timedelta(days=1):
        return ""
    return (
        f"{words.ja_date(run.day)}までの数字です。そのあとの夜間処理がまだ終わっていないため、更新が遅れています。"
        "処理が終わりしだい、抜けた日の分もさかのぼって作ります。"
    )


# --- course ----------------------------------------------------------------------------------------


def course_card(board: Board) -> Card:
    own = [(day, figures) for day, figures in board.own.items()]
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
    known = [(day, f.rate) for day, f in board.own.items() if f.rate is not None]
    if not known:
        return "まだ動きはありません"
    (first, then), (_, now) = known[0], known[-1]
    if len(known) == 1:
        return f"いま{words.percent(now)}"
    span = "1年" if len(known) >= 13 else f"{words.ja_short(first)}から"
    if points(now, then) == 0:
        return f"{span}で{words.percent(now)}のまま"
    return f"{span}で{words.percent(then)}から{words.percent(now)}へ"


def course_chart(board: Board, title: str, height: int = 372) -> charts.Chart | None:
    """The course as a drawing; None where there never was an office in scope."""
    days = list(board.own)
    lines = [_line(board.place, "own", [board.own[day] for day in days])]
    for place in board.above:
        kind = "cmp2" if place.level == "nation" else "cmp"
        lines.append(_line(place, kind, [board.course[place.code][day] for day in days]))
    if not any(value is not None for line in lines for value in line.values):
        return None
    ticks = [_tick(day, index, days) for index, day in enumerate(days)]
    return charts.line_chart(lines, ticks, title=f"{title}。内容は表と同じです。", height=height)


def _line(place: Place, kind: str, course: Sequence[Figures]) -> charts.Line:
    values = [None if f.rate is None else f.rate * 100 for f in course]
    last = words.percent(course[-1].rate or 0)
    label = f"{place.name} {last}" if kind == "own" else f"{place.name} {last.removesuffix('％')}"
    return charts.Line(place.name, kind, values, label)  # type: ignore[arg-type]


def _tick(day: date, index: int, days: Sequence[date]) -> charts.Tick:
    new_year = index == 0 or days[index - 1].year != day.year
    return charts.Tick(f"{day.month}月", f"{day.year}年" if new_year else "")


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
    sheet = _ranking(board, places, "map", f"{sub}の{title}の普及率")
    return Card(_map_title(sheet), f"{sub}の{title}普及率", sheet, 5, map=drawing)


def _map_title(sheet: Sheet) -> str:
    rated = [line for line in sheet.lines if line.cells[3] is not None]
    if not rated or not rated[0].cells[3]:
        return "どの地域もこれからです"
    best, rate = rated[0].cells[0], rated[0].cells[3]
    low = sum(1 for line in rated if line.cells[3] < 0.1)
    return f"{best}が{words.percent(rate)}で先行" + (f"、{low}地域は10％未満" if low else "")


def _ranking(board: Board, places: Sequence[Place], key: str, title: str) -> Sheet:
    country = board.country
    found = [(place, country.get(place.code) or Figures(place.code, board.cut, 0, 0)) for place in places]
    found.sort(key=lambda pair: (-(pair[1].rate if pair[1].rate is not None else -1), pair[0].code))
    head = "都道府県" if places[0].level == "prefecture" else "市区町村"
    heads = [Head(head, "text"), Head("利用中"), Head("対象"), Head("普及率 ％", "rate")]
    mine = {board.place.code, *board.place.members}
    lines = [
        Line((place.name, f.offices_using, f.offices_in_scope, f.rate), place_url(place), place.code in mine)
        for place, f in found
    ]
    return Sheet(key, title, heads, lines, definitions.RATE, board.run.day, filters_of(board))


# --- services --------------------------------------------------------------------------------------


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


# --- flows -----------------------------------------------------------------------------------------


def flows_card(board: Board) -> Card | None:
    days = list(board.own)
    if not days or not any(f.started or f.offices_using for f in board.own.values()):
        return None
    heads = [Head("月", "text"), Head("使い始めた"), Head("前の月の末から", "signed"), Head("停止"), Head("期限切れ")]
    lines = [Line(_flow(board, day, before)) for before, day in zip([None, *days], days, strict=False)]
    notes = [f"{board.run.day:%Y-%m} は{words.ja_short(board.run.day)}までの値です。停止と期限切れは月末に公表します。"]
    sheet = Sheet(
        "flows", f"{board.place.full_name}の月ごとの動き", heads, lines[::-1], definitions.FLOWS, board.run.day,
        filters_of(board), notes,
    )  # fmt: skip
    up = [int(line.cells[1]) for line in lines]
    down = [sum(cell for cell in line.cells[3:] if isinstance(cell, int)) for line in lines]
    ticks = [_tick(day, index, days) for index, day in enumerate(days)]
    chart = charts.column_chart(
        up, down, ticks, title=f"{sheet.title}。内容は表と同じです。", names=("使い始めた", "やめた")
    )
    best = max(lines, key=lambda line: line.cells[1])
    title = (
        f"{best.cells[0].replace('-', '年').lstrip('0')}月に{best.cells[1]:,}事業所が使い始めた"
        if best.cells[1]
        else "この1年に使い始めた事業所はありません"
    )
    return Card(title.replace("年0", "年"), "月ごとに使い始めた・やめた事業所", sheet, 5, chart)


def _flow(board: Board, day: date, before: date | None) -> tuple[object, ...]:
    now = board.own[day]
    net = now.offices_using - board.own[before].offices_using if before else None
    shown = board.ended.get(day)
    if shown is not None:
        stopped: object = shown.first
        lapsed: object = shown.second
    else:
        stopped = lapsed = HIDDEN if day in board.ended else None
    return f"{day:%Y-%m}", now.started, net, stopped, lapsed


# --- ranking and comparison ------------------------------------------------------------------------


def ranking_card(board: Board) -> Card | None:
    """A prefecture's municipalities, or the members of an officer's area; the nation's are on the map."""
    if board.place.level == "prefecture":
        places = municipalities_in(board.place.code)
    elif board.place.level == "area":
        places = tuple(public_places()[code] for code in board.place.members if code != NATION)
    else:
        return None
    if len(places) < 2:
        return None
    sheet = _ranking(board, places, "places", f"{board.place.full_name}の市区町村別の普及率")
    reached = sum(1 for line in sheet.lines if (line.cells[3] or 0) >= 0.5)
    return Card(
        f"半分に届いたのは{len(places)}市区町村のうち{reached}", "市区町村別の普及率", sheet, 12, open_table=True
    )


def compare_card(board: Board) -> Card | None:
    """Neighbours, places of the same size, medians: for municipalities and areas."""
    if board.place.level not in ("municipality", "area"):
        return None
    country, now = board.country, board.now
    groups = [("近い", nearest(board.place, board.run)), ("同じ規模", same_size(board.place, country))]
    lines = [Line((board.place.name, "この地域", now.offices_using, now.offices_in_scope, now.rate), "", True)]
    for label, codes in groups:
        for code in codes:
            figures, place = country.get(code), public_places()[code]
            if figures is not None:
                row = (place.full_name, label, figures.offices_using, figures.offices_in_scope, figures.rate)
                lines.append(Line(row, place_url(place)))
    lines += _medians(board)
    heads = [
        Head("市区町村", "text"),
        Head("くらべ方", "text"),
        Head("利用中"),
        Head("対象"),
        Head("普及率 ％", "rate"),
    ]
    sheet = Sheet(
        "compare",
        f"{board.place.full_name}とくらべる",
        heads,
        lines,
        definitions.COMPARE,
        board.run.day,
        filters_of(board),
    )
    return Card(_compare_title(board, country), "近い市区町村、同じ規模の市区町村、中央値", sheet, 5, open_table=True)


def _medians(board: Board) -> list[Line]:
    found = [("全国", level_places("municipality"))]
    if board.place.prefecture_code:
        found.insert(
            0, (public_places()[board.place.prefecture_code].name, municipalities_in(board.place.prefecture_code))
        )
    lines = []
    for name, places in found:
        rates = [f.rate for place in places if (f := board.country.get(place.code))]
        lines.append(Line((f"{name}の中央値", "中央値", None, None, median(rates))))
    return lines


def _compare_title(board: Board, country: dict[str, Figures]) -> str:
    mine = board.now.rate
    rates = [f.rate for p in level_places("municipality") if (f := country.get(p.code)) and f.rate is not None]
    if mine is None or not rates:
        return "ほかの地域とくらべる"
    better = sum(1 for rate in rates if rate > mine)
    return f"全国{len(rates):,}市区町村のなかで{better + 1:,}番め"


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
        (("地域", board.place.full_name),),
    )  # fmt: skip
    return Card(
        "よそで公表された数字（数え方が違います）",
        "この窓口の数字とは分母や時点が違うので、並べるだけにします",
        sheet,
        12,
        open_table=True,
    )
