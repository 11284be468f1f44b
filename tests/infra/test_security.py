"""What browsers are told with every answer, and what attackers are answered: hosts, redirects, tokens, cookies."""

import json
import subprocess
import sys

import pytest
from django.db import OperationalError
from django.http import FileResponse, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path, reverse
from django.views.decorators.http import require_POST

from accounts.enums import Role
from accounts.models import User
from tests.conftest import ROOT
from tests.factories import make_user
from tests.infra.test_settings import PRODUCTION

pytestmark = pytest.mark.django_db


def away(request):
    raise OperationalError("gone")


def broken(request):
    raise RuntimeError("a secret detail")


urlpatterns = [
    path("test/page/", lambda request: HttpResponse("<p>page</p>")),
    path("test/json/", lambda request: JsonResponse({})),
    path("test/file/", lambda request: FileResponse((ROOT / "README.md").open("rb"), as_attachment=True)),
    path("test/post/", require_POST(lambda request: HttpResponse("done"))),
    path("test/broken/", broken),
    path("test/away/", away),
    path("", include("careplan_portal.urls")),
]
handler400 = "careplan_portal.errors.bad_request"
handler403 = "careplan_portal.errors.forbidden"
handler404 = "careplan_portal.errors.not_found"
handler500 = "careplan_portal.errors.server_error"
here = pytest.mark.urls("tests.infra.test_security")

EVERY_KIND = {
    "/test/page/": 200, "/test/json/": 200, "/test/file/": 200, "/test/post/": 405, "/test/broken/": 500,
    "/test/away/": 503, "/nowhere/": 404, "/users/": 302, "/healthz": 200, "/api/v1/schema/": 200,
    "/static/css/base.css": 200, "/accounts/login/": 200, "/admin/": 302,
}  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@here
@pytest.mark.parametrize(("address", "status"), EVERY_KIND.items())
def test_every_kind_of_answer_carries_every_header(client: Client, address: str, status: int) -> None:
    client.raise_request_exception = False
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert response.status_code == status
    said = {name: response.headers.get(name) for name in HEADERS}
    if address.startswith("/static/"):  # no frame shows a style sheet
        said["X-Frame-Options"] = "DENY"
    assert said == HEADERS
    assert "camera=()" in response["Permissions-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";") if part.strip())
    assert policy["default-src"] == policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert set(" ".join(policy.values()).split()) == {"'self'", "'none'"}


# --- hosts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/users/", "/api/v1/schema/"])
def test_another_host_name_is_answered_400_in_our_words(client: Client, address: str) -> None:
    response = client.get(address, headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
    assert "送られた内容を読み取れませんでした" in response.content.decode() or "入力内容" in response.content.decode()


def test_a_forwarded_host_is_not_believed(client: Client) -> None:
    response = client.get("/users/", headers={"x-forwarded-host": "evil.example"})
    assert response["Location"] == "/accounts/login/?next=/users/"


def test_links_in_mails_begin_with_our_own_address(client: Client, mailoutbox, settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "second.example"]
    settings.PORTAL_BASE_URL = "https://portal.example"
    user = make_user()
    user.set_password("correct horse battery")
    user.save()
    client.post("/accounts/password/reset/", {"email": user.email}, headers={"host": "second.example"})
    assert "https://portal.example/accounts/password/reset/key/" in mailoutbox[0].body
    assert "second.example" not in mailoutbox[0].body + mailoutbox[0].subject


# --- redirects --------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "http:evil.example", "javascript:alert(1)", "https:evil.example", " //evil.example", "/\t/evil.example",
]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nothing_leads_to_another_host(client: Client, settings, address: str) -> None:
    settings.PORTAL_ENV = "demo"
    user = User.objects.create_user("hana@example.jp", "correct horse battery", role=Role.OFFICE_STAFF)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    asked = [
        client.post("/accounts/login/", {"login": user.email, "password": "correct horse battery", "next": address}),
        client.post("/accounts/logout/", {"next": address}),
        client.post("/demo/sign-in/", {"role": "auditor", "next": address}),
        client.get("/demo/clock/", {"next": address}),
    ]
    for response in asked:
        assert response.status_code == 302
        to = response["Location"]
        assert to.startswith("/"), to
        assert not to.startswith(("//", "/\\", "/\t")), to
        assert "evil" not in to, to


# --- tokens and cookies -----------------------------------------------------------------------------------------


def test_a_form_without_its_token_is_refused_in_our_words(settings) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in ("/accounts/login/", "/helpdesk/inquiry/send/", "/apply/", "/code/"):
        response = client.post(address, {"x": "y"})
        assert response.status_code == 403
        assert "画面の期限が切れました" in response.content.decode()


def test_a_token_of_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    token = client.get("/accounts/login/").cookies["csrftoken"].value
    data = {"csrfmiddlewaretoken": token, "login": "a@example.jp", "password": "x"}
    assert client.post("/accounts/login/", data, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/accounts/login/", data).status_code == 200


def test_cookies_are_for_us_alone() -> None:
    user = User.objects.create_user("hana@example.jp", "correct horse battery", role=Role.OFFICE_STAFF)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": user.email, "password": "correct horse battery"})
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", ""), name


PRINTED = """
import json, django
django.setup()
from django.conf import settings
names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
         "SESSION_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
         "SECURE_HSTS_PRELOAD", "DEBUG", "TWO_FACTOR_REQUIRED", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_in_production_only_tls_and_host_cookies() -> None:
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "DJANGO_SETTINGS_MODULE": "careplan_portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PRINTED],
        cwd=ROOT,
        env=environment | PRODUCTION,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "SESSION_COOKIE_NAME": "__Host-sessionid", "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SESSION_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 31536000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True, "DEBUG": False, "TWO_FACTOR_REQUIRED": True,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    }  # fmt: skip


# --- error pages ------------------------------------------------------------------------------------------------


@here
@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (400, lambda client: client.get("/", headers={"host": "evil.example"})),
        (403, lambda client: client.get("/users/")),
        (404, lambda client: client.get("/nowhere/")),
        (405, lambda client: client.get(reverse("helpdesk:inquiry-send"))),
        (500, lambda client: client.get("/test/broken/")),
        (503, lambda client: client.get("/test/away/")),
    ],
)
def test_error_pages_say_what_to_do(client: Client, status: int, ask) -> None:
    client.raise_request_exception = False
    client.force_login(make_user())
    response = ask(client)
    html = response.content.decode()
    assert response.status_code == status
    assert '<html lang="ja">' in html
    assert html.count("<h1") == 1
    assert 'class="lead"' in html  # what happened and what to do
    assert response.get("Content-Length", str(len(response.content))) == str(len(response.content))
    assert 'href="/accounts/login/"' in html  # somewhere to go
    assert "0120" in html  # somebody to ask


def test_too_many_tries_are_answered_429_with_when_to_come_again(client: Client, settings) -> None:
    settings.STATUS_LOOKS_PER_HOUR = 1
    asked = [client.get("/status/", {"receipt": "FP-2604-000-000-A", "number": "3170201432"}) for _ in range(4)]
    refused = next(response for response in asked if response.status_code == 429)
    assert int(refused["Retry-After"]) > 0
    assert refused.content.decode().count("<h1") == 1
