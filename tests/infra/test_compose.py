"""The services of docker-compose.yml start and become healthy, two of each, and doubled beats do no harm."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests.conftest import ROOT
from tests.infra.composed import Composed, get, interpolate, metric, own_services, services

pytestmark = pytest.mark.slow

TOKEN = "a-token-for-this-test-alone"
TODAY = "2026-04-20"
DUE = 40
NIGHT = 'portal_jobs_total{state="success",task="careplan_portal.nightly.run"}'


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def servers(tmp_path) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis of this test's own."""
    home = tmp_path / "a home with spaces"
    environment = {"PATH": os.environ["PATH"], "PORTAL_HOME": str(home)}

    def call(*arguments: str) -> str:
        command = [ROOT / "bin" / "services", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    call("start", "--volatile")
    yield dict(line.split("=", 1) for line in call("env").splitlines())
    call("remove")


@pytest.fixture
def composed(servers, tmp_path) -> Iterator[Composed]:
    work = tmp_path / f"composed-{secrets.token_hex(3)}"
    work.mkdir()
    given = {"SECRET_KEY": "k" * 60, "POSTGRES_PASSWORD": "secret", "PORTAL_TODAY": TODAY, "METRICS_TOKEN": TOKEN}
    places = {
        "postgres://portal:secret@postgres:5432/portal": servers["DATABASE_URL"],
        "redis://redis:6379/0": servers["REDIS_URL"],
        "smtp://mail:1025": f"filemail://{work}/mail",
        "/var/lib/portal": str(work / "home"),
        "/srv/portal/collected": str(work / "static"),
    }
    made = Composed(work, given, places)
    yield made
    made.stop()
    for left in Path("/tmp").glob(f"celerybeat-*-{work.name}*"):
        left.unlink() if left.is_file() else shutil.rmtree(left)


def start(composed: Composed) -> None:
    """Migrated, and each of our services as often as the file says."""
    composed.run("migrate")
    for name in own_services():
        for replica in range(services()[name].get("deploy", {}).get("replicas", 0)):
            more = {"GRANIAN_PORT": free_port()} if name == "web" else {}
            more["PROMETHEUS_MULTIPROC_DIR"] = str(composed.work / f"counted-{name}-{replica}")
            composed.start(name, **more)


def manage(composed: Composed, *arguments: str) -> str:
    command = ["python", "manage.py", *arguments]
    environment = composed.environment("worker", 9)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def web_ports(composed: Composed) -> list[str]:
    return [one.environment["GRANIAN_PORT"] for one in composed.running if one.service == "web"]


def test_what_is_not_given_is_asked_for() -> None:
    assert interpolate("${PORT:-8000} $$HOME", {}) == "8000 $HOME"
    with pytest.raises(KeyError, match="SECRET_KEY"):
        interpolate("${SECRET_KEY:?set it}", {})


def test_every_service_runs_twice_is_healthy_and_two_nights_are_one(
    composed: Composed, servers: dict[str, str]
) -> None:
    """One story, because starting all of it takes long: each service's own command and its own health check."""
    start(composed)
    names = [one.service for one in composed.running]
    assert {name: names.count(name) for name in names} == {"web": 2, "worker": 2, "beat": 2}
    with ThreadPoolExecutor(3) as at_once:
        list(at_once.map(composed.healthy, composed.running))
        absent = [composed.stranger(one, free_port()) for one in composed.running[::2]]
        assert list(at_once.map(composed.check, absent)) == [False, False, False], "a check that cannot fail"
    each_web_is_ready_and_counts_over_its_processes(composed)
    two_beats_send_one_night_twice_and_it_happens_once(composed, servers)
    codes = composed.stop()
    assert set(codes) <= {0, -15, 143}, [(one.service, one.says()) for one in composed.running]


def each_web_is_ready_and_counts_over_its_processes(composed: Composed) -> None:
    for port in web_ports(composed):
        assert get(port, "/readyz")[0] == 200
        assert get(port, "/metrics")[0] == 401
        for _ in range(20):
            assert get(port, "/healthz")[0] == 200
        status, text = get(port, "/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        counted = metric(text, 'portal_http_requests_total{method="GET",status="200",view="healthz"}')
        assert counted >= 20


def two_beats_send_one_night_twice_and_it_happens_once(composed: Composed, servers: dict[str, str]) -> None:
    """Both beats send the night; two workers take it at the same moment."""
    rows = "\n".join(f"31702{n:05d},2024-04-15,2025-04-15,2026-04-14,paid,auto," for n in range(DUE))
    file = composed.work / "licences.csv"
    head = "business_number,first_licensed_on,starts_on,ends_on,pricing,renewal_mode,stop_requested_on"
    file.write_text(f"{head}\n{rows}\n")
    assert json.loads(manage(composed, "load_licenses", str(file), "--json"))["licenses"] == DUE

    environment = composed.environment("beat", 9)
    call = ["celery", "--app", "careplan_portal", "call", "careplan_portal.nightly.run"]
    calls = [subprocess.Popen(call, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait(120) for one in calls] == [0, 0]
    port = web_ports(composed)[0]
    until = time.monotonic() + 180
    while metric(get(port, "/metrics", Authorization=f"Bearer {TOKEN}")[1], NIGHT) < 2:
        assert time.monotonic() < until, [one.says() for one in composed.running if one.service == "worker"]
        time.sleep(0.5)

    assert json.loads(manage(composed, "verify_ledger", "--json"))["problems"] == []
    asked = (
        "SELECT count(*), count(DISTINCT license_id) FROM licenses_licenseevent WHERE kind = 'renewed_paid'",
        "SELECT count(*) FROM licenses_licenseterm",
        "SELECT count(*), count(*) FILTER (WHERE proof = 'ok') FROM licenses_rolloverrun",
    )
    with closing(psycopg2.connect(servers["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        said = []
        for sql in asked:
            cursor.execute(sql)
            said.append(cursor.fetchone())
    assert said == [(DUE, DUE), (2 * DUE,), (2, 2)]
    found = get(port, "/metrics", Authorization=f"Bearer {TOKEN}")[1]
    assert metric(found, 'portal_night{state="ok"}') == 1
    assert metric(found, "portal_set_aside") == 0
    assert metric(found, 'portal_queue_length{queue="celery"}') == 0


def test_redis_by_the_files_own_command(tmp_path: Path) -> None:
    composed = Composed(tmp_path, {}, {})
    port = free_port()
    server = subprocess.Popen(
        [*composed.command("redis"), "--port", port, "--bind", "127.0.0.1", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        program, *rest = services()["redis"]["healthcheck"]["test"][1:]
        until = time.monotonic() + 20
        while subprocess.run([program, "-p", port, *rest], capture_output=True).stdout != b"PONG\n":
            assert time.monotonic() < until
            time.sleep(0.1)
    finally:
        server.terminate()
        server.wait(20)
