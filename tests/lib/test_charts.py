import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan_portal.lib import charts
from careplan_portal.lib.tables import timeline_table
from careplan_portal.pages.styleguide import BARS

DAY = datetime.date
TODAY = DAY(2026, 4, 3)


def shapes(drawing, cls):
    return [shape for shape in drawing.shapes if cls in shape.cls.split()]


def test_bars_meet_where_their_days_meet() -> None:
    """The paid term ends on 14 April, the free one begins on the 15th: no gap and no overlap in the drawing."""
    for drawing in (charts.timeline(BARS, today=TODAY).wide,):
        paid, free = shapes(drawing, "tl-paid")[0], shapes(drawing, "tl-free")[0]
        assert paid.x + paid.w == pytest.approx(free.x, abs=0.2)
    tall = charts.timeline(BARS, today=TODAY).tall
    paid, free = shapes(tall, "tl-paid")[0], shapes(tall, "tl-free")[0]
    assert paid.y + paid.h == pytest.approx(free.y, abs=0.2)


def test_a_year_is_as_long_as_another() -> None:
    wide = charts.timeline(BARS, today=TODAY).wide
    assert shapes(wide, "tl-paid")[0].w == pytest.approx(shapes(wide, "tl-free")[0].w, abs=1)


def test_today_is_marked_once_and_in_the_picture() -> None:
    drawing = charts.timeline(BARS, today=TODAY)
    for one in (drawing.wide, drawing.tall):
        assert len(shapes(one, "today")) == 1
        assert [shape.text for shape in one.shapes if shape.text == "きょう"] == ["きょう"]


def test_the_flag_of_today_covers_no_words_on_a_narrow_screen() -> None:
    """In the middle of the free year, where its name and its price stand."""
    free = charts.Bar("ライセンス", "free", DAY(2025, 10, 1), DAY(2026, 9, 30), "フリーパス", fee="0円")
    for days in range(364):
        tall = charts.timeline([free], today=free.starts_on + datetime.timedelta(days=days)).tall
        flag = shapes(tall, "tl-flag")[0]
        for text in [shape for shape in tall.shapes if shape.tag == "text" and shape.text != "きょう"]:
            size = 24 if "s24" in text.cls else 18 if "s18" in text.cls else 14
            beside = text.x + charts.text_width(text.text, size) <= flag.x or flag.x + flag.w <= text.x
            assert beside or text.y + 4 <= flag.y or flag.y + flag.h <= text.y - size, (days, text)


def test_a_day_that_ends_both_the_window_and_the_filing_is_written_once() -> None:
    window = charts.Bar("申請の受付", "window", DAY(2025, 6, 1), DAY(2026, 5, 31), "受付")
    apply = charts.Bar("申請できる日", "apply", TODAY, DAY(2026, 5, 31), "申請")
    assert [s.text for s in charts.timeline([window, apply], today=TODAY).tall.shapes].count("5月31日まで") == 1
    sooner = charts.Bar("申請できる日", "apply", TODAY, DAY(2026, 4, 15), "申請")
    texts = [s.text for s in charts.timeline([window, sooner], today=TODAY).tall.shapes]
    assert "4月15日まで" in texts
    assert "5月31日まで" in texts


def test_no_month_stands_outside_the_axis() -> None:
    for months in range(1, 13):
        bar = charts.Bar("行", "paid", DAY(2025, 6, 1), DAY(2026, months, 11), "ことば")
        wide = charts.timeline([bar], today=TODAY).wide
        for text in shapes(wide, "mut"):
            assert text.x + charts.text_width(text.text) <= 948


def test_what_is_short_has_its_words_beside_it() -> None:
    wide = charts.timeline(BARS, today=TODAY).wide
    label = next(shape for shape in wide.shapes if shape.text.startswith("4月1日から15日"))
    bar = shapes(wide, "tl-apply")[0]
    assert label.x > bar.x + bar.w


def test_the_table_says_what_the_drawing_shows() -> None:
    table = timeline_table(BARS, "図と同じ内容の表")
    assert [row.cells[0] for row in table.rows] == [
        "申請の受付（全国）", "切れ目なく申請できる日", "いまの有償期間", "フリーパス", "続ける場合の次の1年",
    ]  # fmt: skip
    assert table.rows[3].cells == ("フリーパス", "2026年4月15日（水）", "2027年4月14日（水）", "0円")
    assert [row.me for row in table.rows] == [False, True, False, False, False]
    assert table.rows[4].cells[2] == "－"


def test_no_bars_or_a_reversed_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        charts.timeline([], today=TODAY)
    with pytest.raises(ValueError, match="ends before"):
        charts.timeline([charts.Bar("x", "paid", DAY(2026, 4, 2), DAY(2026, 4, 1), "逆")], today=TODAY)


days = st.dates(DAY(2024, 1, 1), DAY(2030, 12, 31))
kinds = st.sampled_from(["window", "apply", "paid", "free", "next", "gap"])


@settings(deadline=None)  # a busy machine is no fault of the drawing
@given(st.lists(st.tuples(days, st.integers(0, 800), kinds, st.booleans()), min_size=1, max_size=6), days)
def test_every_drawing_stays_in_its_frame(facts, today) -> None:
    bars = [
        charts.Bar(
            f"行{kind}", kind, first, None if is_open else first + datetime.timedelta(days=length), "ことば", fee="0円"
        )
        for first, length, kind, is_open in facts
    ]
    drawing = charts.timeline(bars, today=today)
    for one in (drawing.wide, drawing.tall):
        for shape in one.shapes:
            assert -0.5 <= shape.x <= one.width + 1, shape
            if shape.tag == "rect":
                assert shape.w >= 0, shape
                assert shape.h >= 0, shape
                assert shape.x + shape.w <= one.width + 1, shape


def test_progress_of_the_window() -> None:
    first, last = DAY(2025, 6, 1), DAY(2026, 5, 31)
    here = charts.progress(first, last, today=TODAY)
    assert (here.days, here.passed, here.left) == (365, 306, 58)
    assert charts.progress(first, last, today=DAY(2025, 5, 1)).done == 0
    assert charts.progress(first, last, today=DAY(2026, 6, 1)).done == 272
    assert charts.progress(first, last, today=last).left == 0
    with pytest.raises(ValueError, match="closes before"):
        charts.progress(last, first, today=TODAY)


def test_dots_up_to_forty_and_the_line_at_half() -> None:
    row = charts.dots(22, 9)
    assert row is not None
    assert (row.half, sum(dot.on for dot in row.wide), len(row.tall)) == (11, 9, 22)
    assert row.wide[10].x < row.wide_half_x < row.wide[11].x
    assert charts.dots(41, 0) is None
    assert charts.dots(0, 0) is None
    assert charts.dots(1, 1) is not None
    with pytest.raises(ValueError, match="between"):
        charts.dots(3, 4)


def test_a_year_under_the_last_column_ends_at_the_edge() -> None:
    months = [charts.Tick("11月", "2025年"), *(charts.Tick("12月") for _ in range(11)), charts.Tick("1月", "2026年")]
    for drawing in (charts.column_chart([1] * 13, [0] * 13, months, title="", names=("上", "下"), width=490),):
        for one in (drawing.wide, drawing.tall):
            (year,) = [shape for shape in one.shapes if shape.text == "2026年"]
            assert (year.anchor, year.x) == ("end", one.width)
