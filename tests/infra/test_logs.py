"""Log lines tell which request and which job they belong to, across the queue."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import structlog
from celery import shared_task

from careplan_portal.celery import app
from careplan_portal.lib import logs, metrics
from tests.conftest import ROOT

seen: list[dict[str, object]] = []


@shared_task(name="tests.look_around")
def look_around() -> None:
    seen.append(dict(structlog.contextvars.get_contextvars()))


@shared_task(name="tests.break_down")
def break_down() -> None:
    raise ValueError("broken")


def test_a_job_run_in_place_keeps_the_request_and_leaves_nothing_behind() -> None:
    seen.clear()
    with structlog.contextvars.bound_contextvars(request_id="request-1234"):
        look_around.delay()
        assert structlog.contextvars.get_contextvars() == {"request_id": "request-1234"}
    (inside,) = seen
    assert inside["request_id"] == "request-1234"
    assert inside["task"] == "tests.look_around"
    assert inside["task_id"]
    assert structlog.contextvars.get_contextvars() == {}


def test_jobs_are_counted_by_how_they_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.conf, "CELERY_TASK_EAGER_PROPAGATES", False)

    def counts() -> dict[tuple[str, str], int]:
        return {(task, state): count for task, state, count, _seconds in metrics.jobs_done()}

    before = counts()
    look_around.delay()
    break_down.delay()
    after = counts()
    for key in (("tests.look_around", "success"), ("tests.break_down", "failure")):
        assert after[key] - before.get(key, 0) == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_a_real_worker_logs_the_id_of_the_request_that_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job goes through Redis to a worker of its own process; its line there names the request."""
    monkeypatch.setitem(app.conf, "CELERY_TASK_ALWAYS_EAGER", False)
    command = [
        *(str(Path(sys.executable).parent / "celery"), "--app", "careplan_portal", "worker", "--pool", "solo"),
        *("--loglevel", "info", "--without-gossip", "--without-mingle", "--hostname", "logs@%h"),
    ]
    environment = os.environ | {"PORTAL_ENV": "demo", "LOG_LEVEL": "INFO", "SECRET_KEY": "x" * 60}
    log = tmp_path / "worker.log"
    with log.open("wb") as file:
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    try:
        with structlog.contextvars.bound_contextvars(request_id="request-from-afar"):
            app.send_task("licenses.tasks.document_make", args=(0,))
        lines = job_lines(log, "licenses.tasks.document_make")
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)
        app.control.purge()
    assert {line["request_id"] for line in lines} == {"request-from-afar"}
    assert all(line["task_id"] and line["task"] == "licenses.tasks.document_make" for line in lines)


def job_lines(log: Path, task: str) -> list[dict[str, object]]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        found = [line for line in lines if line.get("logger") == "portal.job" and line.get("task") == task]
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def test_an_id_of_a_request_is_kept_only_when_it_is_one() -> None:
    assert logs._request_id("abcdef12-3456") == "abcdef12-3456"
    assert logs._request_id('x"} {"evil') != 'x"} {"evil'
