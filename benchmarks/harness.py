"""How benchmarks measure here: ours against a floor, in one run, turn about, so that a slow minute hits both.

A benchmark is a file ``benchmarks/NAME.py`` with one function::

    def measure(bench: Bench) -> Outcome: ...

It runs on a private PostgreSQL (with fsync, migrated, empty) and Redis that are gone afterwards. The floor is the
least that any solution must do: ``COPY`` into bare tables, one SQL statement, an empty page.
"""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Summary:
    """Times of one side, in milliseconds, and what else is worth keeping (rows, peak memory)."""

    median_ms: float
    p95_ms: float
    best_ms: float
    runs: int
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        body = asdict(self)
        return body | body.pop("extra")


@dataclass(frozen=True)
class Outcome:
    """``ratio`` is ours over the floor, of the medians unless the benchmark states another."""

    ours: Summary
    floor: Summary
    ratio: float


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least ``share`` (0 to 1) of all samples do not exceed (nearest rank)."""
    if not samples or not 0 < share <= 1:
        raise ValueError("percentile() needs samples and a share above 0 and up to 1")
    ordered = sorted(samples)
    rank = -(-len(ordered) * share // 1)  # rounded up
    return ordered[int(rank) - 1]


def summarise(seconds: Sequence[float], **extra: Any) -> Summary:
    """Median, 95th percentile and best of times given in seconds."""
    millis = [value * 1000 for value in seconds]
    return Summary(
        median_ms=round(statistics.median(millis), 4),
        p95_ms=round(percentile(millis, 0.95), 4),
        best_ms=round(min(millis), 4),
        runs=len(millis),
        extra=extra,
    )


def outcome(ours: Summary, floor: Summary, ratio: float | None = None) -> Outcome:
    """Both sides with the ratio of their medians, or the one given."""
    if ratio is None:
        ratio = ours.median_ms / floor.median_ms if floor.median_ms else float("inf")
    return Outcome(ours, floor, round(ratio, 3))


class Bench:
    """What a benchmark is handed: where to write, whether ``../shared`` is there, and how to time."""

    def __init__(self, work: Path, shared: Path | None) -> None:
        self.work = work
        self.shared = shared

    def say(self, text: str) -> None:
        """Progress for people, on standard error."""
        print(text, file=sys.stderr, flush=True)

    def time_once(self, action: Callable[[], object]) -> float:
        """Seconds one call takes."""
        began = time.perf_counter()
        action()
        return time.perf_counter() - began

    def turn_about(
        self,
        ours: Callable[[], object],
        floor: Callable[[], object],
        *,
        rounds: int,
        warm_up: int = 1,
        before: Callable[[], object] | None = None,
    ) -> tuple[list[float], list[float]]:
        """Seconds of each round for ours and for the floor, alternating; ``before`` runs untimed before each."""
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(-warm_up, rounds):
            # Who goes first changes, so neither always meets the warmer cache.
            for side in (0, 1) if number % 2 else (1, 0):
                if before is not None:
                    before()
                took = self.time_once((ours, floor)[side])
                if number >= 0:
                    times[side].append(took)
        return times

    def in_a_process(self, *command: str) -> tuple[float, int, str]:
        """Run a command apart: seconds, its peak memory in MiB, its standard output. Raises when it fails."""
        began = time.perf_counter()
        peak, told = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-S", "-c", _APART, str(told), *command],
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=(told,),
        )
        os.close(told)
        with open(peak) as file:
            output, _ = process.communicate()
            if process.returncode:
                raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
            return time.perf_counter() - began, int(file.read()), output


# The kernel counts the parent's memory as the child's until it runs a program of its own, so a large parent makes
# every child look large. A small one in between waits for the command and tells what it used, in MiB.
_APART = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
os.write(int(sys.argv[1]), str(usage.ru_maxrss // 1024).encode())
sys.exit(bool(status))
"""


def machine() -> dict[str, Any]:
    """What the numbers were measured on; a number without it says nothing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        postgres, fsync = cursor.fetchone()
    return {
        "cpu": _from("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": int(_from("/proc/meminfo", "MemTotal").split()[0]) // 1024,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": postgres,
        "fsync": fsync,
        "load_before": round(os.getloadavg()[0], 2),
    }


def peak_memory_mib() -> int:
    """The most memory that this process has held so far, in MiB."""
    return int(_from("/proc/self/status", "VmHWM").split()[0]) // 1024


def _from(path: str, key: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(key):
            return line.partition(":")[2].strip()
    return "unknown 0"
