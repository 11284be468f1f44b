import json

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import Role
from accounts.models import User


@pytest.mark.django_db
def test_the_database_is_postgresql_with_utf8() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)


@pytest.mark.django_db
def test_ready_when_database_and_broker_answer(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200, response.content
    answer = json.loads(response.content)
    assert answer | {"status": "ok", "database": "ok", "cache": "ok", "broker": "ok"} == answer


def test_alive_without_a_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_one_person_an_address_whatever_its_case() -> None:
    person = User.objects.create_user("Hana@Example.JP", "十分に長いパスワード", name="花")
    assert person.email == "hana@example.jp"
    assert person.role == Role.OFFICE_STAFF
    assert User.objects.get_by_natural_key("HANA@example.jp") == person


@pytest.mark.django_db
def test_an_unknown_api_path_is_a_problem(client: Client) -> None:
    response = client.get("/api/v1/nothing/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["title"] == "見つかりません"
