"""Addresses and shipped lists. No database, except where the lists are loaded."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from careplan_portal.lib.japan import kana
from offices.models import Municipality, OpenDataService, Prefecture, ServiceType
from offices.rules import catalogue
from offices.rules.addresses import full_address, location, without_building


@pytest.mark.parametrize(
    ("municipality", "written", "full"),
    [
        ("312029", "鳥取県米子市みなと町1", "鳥取県米子市みなと町1"),
        ("312029", "米子市みなと町1", "鳥取県米子市みなと町1"),
        ("312029", "みなと町1", "鳥取県米子市みなと町1"),
        ("312029", "鳥取県鳥取県米子市みなと町1", "鳥取県米子市みなと町1"),
        ("011029", "北25条西16丁目", "北海道札幌市北区北25条西16丁目"),
        ("011029", "北区北25条", "北海道札幌市北区北25条"),
        ("011029", "札幌市北区北25条", "北海道札幌市北区北25条"),
        ("011029", "北海道北区北25条", "北海道札幌市北区北25条"),
        ("011029", "札幌市北25条", "北海道札幌市北25条"),
        ("014087", "余市郡余市町黒川町12", "北海道余市郡余市町黒川町12"),
        ("014087", "黒川町12", "北海道余市町黒川町12"),
        ("082082", "龍ヶ崎市3710", "茨城県龍ヶ崎市3710"),
        ("082082", "龍ケ崎市3710", "茨城県龍ケ崎市3710"),
        ("312029", "〒683-0000 鳥取県米子市みなと町1", "鳥取県米子市みなと町1"),
        ("312029", "鳥取県境港市上道町1", "鳥取県境港市上道町1"),
    ],
)
def test_full_address(municipality: str, written: str, full: str) -> None:
    prefecture = catalogue.prefecture_by_number()[municipality[:2]].code
    assert full_address(written, location(municipality, prefecture)) == full


def test_full_address_with_the_prefecture_alone() -> None:
    assert full_address("米子市みなと町1", location("", "310000"[:0])) == "米子市みなと町1"
    assert full_address("米子市1", location("", catalogue.prefecture_by_number()["31"].code)) == "鳥取県米子市1"


@pytest.mark.parametrize(
    ("address", "building", "bare"),
    [
        ("みなと町1番ビル2階", "ビル2階", "みなと町1番"),
        ("みなと町1番ビル2階 ビル2階", "ビル2階", "みなと町1番"),
        ("みなと町1番ビル2階 ビル2階", "", "みなと町1番ビル2階"),
        ("みなと町1番 ビル2階", "", "みなと町1番 ビル2階"),
        ("ビル2階", "ビル2階", "ビル2階"),
        ("みなと町1番", "", "みなと町1番"),
    ],
)
def test_without_building(address: str, building: str, bare: str) -> None:
    assert without_building(address, building) == bare


def test_the_shipped_places() -> None:
    kinds = [place.kind for place in catalogue.places().values()]
    assert (kinds.count("prefecture"), kinds.count("municipality")) == (47, 1741)
    assert (kinds.count("ward"), kinds.count("former_ward")) == (171, 7)
    cities = {place.parent for place in catalogue.places().values() if place.parent}
    assert len(cities) == 20
    assert all(catalogue.places()[code].kind == "municipality" for code in cities)


def test_every_code_ends_with_its_check_digit() -> None:
    for code in catalogue.places():
        total = sum(int(digit) * weight for digit, weight in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
        assert int(code[5]) == (11 - total % 11) % 10, code


def test_the_shipped_services() -> None:
    assert len(catalogue.service_kinds()) == 65
    assert all(row.service_type in catalogue.service_kinds() for row in catalogue.open_data().values())
    spellings = [kana.search_key(name) for row in catalogue.open_data().values() for name in row.names]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("codes", "in_scope", "unknown"),
    [
        (["43"], True, ()),
        (["430"], True, ()),
        (["51"], False, ()),
        (["510", "27"], True, ()),
        (["155"], True, ()),
        (["2a"], True, ()),
        ([], False, ()),
        (["99", "43", "999"], True, ("99", "999")),
    ],
)
def test_scope_of_codes(codes: list[str], in_scope: bool, unknown: tuple[str, ...]) -> None:
    assert catalogue.scope_of_codes(codes) == catalogue.ScopeAnswer(in_scope, unknown)


@pytest.mark.django_db
def test_the_lists_come_with_the_tables_and_loading_again_changes_nothing() -> None:
    assert Municipality.objects.filter(kind="municipality").count() == 1741
    assert Municipality.objects.get(pk="011029").rolled_up_id == "011002"
    assert Municipality.objects.get(pk="221317").rolled_up_id == "221309"
    ServiceType.objects.filter(pk="43").update(name="ちがう名前")
    words = StringIO()
    call_command("load_reference", stderr=words)
    assert "municipalities 1919" in words.getvalue()
    assert ServiceType.objects.get(pk="43").name == "居宅介護支援"
    assert (Prefecture.objects.count(), OpenDataService.objects.count()) == (47, 35)


def test_the_given_lists_agree(shared_dir: Path) -> None:
    with (shared_dir / "data" / "municipalities.csv").open(encoding="utf-8-sig") as file:
        given = {row["code6"]: row for row in csv.DictReader(file)}
    villages = {"016951", "016969", "016977", "016985", "016993", "017001"}
    ours = {code: place for code, place in catalogue.places().items() if place.kind != "former_ward"}
    assert set(given) - set(ours) == villages
    assert set(ours) <= set(given)
    for code, place in ours.items():
        assert (place.name, place.parent) == (given[code]["name"], given[code]["parent_code6"])
    with (shared_dir / "data" / "service_types.csv").open(encoding="utf-8-sig") as file:
        services = {row["code"]: row for row in csv.DictReader(file)}
    assert {code: (kind.in_scope, kind.side) for code, kind in catalogue.service_kinds().items()} == {
        code: (row["in_scope"], row["side"]) for code, row in services.items()
    }
    codes = {code for row in services.values() for code in row["open_data_code"].split("/") if code}
    assert codes == set(catalogue.open_data())
