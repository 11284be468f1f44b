"""Business days and hours of the helpdesk. No database."""

import csv
import datetime
from pathlib import Path

import pytest

from careplan_portal.lib.japan import holidays

D = datetime.date


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (D(2026, 1, 1), "元日"),
        (D(2025, 12, 28), ""),
        (D(2025, 12, 29), "年末年始"),
        (D(2025, 12, 31), "年末年始"),
        (D(2026, 1, 2), "年末年始"),
        (D(2026, 1, 3), "年末年始"),
        (D(2026, 1, 4), ""),
        (D(2026, 4, 29), "昭和の日"),
        (D(2026, 4, 28), ""),
    ],
)
def test_names(day: datetime.date, name: str) -> None:
    assert holidays.holiday_name(day) == name


@pytest.mark.parametrize(
    ("day", "open_day"),
    [
        (D(2026, 4, 3), True),  # Friday
        (D(2026, 4, 4), False),  # Saturday
        (D(2026, 4, 5), False),  # Sunday
        (D(2026, 5, 6), False),  # substitute holiday, a Wednesday
        (D(2026, 9, 22), False),  # a day between two holidays
        (D(2025, 12, 29), False),  # a Monday
        (D(2026, 1, 5), True),
    ],
)
def test_business_days(day: datetime.date, open_day: bool) -> None:
    assert holidays.is_business_day(day) is open_day


def test_counting_business_days() -> None:
    assert holidays.next_business_day(D(2026, 4, 3)) == D(2026, 4, 6)
    assert holidays.business_day_from(D(2026, 4, 3)) == D(2026, 4, 3)
    assert holidays.business_day_from(D(2025, 12, 27)) == D(2026, 1, 5)
    assert holidays.add_business_days(D(2025, 12, 26), 1) == D(2026, 1, 5)
    assert holidays.add_business_days(D(2026, 4, 3), 0) == D(2026, 4, 3)
    with pytest.raises(ValueError, match="negative"):
        holidays.add_business_days(D(2026, 4, 3), -1)


@pytest.mark.parametrize(
    ("hour", "minute", "answers"), [(8, 59, False), (9, 0, True), (16, 59, True), (17, 0, False), (0, 0, False)]
)
def test_hours(hour: int, minute: int, answers: bool) -> None:
    moment = datetime.datetime(2026, 4, 3, hour, minute, tzinfo=holidays.TOKYO)
    assert holidays.is_open(moment) is answers
    assert holidays.is_open(moment.astimezone(datetime.UTC)) is answers


def test_hours_need_a_zone_and_a_business_day() -> None:
    with pytest.raises(ValueError, match="aware"):
        holidays.is_open(datetime.datetime(2026, 4, 3, 10))
    assert not holidays.is_open(datetime.datetime(2026, 4, 4, 10, tzinfo=holidays.TOKYO))


def test_the_cabinet_office_agrees(shared_dir: Path) -> None:
    with (shared_dir / "data" / "holidays_official.csv").open(encoding="utf-8-sig") as file:
        official = {datetime.datetime.strptime(row[0], "%Y/%m/%d").date() for row in list(csv.reader(file))[1:]}
    days = [D(2024, 1, 1) + datetime.timedelta(n) for n in range((D(2027, 12, 31) - D(2024, 1, 1)).days + 1)]
    ours = {day for day in days if holidays.holiday_name(day) not in ("", "年末年始")}
    assert ours == {day for day in official if D(2024, 1, 1) <= day <= D(2027, 12, 31)}
