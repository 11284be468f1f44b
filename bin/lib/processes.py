"""Small things about processes and ports that bin/lib/services.py stands on. Standard library only."""

import socket
import sys
import time
from pathlib import Path
from typing import Any


class ServicesError(Exception):
    """Something a person has to know; printed without a traceback."""


def tell(text: str) -> None:
    print(text, file=sys.stderr)


def free_port(avoid: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in avoid:
            return port


def taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def lives_in(pid: int, folder: Path) -> bool:
    """Whether the process is ours: alive, and working in our folder. Numbers are used again, folders are not."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return False


def wait(condition: Any, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())
