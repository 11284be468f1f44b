"""The demo's clock: the nights run, the page comes back, and production knows nothing of it."""

from datetime import date

import pytest

from careplan_portal.lib import clock
from licenses.models import RollOverRun
from tests.factories import make_license
from tests.licenses.cases import YEAR, facts, term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo_day(settings):
    settings.PORTAL_TODAY = None
    clock.set_demo_day(date(2026, 4, 3))


@pytest.mark.parametrize(
    ("to", "day", "nights"),
    [
        ("day", "2026-04-04", 1),
        ("week", "2026-04-10", 7),
        ("renewal", "2026-04-15", 12),
        ("yesterday", "2026-04-03", 0),
    ],
)
def test_a_button_lets_the_nights_pass(client, to, day, nights):
    make_license(facts(term(*YEAR)))
    response = client.post("/demo/clock/", {"to": to, "next": "/faq/"})
    assert response.url == "/demo/clock/?next=/faq/"
    assert clock.today().isoformat() == day
    assert RollOverRun.objects.count() == nights
    assert client.get(response.url).url == "/faq/"


def test_while_nights_run_the_page_says_how_far_they_are(client):
    from django.core.cache import cache

    cache.set("demo-clock-target", "2026-05-31")
    page = client.get("/demo/clock/?next=//elsewhere.example/")
    assert page["Refresh"]
    assert "2026年5月31日（日）まで" in page.content.decode()
    assert "elsewhere" not in page.content.decode()


def test_there_is_no_such_page_in_production(client, settings):
    settings.PORTAL_ENV = "production"
    assert client.post("/demo/clock/", {"to": "day"}).status_code == 404
