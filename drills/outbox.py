"""A magazine-sized outbox to a real mail server, its worker killed outright: each mail exactly once.

The server is aiosmtpd in a process of its own. It writes what it takes to disk before it answers, the member's mail
and its copy alike, and now and then takes its time to answer. Two workers empty the outbox; five times one of them
is killed with SIGKILL while it holds a mail, as often as can be just when the server has it and has not answered.
"""

import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from django.test import override_settings

from notices.enums import Kind
from notices.models import Delivery
from notices.rules import Content, Outgoing

MAILS = 20_000
KILLS = 5
WORKERS = 2
CLAIM_SECONDS = 3
# The server answers every so many mails only after so many seconds: time to be killed in.
SLOW_EVERY, SLOW_SECONDS = 100, 0.4
LONGEST = 1800

WORK = """
import time, django
django.setup()
from notices.models import Delivery
from notices.services import outbox_send
while Delivery.objects.filter(state="queued").exists():
    outbox_send()
    time.sleep(0.2)
"""


def serve(port: int, folder: Path, answering: Any) -> None:
    """The mail server; `answering` is set while it has a mail and has not answered."""
    import asyncio

    from aiosmtpd.controller import Controller

    class Disk:
        count = 0

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            self.count += 1
            for number in range(len(envelope.rcpt_tos)):
                place = folder / ("copies" if number else "taken") / "new"
                (place / str(self.count)).write_bytes(envelope.content)
            if self.count % SLOW_EVERY == 0:
                answering.set()
                await asyncio.sleep(SLOW_SECONDS)
                answering.clear()
            return "250 OK"

    controller = Controller(Disk(), hostname="127.0.0.1", port=port)
    controller.start()
    while True:
        time.sleep(60)


def run(say: Callable[[str], None]) -> str:
    folder = Path(tempfile.mkdtemp(prefix="careplan-outbox."))
    for place in ("taken", "copies"):
        for part in ("new", "cur", "tmp"):
            (folder / place / part).mkdir(parents=True)
    try:
        return _run(say, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(say: Callable[[str], None], folder: Path) -> str:
    _fill(say)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with _server(port, folder) as answering:
        began = time.monotonic()
        environment = _environment(port, folder)
        workers = [_worker(environment) for _ in range(WORKERS)]
        in_doubt = _kill(say, workers, environment, answering)
        for worker in workers:
            assert worker.wait(LONGEST) == 0, "a worker failed"
        seconds = time.monotonic() - began
    states = Counter(Delivery.objects.values_list("state", flat=True))
    say(f"states at the end: {dict(states)}; {seconds:.0f} s, {MAILS / seconds:.0f} mails a second")
    taken = _message_ids(folder / "taken")
    twice = [key for key, count in Counter(taken).items() if count > 1]
    keys = {f"<{key}@portal.example.jp>" for key in Delivery.objects.values_list("key", flat=True)}
    say(f"the server took {len(taken)} mails, {len(set(taken))} different ones, {len(twice)} twice")
    assert states == {"handed_over": MAILS}, states
    assert not twice, f"{len(twice)} mails went twice"
    assert set(taken) == keys, f"{len(keys - set(taken))} never went"
    assert in_doubt, "no kill met a mail that the server had taken and not answered"
    return f"{MAILS} mails, {KILLS} kills ({in_doubt} of them after the server had the mail), each mail exactly once"


def _fill(say: Callable[[str], None]) -> None:
    from notices.services import notices_queue

    content = Content(("6月10日に自動で更新し、21,000円かかります。",), link=("やめる手続き", "/my/3170201158/stop/"))
    outgoing = [
        Outgoing(Kind.REMINDER, f"drill-{number}", f"お知らせ {number}", content, to=(f"m{number}@office.example",))
        for number in range(MAILS)
    ]
    began = time.monotonic()
    # In this process tasks run in place, and its mails go into memory: none may go from here.
    with override_settings(MAILS_PER_MINUTE=0):
        assert notices_queue(outgoing=outgoing, today=date(2026, 4, 10)) == MAILS
    assert _gone() == 0
    say(f"{MAILS} notices queued in {time.monotonic() - began:.1f} s")


@contextmanager
def _server(port: int, folder: Path) -> Iterator[Any]:
    context = multiprocessing.get_context("fork")
    answering = context.Event()
    server = context.Process(target=serve, args=(port, folder, answering), daemon=True)
    server.start()
    try:
        _until(lambda: _listens(port), 30, "the mail server listens")
        yield answering
    finally:
        server.kill()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _environment(port: int, folder: Path) -> dict[str, str]:
    return os.environ | {
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DEFAULT_FROM_EMAIL": "oshirase@portal.example.jp",
        "RETURNED_ADDRESS": "returned@portal.example.jp",
        "MAIL_COPY_ADDRESS": "copies@portal.example.jp",
        "MAIL_COPIES": str(folder / "copies"),
        "MAIL_CLAIM_SECONDS": str(CLAIM_SECONDS),
        "MAILS_PER_MINUTE": "1000000",
        "LOG_LEVEL": "ERROR",
    }


def _worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORK], env=environment)


def _kill(
    say: Callable[[str], None], workers: list[subprocess.Popen[bytes]], environment: dict[str, str], answering: Any
) -> int:
    """Kill a worker KILLS times, each a sixth of the mails later; returns how many kills met a mail that the
    server had and had not answered. A new worker takes the dead one's place."""
    in_doubt = 0
    for number in range(1, KILLS + 1):
        _until(lambda goal=number * MAILS // (KILLS + 1): _gone() >= goal, LONGEST, "mails go out")
        # The last one at any moment, the others while the server has a mail and takes its time.
        met = number < KILLS and answering.wait(60)
        before = _claimed()
        victim = workers.pop(0)
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
        still = _claimed()
        in_doubt += bool(met and still)
        say(
            f"kill {number}: {_gone()} handed over, {before} claimed just before, {still} left behind"
            f"{', the server had taken one and not answered' if met else ''}"
        )
        workers.append(_worker(environment))
    return in_doubt


def _gone() -> int:
    return Delivery.objects.filter(state="handed_over").count()


def _claimed() -> int:
    return Delivery.objects.exclude(claimed_at=None).count()


def _message_ids(place: Path) -> list[str]:
    heads = (file.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[0] for file in (place / "new").iterdir())
    return [str(BytesHeaderParser().parsebytes(head + b"\n\n")["Message-ID"]) for head in heads]


def _until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"after {seconds:.0f} s it is still not true that {what}"
        time.sleep(0.05)
