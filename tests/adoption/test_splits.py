"""What is published of pricing and endings: from the ledger, once a month, and guarded."""

from datetime import date

import pytest

from adoption.enums import NATION, Split
from adoption.models import PublishedSplit, SplitRun
from adoption.queries.splits import Shown, newest_split_day, shown_splits, split_course
from adoption.rules.guard import must_hide
from adoption.services.snapshots import snapshot_make
from adoption.services.splits import splits_publish, splits_publish_due
from tests.adoption import slow
from tests.adoption.conftest import MATSUE, TOTTORI, TOTTORI_CITY, YONAGO, Country, free, open_office, paid

JUNE, JULY = date(2025, 6, 30), date(2025, 7, 31)


def fill(place: str, frees: int, paids: int, on: date = date(2025, 6, 2)) -> None:
    for _ in range(frees):
        free(open_office(place), on)
    for _ in range(paids):
        paid(open_office(place), on)


@pytest.mark.parametrize("seed", [21, 22])
def test_published_numbers_equal_the_slow_count(country: Country, seed: int) -> None:
    country(seed, offices=60)
    day = date(2026, 3, 31)
    splits_publish(day=day, known_on=day)
    counted, by_month = slow.figures(day, day), slow.months(day, day)
    rows = list(PublishedSplit.objects.filter(day=day))
    assert "y" in {row.cut[0] for row in rows}
    for row in rows:
        if row.cut[0] in "ykx":
            real = by_month[row.area_code, row.cut]
        else:
            numbers = counted[row.area_code, row.cut]
            keys = ("free", "paid") if row.split == Split.PRICING else ("stopped", "lapsed")
            real = (numbers[keys[0]], numbers[keys[1]])
        assert row.total == sum(real)
        if row.first is not None:
            assert (row.first, row.second) == real
            assert not must_hide(real)
    pricing = {(row.area_code, row.cut) for row in rows if row.split == Split.PRICING and len(row.cut) == 5}
    assert pricing == set(by_month)


def test_small_parts_are_hidden_and_a_second_municipality_with_them(db: None) -> None:
    fill(YONAGO, 3, 9)
    fill(TOTTORI_CITY, 9, 9)
    fill(MATSUE, 8, 7)
    splits_publish(day=JUNE, known_on=JUNE)
    assert "all" not in shown_splits(Split.PRICING, [YONAGO], JUNE)
    assert "all" not in shown_splits(Split.PRICING, [TOTTORI_CITY], JUNE)
    prefecture = shown_splits(Split.PRICING, [TOTTORI], JUNE)["all"]
    assert (prefecture.first, prefecture.second) == (12, 18)
    assert shown_splits(Split.PRICING, [MATSUE], JUNE)["all"].first == 8
    assert shown_splits(Split.PRICING, [NATION], JUNE)["all"].second == 25


def test_a_union_tells_nothing_that_its_members_do_not(db: None) -> None:
    fill(YONAGO, 3, 9)
    fill(TOTTORI_CITY, 9, 9)
    fill(MATSUE, 8, 7)
    splits_publish(day=JUNE, known_on=JUNE)
    assert "all" not in shown_splits(Split.PRICING, [YONAGO, MATSUE], JUNE)
    both = shown_splits(Split.PRICING, [MATSUE, "322024"], JUNE)["all"]
    assert (both.first, both.second) == (8, 7)


def test_what_was_published_stays(db: None) -> None:
    fill(MATSUE, 8, 7)
    assert splits_publish(day=JUNE, known_on=JUNE) is not None
    fill(MATSUE, 6, 6, date(2025, 6, 5))
    assert splits_publish(day=JUNE, known_on=JUNE) is None
    assert shown_splits(Split.PRICING, [MATSUE], JUNE)["all"].first == 8


def test_a_change_of_one_office_is_not_published(db: None) -> None:
    fill(MATSUE, 8, 7)
    splits_publish(day=JUNE, known_on=JUNE)
    fill(MATSUE, 1, 0, date(2025, 7, 7))
    splits_publish(day=JULY, known_on=JULY)
    assert split_course(Split.PRICING, [MATSUE], [JUNE, JULY])[JULY] is None


def test_a_later_month_does_not_tell_an_earlier_one(db: None) -> None:
    """The nine of July are free, as the prefecture's sums tell; so Yonago's July would tell Yonago's June."""
    fill(YONAGO, 3, 9)
    fill(TOTTORI_CITY, 9, 9)
    splits_publish(day=JUNE, known_on=JUNE)
    fill(YONAGO, 9, 0, date(2025, 7, 7))
    splits_publish(day=JULY, known_on=JULY)
    course = {area: split_course(Split.PRICING, [area], [JUNE, JULY]) for area in (TOTTORI, YONAGO, TOTTORI_CITY)}
    assert course[TOTTORI][JUNE] == Shown(JUNE, 12, 18)
    assert course[YONAGO][JUNE] is course[TOTTORI_CITY][JUNE] is course[TOTTORI_CITY][JULY] is None
    assert None in (course[TOTTORI][JULY], course[YONAGO][JULY])


def test_what_became_of_free_years_is_told_where_it_is_many(db: None) -> None:
    fill(MATSUE, 8, 7)
    day = date(2026, 6, 30)
    splits_publish(day=day, known_on=day)
    shown = {row.cut: (row.first, row.second) for row in PublishedSplit.objects.filter(area_code=MATSUE, day=day)}
    assert shown["k2606"] == (8, 7)
    assert "x2606" not in shown
    assert shown["y2706"] == (0, 15)


def test_the_night_publishes_each_end_of_a_month_once(db: None) -> None:
    fill(MATSUE, 8, 7)
    snapshot_make(day=date(2025, 7, 1))
    assert splits_publish_due(today=date(2025, 7, 2)) == 0
    snapshot_make(day=JUNE)
    snapshot_make(day=JULY)
    assert splits_publish_due(today=date(2025, 7, 31)) == 1
    assert splits_publish_due(today=date(2025, 8, 1)) == 1
    assert splits_publish_due(today=date(2025, 8, 1)) == 0
    assert list(SplitRun.objects.values_list("day", flat=True)) == [JULY, JUNE]
    assert newest_split_day(date(2025, 7, 15)) == JUNE
