"""Three workers at once, two beats, a worker's process killed in the middle: one night, one ledger, one mail."""

import os
import signal
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from accounts.enums import Role
from accounts.models import User
from drills import _night as tools
from drills._workers import Crew

LICENCES = 20_000
ON = date(2026, 7, 1)


def run(say: Callable[[str], None]) -> str:
    for number in (1, 2):
        User.objects.create_user(email=f"operator{number}@example.jp", name=f"運営 {number}", role=Role.OPERATOR)
    tools.seed(LICENCES, first=ON, nights=1)
    with tools.copy("undisturbed") as name:
        tools.night(name, ON)
        wanted = tools.ledger(name)
        say(f"undisturbed: {tools.told(wanted)}")
    folder = Path(tempfile.mkdtemp(prefix="careplan-workers.", dir=os.environ["PORTAL_HOME"]))
    with tools.copy("commands") as name:
        runs = [tools.command(name, "roll_over", "--on", ON.isoformat(), "--json") for _ in range(3)]
        answers = [tools.done(one) for one in runs]
        assert [one["proof"] for one in answers] == ["ok"] * 3
        tools.agree(name, wanted)
        say(f"three commands at the same moment did {sorted(one['due'] for one in answers)}; the ledger is the same")
    with tools.copy("crew") as name, Crew(name, ON, folder / "crew") as crew:
        _crew(crew, say, wanted)
    with tools.copy("lost_child") as name, Crew(name, ON, folder / "lost") as crew:
        _lost_child(crew, say, wanted)
    return "three workers, two beats and a killed process: each time the ledger of one undisturbed run"


def _crew(crew: Crew, say: Callable[[str], None], wanted: dict[str, tuple[int, str]]) -> None:
    names = ("worker1", "worker2", "worker3")
    for name in names:
        crew.worker(name, concurrency=2)
    for name in ("beat1", "beat2"):
        crew.overdue_beat(name)
    sent = "careplan_portal.nightly.run"
    tools.until(
        lambda: all(f"Sending due task nightly ({sent})" in crew.log(name) for name in ("beat1", "beat2")),
        180,
        "both beats sent the night",
    )
    say("three workers; two beats that were away for two days have each sent the night at their start")
    tools.until(lambda: _succeeded(crew, names, sent) >= 2, 900, "both nights are done")
    ran = [name for name in names if f"Task {sent}" in crew.log(name)]
    assert _failed(crew, names, sent) == 0, "a night failed"
    tools.agree(crew.database, wanted)
    say(
        f"the night ran {_succeeded(crew, names, sent)} times, on {', '.join(ran)}; {crew.night_done()} runs proved themselves; the ledger is the same"
    )
    tools.until(lambda: len(crew.mails()) >= 2, 400, "the operators have their mail")
    assert sorted(crew.mails()) == ["To: operator1@example.jp", "To: operator2@example.jp"], crew.mails()
    say("the proof was mailed once to each of two operators")


def _succeeded(crew: Crew, names: tuple[str, ...], task: str) -> int:
    return sum(_lines(crew.log(name), f"Task {task}", "succeeded") for name in names)


def _failed(crew: Crew, names: tuple[str, ...], task: str) -> int:
    return sum(_lines(crew.log(name), f"Task {task}", "raised") for name in names)


def _lines(log: str, *words: str) -> int:
    return sum(all(word in line for word in words) for line in log.splitlines())


def _lost_child(crew: Crew, say: Callable[[str], None], wanted: dict[str, tuple[int, str]]) -> None:
    worker = crew.worker("worker")
    crew.call("licenses.tasks.night_watch")
    crew.call("careplan_portal.nightly.run")
    tools.until(crew.written, 300, "something is committed")
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    at = crew.written()
    tools.until(crew.night_done, 600, "the night has proved itself")
    tools.agree(crew.database, wanted)
    [[dead]] = tools.ask(crew.database, "SELECT count(*) FROM licenses_rolloverrun WHERE finished_at IS NULL")
    say(
        f"the worker's process was killed after {at:,} committed rows; the same worker got the task back and did the rest "
        f"({dead} run without an end); the ledger is the same"
    )
    say(tools.verify(crew.database))
