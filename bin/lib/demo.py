"""The demo's one supervisor: prepares the data, then runs web, worker and beat until it is told to end.

Each child is a process group of its own, so Ctrl-C reaches only this process and the children end in order.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ["PORTAL_HOME"])
PORT = os.environ["PORT"]
PROGRAMS = Path(sys.executable).parent
# Seconds a child may take to end before it is killed; a worker finishes its task first.
GRACE = 20
RESTARTS = 3

CHILDREN = {
    "web": [
        *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", PORT, "--workers", "2"),
        *("--blocking-threads", "4", "--no-ws", "careplan_portal.wsgi:application"),
    ],
    "worker": ["celery", "--app", "careplan_portal", "worker", "--concurrency", "2", "--loglevel", "info"],
    "beat": ["celery", "--app", "careplan_portal", "beat", "--loglevel", "info", "--pidfile", ""],
}


def tell(text: str) -> None:
    print(text, flush=True)


def prepare() -> str:
    """Database, demo data, static files (prepare_demo.py). Returns the sign-ins; a failure ends the demo."""
    command = [sys.executable, str(ROOT / "bin" / "lib" / "prepare_demo.py")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    if done.returncode:
        sys.exit(f"{done.stdout}\nbin/demo: preparing failed")
    return done.stdout


def in_use() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(PORT)))
        except OSError:
            return True
    return False


def _end_with_parent() -> None:
    """In the child: a supervisor killed outright (it cannot clean up then) takes its children along."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def start(name: str) -> subprocess.Popen[bytes]:
    program, *arguments = CHILDREN[name]
    with (HOME / "log" / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [str(PROGRAMS / program), *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=_end_with_parent,
        )  # fmt: skip


def serves() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name in ("beat", "web", "worker"):
        if name in children and children[name].poll() is None:
            children[name].send_signal(signal.SIGTERM)
    until = time.monotonic() + GRACE
    for child in children.values():
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def forget_last_time() -> None:
    """Beat's own file remembers the last runs of another day's demo; the ledger knows better what is due. And what
    processes counted that have ended is of no use to the new ones."""
    for leftover in (HOME / "run").glob("celerybeat-schedule*"):
        leftover.unlink() if leftover.is_file() else shutil.rmtree(leftover)
    for counted in (HOME / "run" / "metrics").glob("*.db"):
        counted.unlink()


def watch(children: dict[str, subprocess.Popen[bytes]], sign_ins: str) -> None:
    announced = False
    restarts = dict.fromkeys(children, 0)
    while True:
        for name, child in children.items():
            if child.poll() is None:
                continue
            if restarts[name] == RESTARTS:
                log = HOME / "log" / f"{name}.log"
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
                sys.exit(f"bin/demo: {name} ended again and again; the last lines of {log}:\n{tail}")
            restarts[name] += 1
            tell(f"{name} ended by itself and is started again (log: {HOME}/log/{name}.log)")
            children[name] = start(name)
        if not announced and serves():
            announced = True
            tell(f"\n{sign_ins.rstrip()}\n\n  http://127.0.0.1:{PORT}\n\nCtrl-C ends it. Logs: {HOME}/log")
        time.sleep(1 if announced else 0.1)


def main() -> None:
    ending = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Once is enough: a second Ctrl-C while ending changes nothing.
        nonlocal ending
        if not ending:
            ending = True
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        if in_use():
            sys.exit(f"bin/demo: port {PORT} is in use; PORT=8001 bin/demo takes another")
        for folder in ("log", "run", "mail"):
            (HOME / folder).mkdir(parents=True, exist_ok=True)
        sign_ins = prepare()
        forget_last_time()
        for name in CHILDREN:
            children[name] = start(name)
        watch(children, sign_ins)
    except KeyboardInterrupt:
        tell("\nending …")
    finally:
        end(children)


if __name__ == "__main__":
    main()
