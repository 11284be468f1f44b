"""What is published of pricing and endings: from the ledger, once a month, and guarded."""

from datetime import date

import pytest

from adoption.enums import NATION, Split
from adoption.models import PublishedSplit, SplitRun
from adoption.queries.splits import newest_split_day, shown_splits, split_course
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
    counted = slow.figures(day, day)
    rows = list(PublishedSplit.objects.filter(day=day))
    assert {row.split for row in rows} == set(Split.values)
    for row in rows:
        numbers = counted[row.area_code, row.cut]
        keys = ("free", "paid") if row.split == Split.PRICING else ("stopped", "lapsed")
        real = (numbers[keys[0]], numbers[keys[1]])
        if row.first is None:
            continue
        assert (row.first, row.second) == real
        assert not must_hide(real)


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


def test_what_was_hidden_for_a_neighbour_stays_hidden_until_it_changes(db: None) -> None:
    """Otherwise July's number would be June's, and June's sum would tell Yonago's three."""
    fill(YONAGO, 3, 9)
    fill(TOTTORI_CITY, 9, 9)
    splits_publish(day=JUNE, known_on=JUNE)
    fill(YONAGO, 9, 0, date(2025, 7, 7))
    splits_publish(day=JULY, known_on=JULY)
    course = split_course(Split.PRICING, [TOTTORI_CITY], [JUNE, JULY])
    assert course == {JUNE: None, JULY: None}
    for place in (YONAGO, TOTTORI_CITY):  # who hid each other are shown when both have changed
        fill(place, 7, 6, date(2025, 8, 4))
    splits_publish(day=date(2025, 8, 31), known_on=date(2025, 8, 31))
    assert shown_splits(Split.PRICING, [TOTTORI_CITY], date(2025, 8, 31))["all"].first == 16


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
