"""/metrics: who may read it, what it says, and that it adds up over processes."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from careplan_portal import metrics as page
from careplan_portal.lib import metrics
from licenses.enums import AlarmKind
from licenses.models import NightAlarm, RollOverRun, SetAside
from licenses.queries import nights
from tests.conftest import ROOT
from tests.factories import make_license, make_user
from tests.licenses.cases import YEAR, D, facts, term

TOKEN = "a-token-that-is-long-enough"
TODAY = D("2026-04-20")


@pytest.fixture(autouse=True)
def _operated(settings):
    settings.METRICS_TOKEN = TOKEN
    settings.METRICS_ALLOW = []
    settings.PORTAL_TODAY = TODAY


def values(client: Client) -> dict[str, float]:
    """Each line of the page: name with labels → value."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.django_db
def test_whoever_shows_no_token_is_refused(client, settings):
    for shown in ("", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"):
        answer = client.get("/metrics", headers={"Authorization": shown} if shown else {})
        assert answer.status_code == 401, shown
        assert answer["WWW-Authenticate"] == "Bearer"
        assert "portal_" not in answer.text
    client.force_login(make_user(Role.OPERATOR))
    assert client.get("/metrics").status_code == 401
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


@pytest.mark.django_db
def test_an_allowed_network_needs_no_token(client, settings):
    settings.METRICS_ALLOW = metrics_networks("10.1.0.0/16")
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.2.2.3").status_code == 401
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 401
    # Nobody lets himself in with a header that a proxy of ours would set.
    assert client.get("/metrics", REMOTE_ADDR="10.2.2.3", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 401


def metrics_networks(text: str):
    from careplan_portal.lib.env import Environment

    return Environment({"METRICS_ALLOW": text}).networks("METRICS_ALLOW")


@pytest.mark.django_db
def test_the_night_its_age_and_what_is_set_aside(client, monkeypatch):
    monkeypatch.setattr(nights, "BEGUN_BY", nights.BEGUN_BY.min)
    found = values(client)
    assert found['portal_night{state="missing"}'] == 1
    assert "portal_night_proof_ok" not in found, "no roll-over, no proof"

    finished = timezone.now() - timedelta(hours=3)
    RollOverRun.objects.create(on=TODAY, finished_at=finished, proof="ok")
    license = make_license(facts(term(*YEAR)))
    SetAside.objects.create(license=license, code="overlap", text="重なり", since=TODAY)
    found = values(client)
    assert found['portal_night{state="ok"}'] == 1
    assert found['portal_night{state="missing"}'] == 0
    assert found["portal_night_proof_ok"] == 1
    assert 3 * 3600 <= found["portal_night_proof_age_seconds"] < 3 * 3600 + 60
    assert found["portal_set_aside"] == 1

    RollOverRun.objects.create(on=TODAY, finished_at=timezone.now(), proof="1 overlapping terms")
    NightAlarm.objects.create(on=TODAY, kind=AlarmKind.RED, text="x", raised_at=timezone.now())
    found = values(client)
    assert found['portal_night{state="red"}'] == 1
    assert found["portal_night_proof_ok"] == 0
    assert found["portal_night_alarms_open"] == 1


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_never_by_path(client):
    before = values(client)
    name = 'portal_http_requests_total{method="GET",status="404",view="licenses:verify"}'
    for code in ("LC-2604-2222-2222-2", "anything"):
        assert client.get(f"/verify/{code}/").status_code == 404
    client.generic("BREW", "/no/such/page")
    after = values(client)
    assert after[name] - before.get(name, 0) == 2
    assert after['portal_http_requests_total{method="OTHER",status="405",view="none"}'] >= 1
    assert not [line for line in after if "anything" in line or "BREW" in line]


@pytest.mark.django_db
def test_jobs_and_the_queue_are_counted_in_redis(client):
    name = 'portal_jobs_total{state="success",task="licenses.tasks.document_make"}'
    before = values(client).get(name, 0)
    metrics.job_done("licenses.tasks.document_make", "success", 0.25)
    metrics.job_done("licenses.tasks.document_make", "success", 0.5)
    queue = "portal:celery"
    metrics._redis().rpush(queue, "{}", "{}", "{}")
    try:
        found = values(client)
    finally:
        metrics._redis().delete(queue)
    assert found[name] - before == 2
    assert found['portal_job_seconds_total{state="success",task="licenses.tasks.document_make"}'] >= 0.75
    assert found['portal_queue_length{queue="celery"}'] == 3
    assert found['portal_up{part="queue"}'] == 1


@pytest.mark.django_db
def test_a_part_that_is_away_is_said_and_the_rest_stays(client, monkeypatch):
    def away():
        raise OperationalError("server closed the connection")

    monkeypatch.setitem(page.PARTS, "nights", away)
    found = values(client)
    assert found['portal_up{part="nights"}'] == 0
    assert found['portal_up{part="queue"}'] == 1


COUNTING = """
import sys
from django.http import HttpRequest, HttpResponse
import django; django.setup()
from careplan_portal.lib import metrics
from prometheus_client import generate_latest
request = HttpRequest(); request.method = "GET"
for _ in range(int(sys.argv[1])):
    metrics.request_done(request, HttpResponse(), 0.1)
print(generate_latest(metrics.requests_registry()).decode())
"""


@pytest.mark.slow
def test_what_several_processes_count_is_added_up(tmp_path):
    folder = tmp_path / "counted here"
    environment = os.environ | {
        "PROMETHEUS_MULTIPROC_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "careplan_portal.settings",
    }

    def count(times: int) -> str:
        command = [sys.executable, "-c", COUNTING, str(times)]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    count(2)
    said = count(3)
    total = re.search(r"^portal_http_requests_total\{.*\} (\S+)$", said, re.MULTILINE)
    assert total is not None
    assert float(total[1]) == 5
