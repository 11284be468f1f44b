"""The public endpoints, as the contract says."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client

from adoption.services.snapshots import snapshot_make
from tests.adoption.conftest import SAPPORO, YONAGO, free, open_office

TODAY = date(2025, 7, 10)
URL = "/api/v1/adoption/"


@pytest.fixture(autouse=True)
def _day(settings: object) -> None:
    settings.PORTAL_TODAY = TODAY  # type: ignore[attr-defined]


@pytest.fixture
def offices(db: None) -> None:
    for place, count in ((YONAGO, 2), ("011011", 1)):
        for number in range(count + 1):
            office = open_office(place)
            if number:
                free(office, date(2025, 7, 1))


def ask(client: Client, **query: str) -> dict[str, object]:
    response = client.get(URL, query)
    assert response.status_code == 200, response.content
    return dict(response.json())


@pytest.mark.parametrize("written_down", [True, False])
def test_adoption_on_a_day(client: Client, offices: None, written_down: bool) -> None:
    on = date(2025, 7, 5)
    if written_down:
        snapshot_make(day=on)
    body = ask(client, level="prefecture", on=on.isoformat())
    assert list(body) == ["results", "definition", "next"]
    rows = {row["code"]: row for row in body["results"]}  # type: ignore[attr-defined]
    assert len(rows) == 47
    assert rows["310000"] == {
        "code": "310000",
        "name": "鳥取県",
        "offices_in_scope": 3,
        "offices_using": 2,
        "rate": 0.6667,
        "as_of": "2025-07-05",
    }
    assert rows["130001"]["rate"] is None
    assert body["next"] is None


def test_municipalities_are_paged_and_wards_stand_in_their_city(client: Client, offices: None) -> None:
    codes: list[str] = []
    rows: dict[str, dict[str, object]] = {}
    address: str | None = f"{URL}?level=municipality&on=2025-07-05&limit=700"
    while address:
        body = client.get(address).json()
        codes += [row["code"] for row in body["results"]]
        rows |= {row["code"]: row for row in body["results"]}
        address = body["next"]
    assert len(codes) == len(set(codes)) == 1741
    assert (rows[SAPPORO]["offices_in_scope"], rows[SAPPORO]["offices_using"]) == (2, 1)
    assert "011011" not in rows


def test_csv_has_a_bom_the_same_columns_and_every_row(client: Client, offices: None) -> None:
    response = client.get(URL, {"level": "municipality", "on": "2025-07-05", "format": "csv"})
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert list(rows[0]) == ["code", "name", "offices_in_scope", "offices_using", "rate", "as_of"]
    assert len(rows) == 1741
    assert next(row for row in rows if row["code"] == YONAGO)["rate"] == "0.6667"


def test_without_a_day_the_newest_night_counts(client: Client, offices: None) -> None:
    assert ask(client, level="prefecture")["results"][0]["as_of"] == TODAY.isoformat()  # type: ignore[index]
    snapshot_make(day=TODAY - timedelta(days=1))
    assert ask(client, level="prefecture")["results"][0]["as_of"] == "2025-07-09"  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "level"),
        ({"level": "ward"}, "level"),
        ({"level": "prefecture", "on": "2025-02-30"}, "on"),
        ({"level": "prefecture", "on": "2025-07-11"}, "on"),
        ({"level": "prefecture", "on": "1999-07-11"}, "on"),
        ({"level": "prefecture", "format": "xml"}, "format"),
        ({"level": "prefecture", "limit": "0"}, "limit"),
        ({"level": "prefecture", "offset": "x"}, "offset"),
    ],
)
def test_bad_questions_are_problems(client: Client, db: None, query: dict[str, str], field: str) -> None:
    response = client.get(URL, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert [error["field"] for error in body["errors"]] == [field]
    assert any(ord(character) > 0x3000 for character in body["errors"][0]["detail"])


def test_usage_of_one_number(client: Client, db: None) -> None:
    using, waiting = open_office(YONAGO), open_office(YONAGO)
    free(using, TODAY)
    answer = client.get(f"/api/v1/offices/{using.business_number}/usage/")
    assert answer.json() == {
        "business_number": using.business_number,
        "uses_system": True,
        "as_of": TODAY.isoformat(),
    }
    assert client.get(f"/api/v1/offices/{waiting.business_number}/usage/").json()["uses_system"] is False
    spelled = "-".join(using.business_number)
    assert client.get(f"/api/v1/offices/{spelled}/usage/").json()["uses_system"] is True
    for number, status in (("3170299999", 404), ("12345", 400), ("317O299999", 400)):
        refused = client.get(f"/api/v1/offices/{number}/usage/")
        assert (refused.status_code, refused["Content-Type"]) == (status, "application/problem+json")


def test_a_renewed_licence_is_in_use_though_the_night_has_not_run(client: Client, db: None, settings: object) -> None:
    office = open_office(YONAGO)
    term = free(office, date(2025, 6, 1))
    settings.PORTAL_TODAY = term.ends_on + timedelta(days=1)  # type: ignore[attr-defined]
    assert client.get(f"/api/v1/offices/{office.business_number}/usage/").json()["uses_system"] is True


def test_usage_of_many_numbers_takes_two_queries_and_one_for_the_day(
    client: Client, db: None, django_assert_num_queries: object
) -> None:
    using, waiting = open_office(YONAGO), open_office(YONAGO)
    free(using, TODAY)
    numbers = [using.business_number, waiting.business_number, "3170299999", "nonsense"]
    with django_assert_num_queries(3):  # type: ignore[operator]
        response = client.post("/api/v1/usage/", {"business_numbers": numbers}, content_type="application/json")
    assert response.json() == {
        "as_of": TODAY.isoformat(),
        "uses_system": dict(zip(numbers, (True, False, None, None), strict=True)),
    }


@pytest.mark.parametrize("body", [{}, {"business_numbers": "3170299999"}, {"business_numbers": ["1"] * 1001}, [1]])
def test_bad_lists_are_problems(client: Client, db: None, body: object) -> None:
    response = client.post("/api/v1/usage/", body, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"]


def test_too_many_questions_are_told_when_to_come_back(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rest_framework.throttling import AnonRateThrottle

    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "2/min"})
    office = open_office(YONAGO)
    for _ in range(2):
        assert client.get(f"/api/v1/offices/{office.business_number}/usage/").status_code == 200
    refused = client.get(f"/api/v1/offices/{office.business_number}/usage/")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert refused["Content-Type"] == "application/problem+json"
