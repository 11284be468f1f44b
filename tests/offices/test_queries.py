"""Finding offices by whatever somebody knows of them, and that the indexes are used for it."""

from datetime import date

import pytest
from django.db import connection

from offices.models import Office
from offices.queries import near_offices_for, office_by_number, office_ids, office_services, search_offices
from tests.offices.files import CARE, DAY, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(import_rows) -> None:
    import_rows(
        [
            row("3170201432", DAY, "デイサービス　みなとの風", 事業所名カナ="デイサービス　ミナトノカゼ"),
            row("3170201432", CARE, "居宅 すみれ", 事業所名カナ="キョタク スミレ", 電話番号="0859-00-0777"),
            row("3170201342", DAY, "髙﨑ケア", 法人の名称="", 事業所名カナ="タカサキケア", 電話番号="0859-00-0888"),
            row(
                "0170201437",
                DAY,
                "灘デイ",
                法人の名称="",
                事業所名カナ="ナダデイ",
                電話番号="011-000-0001",
                都道府県コード又は市町村コード="011029",
                住所="北海道札幌市北区1",
            ),
        ]
    )


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("3170201432", ["3170201432"]),
        ("３１-７-０２-０１４３-２", ["3170201432"]),
        ("31702", ["3170201342", "3170201432"]),
        ("317b", []),
        ("みなと", ["3170201432"]),
        ("ﾐﾅﾄﾉｶｾﾞ", ["3170201432"]),
        ("すみれ", ["3170201432"]),
        ("でいさーびす", ["3170201432"]),
        ("高崎", ["3170201342"]),
        ("たかさき", ["3170201342"]),
        ("灘", ["0170201437"]),
        ("0859000888", ["3170201342"]),
        ("0859-00-0777", ["3170201432"]),
        ("0859-00", ["3170201342", "3170201432"]),
        ("札幌", ["0170201437"]),
        ("なだ 札幌市", ["0170201437"]),
        ("なだ 米子", []),
        ("デイ 米子", ["3170201432"]),
        ("合同会社みなと", ["3170201432"]),
        ("", []),
        ("　", []),
        ("%", []),
        ("___", []),
    ],
)
def test_search(typed: str, found: list[str]) -> None:
    assert sorted(office.business_number for office in search_offices(typed)) == found


@pytest.mark.usefixtures("register")
def test_search_in_a_place() -> None:
    assert search_offices("デイ", municipality="011002").get().business_number == "0170201437"
    assert not search_offices("灘", municipality="312029")
    assert search_offices("ケア", prefecture="310000").count() == 1


@pytest.mark.usefixtures("register")
def test_the_exact_number_first_and_closed_offices_last() -> None:
    Office.objects.filter(business_number="3170201342").update(closed_on=date(2026, 1, 1))
    assert [office.business_number for office in search_offices("31702")] == ["3170201432", "3170201342"]


@pytest.mark.usefixtures("register")
def test_by_number_and_nearby() -> None:
    assert office_by_number("31 7 02 0143 2").name == "居宅 すみれ"
    assert office_by_number("3170201433") is None
    assert office_by_number("なまえ") is None
    assert [one.business_number for one in near_offices_for("3170201422")] == ["3170201432"]
    assert [one.business_number for one in near_offices_for("3170201432")] == ["3170201342"]
    assert near_offices_for("317") == []
    assert set(office_ids(["3170201432", "9999999999"])) == {"3170201432"}


@pytest.mark.usefixtures("register")
def test_services_of_an_office_in_a_steady_order() -> None:
    office = office_by_number("3170201432")
    office.services.create(service_key="43", source="declared", service_type_id="43", name="居宅")
    office.services.create(service_key="46", source="declared", service_type_id="46", name="予防")
    office.services.filter(service_key="150").update(listed_until=date(2025, 12, 1))
    assert [service.service_key for service in office_services(office.pk)] == ["430", "46", "150"]


def test_names_are_found_by_the_pair_index(import_rows) -> None:
    # With few rows or none every plan costs the same, and any index may be taken.
    import_rows(
        [row(f"31702{n:05}", DAY, f"デイ{n}", 電話番号=f"0859-{n % 90 + 10}-{n:04}") for n in range(600)],
        [row(f"31702{n:05}", CARE, f"居宅{n}", 電話番号=f"0858-{n % 90 + 10}-{n:04}") for n in range(600)],
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE offices_office, offices_officeservice")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = search_offices("みなと").explain()
    assert "office_bigrams" in plan
    plan = search_offices("0859000123").explain()
    assert "office_phone" in plan
    assert "service_phone" in plan
