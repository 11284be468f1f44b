"""What is answered when something is refused or broken."""

import json

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from rest_framework import serializers, throttling
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import audience
from careplan_portal.lib.http import client_ip, field_errors

pytestmark = pytest.mark.django_db


class _Throttle(throttling.SimpleRateThrottle):
    scope = "test"
    rate = "1/min"

    def get_cache_key(self, request, view):
        return "one-key"


@audience.public
class _Api(APIView):
    throttle_classes = []

    class _Input(serializers.Serializer):
        day = serializers.DateField()

    def post(self, request):
        self._Input(data=request.data).is_valid(raise_exception=True)
        return Response({})


@audience.public
class _Throttled(_Api):
    throttle_classes = [_Throttle]

    def get(self, request):
        return Response({})


def away(request):
    raise OperationalError("server closed the connection unexpectedly")


def broken(request):
    raise RuntimeError("a secret detail")


urlpatterns = [
    path("api/v1/test/", _Api.as_view()),
    path("api/v1/throttled/", _Throttled.as_view()),
    path("api/v1/away/", away),
    path("away/", away),
    path("broken/", broken),
    path("fine/", lambda request: HttpResponse("fine")),
    path("", include("careplan_portal.urls")),
]
handler404 = "careplan_portal.errors.not_found"
handler500 = "careplan_portal.errors.server_error"

here = pytest.mark.urls("tests.infra.test_http")


def problem(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == status
    assert any(ord(character) > 0x3000 for character in body["detail"]), "the detail is not Japanese"
    return body


@here
def test_wrong_input_is_a_problem_with_an_entry_a_field(client: Client) -> None:
    body = problem(client.post("/api/v1/test/", {"day": "yesterday"}, content_type="application/json"), 400)
    assert [error["field"] for error in body["errors"]] == ["day"]


@here
@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [("{not json", "application/json", 400), ("a=b", "text/plain", 415), ("[1]", "application/json", 400)],
)
def test_what_cannot_be_read_is_a_problem(client: Client, data, kind, status) -> None:
    problem(client.post("/api/v1/test/", data, content_type=kind), status)


@here
def test_a_wrong_method_is_a_problem(client: Client) -> None:
    problem(client.delete("/api/v1/test/"), 405)


@here
def test_too_many_requests_say_when_to_come_again(client: Client) -> None:
    assert client.get("/api/v1/throttled/").status_code == 200
    response = client.get("/api/v1/throttled/")
    problem(response, 429)
    assert 1 <= int(response["Retry-After"]) <= 60


@here
def test_a_database_that_is_away_is_said_plainly(client: Client) -> None:
    client.raise_request_exception = False
    page = client.get("/away/")
    assert page.status_code == 503
    assert int(page["Retry-After"]) > 0
    assert '<html lang="ja">' in page.content.decode()
    assert "server closed" not in page.content.decode()
    answer = client.get("/api/v1/away/")
    problem(answer, 503)
    assert int(answer["Retry-After"]) > 0


@here
def test_an_unforeseen_error_tells_nothing_of_its_cause(client: Client) -> None:
    client.raise_request_exception = False
    page = client.get("/broken/")
    assert page.status_code == 500
    assert "secret" not in page.content.decode()


@here
def test_every_answer_carries_the_security_headers(client: Client) -> None:
    response = client.get("/fine/", headers={"X-Request-ID": "abcdef12-3456"})
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Request-ID"] == "abcdef12-3456"


@here
def test_a_request_id_that_is_no_id_is_replaced(client: Client) -> None:
    assert client.get("/fine/", headers={"X-Request-ID": 'x"} {"evil'})["X-Request-ID"].isalnum()


def test_what_somebody_signed_in_saw_is_not_kept(client: Client, django_user_model) -> None:
    client.force_login(django_user_model.objects.create_user("a@example.jp"))
    response = client.get("/healthz")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, forwarded, seen) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == seen


def test_nested_errors_become_a_flat_list() -> None:
    detail = ValidationError(
        {"terms": [{}, {"ends_on": ["早すぎます。"]}], "non_field_errors": ["合いません。"]}
    ).detail
    assert field_errors(detail) == [
        {"field": "terms.1.ends_on", "detail": "早すぎます。", "code": "invalid"},
        {"field": "", "detail": "合いません。", "code": "invalid"},
    ]
    assert field_errors([ErrorDetail("だめです。", "odd")]) == [{"field": "", "detail": "だめです。", "code": "odd"}]
