"""What programs get: the search's shape, its mistakes in Japanese."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
URL = "/api/v1/faq/search/"


def test_results_have_the_contracts_shape(loaded: None, client: Client) -> None:
    body = client.get(URL, {"q": "途中でやめたらお金とられる？", "limit": 3}).json()
    assert set(body) == {"results"}
    assert 1 <= len(body["results"]) <= 3
    first = body["results"][0]
    assert set(first) == {"slug", "question", "score", "source_questions"}
    assert first["slug"] == "stop-fee-zero"
    assert first["source_questions"] == [11, 12]
    scores = [one["score"] for one in body["results"]]
    assert scores == sorted(scores, reverse=True)


def test_not_settled_is_an_empty_list(loaded: None, client: Client) -> None:
    assert client.get(URL, {"q": "明日の天気"}).json() == {"results": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "あ" * 2001}, "q"),
        ({"q": "x", "limit": "0"}, "limit"),
        ({"q": "x", "limit": "a"}, "limit"),
    ],
)
def test_mistakes_are_problems_in_japanese(client: Client, query: dict[str, str], field: str) -> None:
    response = client.get(URL, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["errors"][0]["field"] == field
    assert any(ord(sign) > 0x3000 for sign in body["detail"])


def test_entries_for_the_helpdesk_are_not_in_the_api(loaded: None, client: Client) -> None:
    found = client.get(URL, {"q": "電話での本人確認の方法", "limit": 50}).json()["results"]
    assert not any(one["slug"].startswith("staff-") for one in found)


def test_the_command_prints_the_same(loaded: None, client: Client) -> None:
    out = StringIO()
    call_command("faq_search", "料金はいくら", "--limit", "2", "--json", stdout=out)
    assert json.loads(out.getvalue()) == client.get(URL, {"q": "料金はいくら", "limit": 2}).json()["results"]
    out, err = StringIO(), StringIO()
    call_command("faq_search", "明日の天気", stdout=out, stderr=err)
    assert out.getvalue() == ""
    assert "ヘルプデスク" in err.getvalue()


def test_a_search_costs_one_small_query(loaded: None, client: Client) -> None:
    client.get(URL, {"q": "料金"})
    with CaptureQueriesContext(connection) as queries:
        client.get(URL, {"q": "パソコンは何台"})
    asked = [query["sql"] for query in queries if "portal_democlock" not in query["sql"]]
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0]}")
        assert "faq_searchstamp" in str(cursor.fetchall())
