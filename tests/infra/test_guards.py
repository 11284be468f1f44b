"""The guards themselves: each must be able to fail."""

import socket

import pytest
from django.http import HttpResponse
from django.template import Context, Origin, Template, engines
from django.test import Client
from django.urls import include, path

from accounts.models import User
from tests.conftest import ROOT


def write_something(request):
    User.objects.create_user(f"written-{request.method}@example.jp")
    return HttpResponse("written")


urlpatterns = [path("write", write_something), path("", include("careplan_portal.urls"))]


def test_connecting_elsewhere_fails() -> None:
    with socket.socket() as link, pytest.raises(AssertionError, match="wants to connect"):
        link.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="wants to connect"), socket.socket(socket.AF_INET6) as link:
        link.connect(("2001:db8::1", 80))


@pytest.mark.django_db
@pytest.mark.urls("tests.infra.test_guards")
def test_a_get_that_writes_fails(client: Client) -> None:
    with pytest.raises(AssertionError, match="GET request writes"):
        client.get("/write")
    assert client.post("/write").status_code == 200


def test_unknown_variables_of_others_are_left_alone_and_ours_fail() -> None:
    engine = engines["django"].engine
    others = Template("a{{ nothing }}b", Origin("/elsewhere/page.html", "page.html"), "page.html", engine)
    assert others.render(Context({})) == "ab"
    ours = Template("a{{ nothing }}b", Origin(str(ROOT / "templates/page.html"), "page.html"), "page.html", engine)
    with pytest.raises(AssertionError, match=r"unknown variable \{\{ nothing \}\} in templates/page.html"):
        ours.render(Context({}))
