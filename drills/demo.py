"""bin/demo as a person uses it: first start, a child killed, Ctrl-C, second start, the supervisor killed outright."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Seconds, on a machine that does nothing else; with more processes waiting than cores it may take as much longer.
SECOND_START = 20


class Demo:
    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> float:
        """Start it and wait until it serves; seconds."""
        began = time.monotonic()
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PORTAL_", "DATABASE_"))}
        environment.pop("REDIS_URL", None)
        self.process = subprocess.Popen(
            [ROOT / "bin" / "demo"],
            env=environment | {"PORTAL_HOME": str(self.home), "PORT": str(self.port)},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self.serves, 600, "it serves")
        return time.monotonic() - began

    def serves(self) -> bool:
        assert self.process.poll() is None, "bin/demo ended by itself"
        return self.answers()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=3) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def ctrl_c(self) -> None:
        """As the terminal does it: to the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)
        assert self.process.wait(90) == 0, f"exit status {self.process.returncode}"
        until(lambda: not self.processes(), 10, "all processes are gone")

    def processes(self) -> dict[int, str]:
        """Every process that carries our home in its environment or works in it."""
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                ours = f"PORTAL_HOME={self.home}\0".encode() in (entry / "environ").read_bytes() + b"\0"
                ours = ours or str((entry / "cwd").readlink()).startswith(str(self.home))
                if entry.name.isdigit() and ours:
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def pid_of(self, words: str) -> int:
        return min(pid for pid, command in self.processes().items() if words in command)


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"after {seconds:.0f} s it is still not true that {what}"
        time.sleep(0.2)


def run(say: Callable[[str], None]) -> str:
    home = Path(tempfile.mkdtemp(prefix="careplan-demo."))
    home.chmod(0o711)
    demo = Demo(home)
    try:
        say(f"first start: serves after {demo.start():.1f} s")
        worker = demo.pid_of("worker --concurrency")
        os.kill(worker, signal.SIGKILL)
        until(
            lambda: any("worker --concurrency" in c and p != worker for p, c in demo.processes().items()),
            30,
            "a new worker runs",
        )
        say("the worker was killed and started again")
        demo.ctrl_c()
        say("Ctrl-C: exit status 0, no process left")
        second = demo.start()
        allowed = SECOND_START * max(1, os.getloadavg()[0] / len(os.sched_getaffinity(0)))
        say(f"second start: serves after {second:.1f} s")
        os.kill(demo.pid_of("bin/lib/demo.py"), signal.SIGKILL)
        demo.process.wait(90)
        until(lambda: not demo.processes(), 60, "a supervisor killed outright leaves no process")
        say("the supervisor was killed outright: no process left")
        say(f"third start: serves after {demo.start():.1f} s")
        demo.ctrl_c()
        assert second < allowed, f"the second start took {second:.0f} s, more than {allowed:.0f} s"
        return f"second start in {second:.0f} s, no process ever left behind"
    finally:
        for pid in demo.processes():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(home, ignore_errors=True)
