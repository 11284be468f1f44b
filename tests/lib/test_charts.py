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
