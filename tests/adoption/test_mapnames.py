"""Names on maps: none covers another, an outline's stand in it, the own place is always named."""

import pytest

from adoption.rules.mapnames import LETTER, Mark, Name, holds, names_of, rings_of
from careplan_portal.lib.charts import text_width

FRAME = (0.0, 0.0, 480.0, 320.0)


def square(left: float, top: float, side: float) -> list[list[tuple[float, float]]]:
    return [[(left, top), (left + side, top), (left + side, top + side), (left, top + side), (left, top)]]


def box(name: Name) -> tuple[float, float, float, float]:
    wide = text_width(name.text, LETTER)
    left = name.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[name.anchor] * wide
    return left, name.y - LETTER, left + wide, name.y


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_beside_bubbles_no_name_covers_a_bubble_or_another_name() -> None:
    marks = [Mark(f"町{n} 10.0％", 1, n == 3, 40.0 * n + 40, 120 + 10.0 * (n % 3), 20.0 - n) for n in range(9)]
    names, leaders = names_of(marks, FRAME)
    assert any(name.text.startswith("町3 ") and name.cls == "b" for name in names)
    boxes = [box(name) for name in names]
    for number, one in enumerate(boxes):
        assert not any(meet(one, (m.x - m.r, m.y - m.r, m.x + m.r, m.y + m.r)) for m in marks)
        assert not any(meet(one, other) for other in boxes[number + 1 :])
    for line in leaders:
        ends = [(line.x1 + (line.x2 - line.x1) * n / 9, line.y1 + (line.y2 - line.y1) * n / 9) for n in range(10)]
        crossed = [one for one in boxes for x, y in ends if one[0] < x < one[2] and one[1] < y < one[3]]
        assert not crossed


def test_a_bubble_under_another_is_not_named() -> None:
    names, _ = names_of([Mark("下 1.0％", 1, x=200, y=100, r=12), Mark("上 2.0％", 1, x=204, y=100, r=10)], FRAME)
    assert [name.text for name in names] == ["上 2.0％"]


def test_a_large_outline_holds_its_name_and_a_dark_one_in_white() -> None:
    rings = square(100, 100, 160)
    names, leaders = names_of([Mark("鳥取市 45.0％", 5, rings=rings)], FRAME)
    assert [name.text for name in names] == ["鳥取市", "45.0％"]
    assert {name.cls for name in names} == {"t-inv"}
    assert not leaders
    assert all(holds(rings, x, y) for name in names for x in box(name)[::2] for y in box(name)[1::2])


@pytest.mark.parametrize("me", [True, False])
def test_a_small_outline_is_named_by_a_line(me: bool) -> None:
    small, large = Mark("町 45.0％", 5, me, rings=square(60, 60, 20)), Mark("市 1.0％", 1, rings=square(80, 60, 200))
    names, (line,) = names_of([large, small], FRAME)
    (name,) = (name for name in names if name.text == "町 45.0％")
    assert name.cls == ("b" if me else "")
    assert holds(small.rings, line.x1, line.y1)
    x1, y1, x2, y2 = box(name)
    assert not any(holds(large.rings, x, y) for x in (x1, x2) for y in (y1, y2))


def test_the_own_place_is_named_where_nothing_is_free() -> None:
    names, leaders = names_of(
        [Mark("町 1.0％", 1, True, rings=square(200, 100, 5)), Mark("海 ", 0, rings=square(-9, -9, 600))], FRAME
    )
    assert "町 1.0％" in [name.text for name in names]
    assert len(leaders) == 1


def test_an_outline_is_read_as_it_is_written() -> None:
    assert rings_of("M1.00 2.00L3.00 2.00L3.00 4.00ZM5.00 6.00L7.00 8.00Z", lambda x, y: (2 * x, y)) == [
        [(2, 2), (6, 2), (6, 4)],
        [(10, 6), (14, 8)],
    ]
