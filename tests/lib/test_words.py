import datetime

import pytest

from careplan_portal.lib import words

DAY = datetime.date


def test_a_day_in_its_forms() -> None:
    day = DAY(2026, 4, 15)
    assert words.ja_date(day) == "2026年4月15日（水）"
    assert words.ja_day(day) == "2026年4月15日"
    assert words.ja_short(day) == "4月15日"
    assert words.weekday(day) == "水曜日"
    assert words.era_year(day) == "令和8年"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026", 2026),
        ("2026年", 2026),
        ("令和8", 2026),
        ("令和 8年", 2026),
        ("令8", 2026),
        ("R8", 2026),
        ("r.8", 2026),
        ("令和元年", 2019),
        ("平成31", 2019),
        ("H元", 1989),
        ("昭和64", 1989),
        ("S1", 1926),
        ("大正15", 1926),
        ("8", 8),
        ("", None),
        ("元", None),
        ("元年", None),
        ("来年", None),
        ("R", None),
        ("明治8", None),
        ("20260", None),
        ("2026-4", None),
    ],
)
def test_years_as_people_write_them(text, year) -> None:
    assert words.year_of(text) == year


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (DAY(2019, 4, 30), "平成31年4月30日"),
        (DAY(2019, 5, 1), "令和元年5月1日"),
        (DAY(1989, 1, 7), "昭和64年1月7日"),
        (DAY(1989, 1, 8), "平成元年1月8日"),
        (DAY(2026, 4, 15), "令和8年4月15日"),
        (DAY(1900, 1, 1), "1900年1月1日"),
    ],
)
def test_era(day, text) -> None:
    assert words.era(day) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (DAY(2026, 4, 3), "きょう"),
        (DAY(2026, 4, 14), "あと11日"),
        (DAY(2027, 4, 2), "あと364日"),
        (DAY(2027, 4, 3), "あと1年"),
        (DAY(2027, 4, 15), "あと1年と12日"),
        (DAY(2026, 3, 31), "3日前"),
    ],
)
def test_how_far_away(day, text) -> None:
    assert words.until(day, DAY(2026, 4, 3)) == text


def test_how_far_away_from_a_leap_day() -> None:
    assert words.until(DAY(2029, 2, 28), DAY(2028, 2, 29)) == "あと365日"
    assert words.until(DAY(2029, 3, 1), DAY(2028, 2, 29)) == "あと1年と1日"


def test_figures() -> None:
    assert words.yen(21000) == "21,000円"
    assert words.yen(0) == "0円"
    assert words.percent(79 / 186) == "42.5％"
    assert words.percent(0.00125, 2) == "0.13％"
    assert words.percent(1) == "100.0％"
    assert words.count(1204, "か所") == "1,204か所"


def test_numbers_in_groups_and_read_aloud() -> None:
    assert words.number_groups("3170201432") == ("31", "7", "02", "0143", "2")
    assert words.number_groups("31702") == ("31", "7", "02")
    assert words.number_groups("317020143299") == ("31", "7", "02", "0143", "2", "99")
    assert words.reading_aloud("FP-2604-7318-K") == "エフピー、2604、7318、ケイ"
