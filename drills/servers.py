"""PostgreSQL and Redis stopped under the night: nothing half done, and the next run ends with the same ledger."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import psycopg2

from drills import _night as tools
from drills._workers import Crew

LICENCES = 20_000
ON = date(2026, 7, 1)
HOME = Path(os.environ.get("PORTAL_HOME", "var"))
STOPS = {signal.SIGINT: "stopped fast", signal.SIGQUIT: "stopped at once, as in a crash"}


def _services() -> None:
    done = subprocess.run([tools.ROOT / "bin" / "services", "start"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _pid(server: str) -> int:
    if server == "redis":
        return int((HOME / "redis" / "redis.pid").read_text())
    state = json.loads((HOME / "services.json").read_text())
    return int((Path(state["data"]) / "postmaster.pid").read_text().split()[0])


def _stop(server: str, how: int) -> None:
    pid = _pid(server)
    os.kill(pid, how)
    tools.until(lambda: not Path(f"/proc/{pid}").exists(), 60, f"{server} is down")


def run(say: Callable[[str], None]) -> str:
    tools.seed(LICENCES, first=ON, nights=1)
    with tools.copy("undisturbed") as name:
        tools.night(name, ON)
        wanted = tools.ledger(name)
        say(f"undisturbed: {tools.told(wanted)}")
    folder = Path(tempfile.mkdtemp(prefix="careplan-servers.", dir=HOME))
    try:
        for how, words in STOPS.items():
            with tools.copy("postgres_away") as name:
                _postgres(name, how, words, say, wanted)
        with tools.copy("worker_stays") as name, Crew(name, ON, folder / "postgres") as crew:
            _worker_stays(crew, say, wanted)
        for how, words in ((signal.SIGTERM, "stopped"), (signal.SIGKILL, "killed")):
            with tools.copy("redis_away") as name, Crew(name, ON, folder / words) as crew:
                _redis(crew, how, words, say, wanted)
    finally:
        with suppress(AssertionError):
            _services()
        shutil.rmtree(folder, ignore_errors=True)
    return "PostgreSQL and Redis stopped under it: each time the ledger of an undisturbed run"


def _written(name: str) -> int:
    return int(tools.ask(name, "SELECT count(*) FROM licenses_licenseevent WHERE run_id IS NOT NULL")[0][0])


def _postgres(name: str, how: int, words: str, say: Callable[[str], None], wanted: dict[str, tuple[int, str]]) -> None:
    process = tools.command(name, "roll_over", "--on", ON.isoformat(), "--json")
    before = tools.until(lambda: _written(name), 120, "something is committed")
    _stop("postgres", how)
    output, _errors = process.communicate(timeout=120)
    assert process.returncode != 0, f"the run ended well without its database: {output}"
    _services()
    at = _written(name)
    again = tools.night(name, ON)
    tools.agree(name, wanted)
    say(
        f"PostgreSQL {words}: {before:,} rows had been seen committed, the run failed loudly, {at:,} are there after the "
        f"start; the next one did {again['due']:,} and proved itself; the ledger is the same"
    )


def _worker_stays(crew: Crew, say: Callable[[str], None], wanted: dict[str, tuple[int, str]]) -> None:
    worker = crew.worker("worker")
    crew.call("careplan_portal.nightly.run")
    before = tools.until(crew.written, 300, "something is committed")
    _stop("postgres", signal.SIGQUIT)
    tools.until(
        lambda: "careplan_portal.nightly.run" in crew.log("worker") and "nightly_job_failed" in crew.log("worker"),
        120,
        "the worker has seen it",
    )
    _services()
    at = crew.written()
    # As beat does it at ten past five.
    crew.call("careplan_portal.nightly.run")
    tools.until(crew.night_done, 600, "the night has proved itself")
    assert worker.poll() is None, "the worker ended"
    tools.agree(crew.database, wanted)
    say(
        f"PostgreSQL crashed under a worker ({before:,} rows seen committed, {at:,} there after the start: a chunk is made "
        "durable by the run's end): the same worker did the rest at the next call; the ledger is the same"
    )
    say(tools.verify(crew.database))


def _redis(crew: Crew, how: int, words: str, say: Callable[[str], None], wanted: dict[str, tuple[int, str]]) -> None:
    worker = crew.worker("worker", concurrency=2)
    crew.call("careplan_portal.nightly.run")
    tools.until(crew.written, 300, "something is committed")
    _stop("redis", how)
    at = crew.written()
    tools.until(crew.night_done, 600, "the night has proved itself without Redis")
    tools.agree(crew.database, wanted)
    _services()
    # The worker finds Redis again by itself and takes the next task, which finds nothing to do.
    crew.call("careplan_portal.nightly.run")
    with suppress(psycopg2.Error):
        tools.until(lambda: crew.night_done() >= 2, 600, "the worker works again")
    assert worker.poll() is None, "the worker ended"
    tools.agree(crew.database, wanted)
    say(
        f"Redis {words} with {at:,} rows committed: the night went on and proved itself; the worker found Redis again and "
        "the next night's call changed nothing; the ledger is the same"
    )
