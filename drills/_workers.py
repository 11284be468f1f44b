"""Workers and beats as they are run in production, for drills: real processes on a copy of the ledger."""

import datetime
import os
import signal
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import TracebackType

from celery.beat import PersistentScheduler

from careplan_portal.celery import app
from drills import _night as tools

CELERY = [str(tools.PROGRAMS / "celery"), "--app", "careplan_portal"]
LONG_AGO = datetime.timedelta(days=2)


class Crew:
    """Celery processes on one database and business day; their mails go to files, and all of it ends with the drill."""

    def __init__(self, database: str, day: date, folder: Path) -> None:
        self.database, self.day, self.folder = database, day, folder
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Crew":
        (self.folder / "mail").mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def environment(self, home: Path) -> dict[str, str]:
        return tools.environment(
            self.database,
            PORTAL_ENV="demo",
            PORTAL_TODAY=self.day.isoformat(),
            PORTAL_HOME=str(home),
            EMAIL_URL=f"filemail:///{self.folder / 'mail'}",
            LOG_LEVEL="INFO",
        )

    def start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        """A celery process with a home and a log of its own."""
        home = self.folder / name
        (home / "run").mkdir(parents=True, exist_ok=True)
        with (home / "log").open("ab") as log:
            process = subprocess.Popen(
                [*CELERY, *words],
                cwd=tools.ROOT,
                env=self.environment(home),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def worker(self, name: str, concurrency: int = 1) -> subprocess.Popen[bytes]:
        words = ("worker", "--concurrency", str(concurrency), "--loglevel", "info", "--hostname", f"{name}@drill")
        process = self.start(name, *words)
        tools.until(lambda: "drill ready" in self.log(name), 180, f"{name} is ready")
        return process

    def beat(self, name: str) -> subprocess.Popen[bytes]:
        return self.start(name, "beat", "--loglevel", "info", "--pidfile", "")

    def overdue_beat(self, name: str) -> subprocess.Popen[bytes]:
        """A beat that was away for two days, so that it sends the night as soon as it starts: its own file says so."""
        home = self.folder / name / "run"
        home.mkdir(parents=True, exist_ok=True)
        scheduler = PersistentScheduler(app, schedule_filename=str(home / "celerybeat-schedule"))
        for entry in scheduler.schedule.values():
            entry.last_run_at -= LONG_AGO
        scheduler.close()
        return self.beat(name)

    def call(self, task: str) -> None:
        """Put a task on the queue, as a process of its own."""
        done = subprocess.run(
            [*CELERY, "call", task], cwd=tools.ROOT, env=self.environment(self.folder), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-1000:]

    def log(self, name: str) -> str:
        path = self.folder / name / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def mails(self) -> list[str]:
        """The subjects of all mails that were handed over."""
        texts = [path.read_text(errors="replace") for path in (self.folder / "mail").iterdir()]
        return [line for text in texts for line in text.splitlines() if line.startswith("To: ")]

    def night_done(self) -> int:
        """How many roll-overs have ended with a proof that holds."""
        sql = "SELECT count(*) FROM licenses_rolloverrun WHERE finished_at IS NOT NULL AND proof = 'ok'"
        return int(tools.ask(self.database, sql)[0][0])

    def written(self) -> int:
        return int(
            tools.ask(self.database, "SELECT count(*) FROM licenses_licenseevent WHERE run_id IS NOT NULL")[0][0]
        )
