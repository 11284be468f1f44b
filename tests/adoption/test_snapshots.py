"""Every number made by SQL equals the one counted office by office."""

import random
from datetime import date, timedelta

import pytest

from adoption.models import AreaDay, SnapshotRun
from adoption.queries.live import live_figures
from adoption.queries.terms import ended_groups, term_groups
from adoption.services.snapshots import SERVICE_DAYS, snapshot_make, snapshots_due, snapshots_make_due, snapshots_thin
from careplan_portal.lib.acting import NIGHT
from licenses.models import LicenseTerm
from licenses.services import license_make_free
from tests.adoption import slow
from tests.adoption.conftest import FIRST, PLACES, SAPPORO, YONAGO, Country, free, open_office, paid

NUMBERS = ("offices_in_scope", "offices_using", "free", "paid", "started", "stopped", "lapsed")


def stored(day: date) -> dict[tuple[str, str], dict[str, int]]:
    rows = AreaDay.objects.filter(day=day).values("area_code", "cut", *NUMBERS)
    return {(row["area_code"], row["cut"]): {name: row[name] for name in NUMBERS} for row in rows}


def counted(day: date, known: date) -> dict[tuple[str, str], dict[str, int]]:
    return {key: {name: numbers[name] for name in NUMBERS} for key, numbers in slow.figures(day, known).items()}


@pytest.mark.parametrize("seed", range(4))
def test_every_number_equals_the_slow_count_on_random_days(country: Country, seed: int) -> None:
    country(seed)
    luck = random.Random(seed)
    for _ in range(3):
        day = FIRST + timedelta(days=luck.randrange(20, 460))
        for known in (day, day + timedelta(days=luck.randrange(1, 90))):
            snapshot_make(day=day, known_on=known)
            assert stored(day) == counted(day, known)


def test_pairs_equal_the_slow_count(country: Country) -> None:
    country(7)
    day = FIRST + timedelta(days=300)
    snapshot_make(day=day)
    for area in (*PLACES[:3], SAPPORO):
        row = AreaDay.objects.filter(day=day, cut="all", area_code=area).first()
        found = (row.pairs, row.pairs_using) if row else (0, 0)
        assert found == slow.pairs(day, day, area)
    nation = AreaDay.objects.get(day=day, cut="all", area_code="000000")
    assert nation.pairs == sum(slow.pairs(day, day, area)[0] for area in (*PLACES[:3], SAPPORO))


def test_an_office_with_several_services_counts_once_and_a_ward_in_its_city(db: None) -> None:
    office = open_office("011011", ("43", "11", "15"))
    free(office, date(2025, 7, 1))
    snapshot_make(day=date(2025, 7, 1))
    found = stored(date(2025, 7, 1))
    assert found[SAPPORO, "all"]["offices_in_scope"] == 1
    assert found[SAPPORO, "pr"]["free"] == found[SAPPORO, "cm"]["free"] == found[SAPPORO, "11"]["free"] == 1
    assert not any(area == "011011" for area, _ in found)


def test_a_paid_term_made_free_later_was_paid_then_and_is_free_now(db: None) -> None:
    office, start, later = open_office(YONAGO), date(2025, 6, 2), date(2025, 6, 20)
    paid(office, start)
    license_make_free(office_id=office.pk, starts_on=start, filed_on=later, today=later, acting=NIGHT)
    then, now = live_figures(start, start), live_figures(start, later)
    assert [(f.free, f.paid) for f in then if f.area_code == YONAGO] == [(0, 1)]
    assert [(f.free, f.paid) for f in now if f.area_code == YONAGO] == [(1, 0)]


def test_a_renewal_counts_on_its_day_though_no_night_has_written_it_down(db: None) -> None:
    office = open_office(YONAGO)
    term = free(office, date(2025, 6, 1))
    day = term.ends_on + timedelta(days=1)
    figures = {f.area_code: f for f in live_figures(day, day)}
    assert (figures[YONAGO].offices_using, figures[YONAGO].paid) == (1, 1)
    assert LicenseTerm.objects.count() == 1


def test_a_day_made_twice_is_the_same_and_knowledge_before_the_day_is_refused(country: Country) -> None:
    country(3, offices=10, days=60)
    day = FIRST + timedelta(days=40)
    assert snapshot_make(day=day) == snapshot_make(day=day) == AreaDay.objects.filter(day=day).count()
    with pytest.raises(ValueError, match="before it is over"):
        snapshot_make(day=day, known_on=day - timedelta(days=1))


def test_missed_nights_are_made_up_for_and_a_second_run_finds_nothing(country: Country) -> None:
    country(5, offices=6, days=60)
    today = date(2025, 9, 10)
    snapshots_make_due(today=today)
    assert snapshots_due(today) == []
    assert SnapshotRun.objects.filter(day=date(2025, 9, 9), known_on=date(2025, 9, 9)).exists()
    assert SnapshotRun.objects.filter(day=date(2025, 8, 31), known_on=date(2025, 9, 9)).exists()
    later = date(2025, 9, 14)
    assert [day.day for day, _ in snapshots_due(later)] == [10, 11, 12, 13]
    assert snapshots_make_due(today=later)["days"] == 4
    assert snapshots_make_due(today=later)["days"] == 0


def test_old_days_lose_their_services_but_ends_of_months_do_not(db: None) -> None:
    free(open_office(YONAGO), date(2025, 6, 1))
    for day in (date(2025, 6, 29), date(2025, 6, 30)):
        snapshot_make(day=day)
    assert snapshots_thin(today=date(2025, 7, 1)) == 0
    assert snapshots_thin(today=date(2025, 6, 30) + timedelta(days=SERVICE_DAYS + 1)) == 1
    assert {cut for _, cut in stored(date(2025, 6, 29))} == {"all", "cm"}
    assert {cut for _, cut in stored(date(2025, 6, 30))} == {"all", "cm", "43"}


def test_groups_for_the_guard_add_up_to_the_figures(country: Country) -> None:
    country(11)
    days = [(FIRST + timedelta(days=n), FIRST + timedelta(days=n)) for n in (200, 280, 365)]
    groups = term_groups(days)
    for day, known in days[-1:]:
        figures = {f.area_code: f for f in live_figures(day, known)}
        for area in {group.area_code for group in groups}:
            mine = [group for group in groups if group.area_code == area and day in group.days]
            assert sum(g.count for g in mine if day in g.free_days) == figures[area].free
            assert sum(g.count for g in mine) == figures[area].offices_using
        for area in {group.area_code for group in ended_groups(day, known)}:
            ended = [group for group in ended_groups(day, known) if group.area_code == area]
            assert (sum(g.stopped for g in ended), sum(g.lapsed for g in ended)) == (
                figures[area].stopped,
                figures[area].lapsed,
            )
