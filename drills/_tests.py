"""Tests as part of a drill, on servers of their own."""

import os
import subprocess
from pathlib import Path

from drills._demo import ROOT

# bin/test starts servers of its own.
ELSEWHERE = ("DATABASE_URL", "REDIS_URL", "PORTAL_HOME")


def run_tests(path: str, **more: str | Path) -> subprocess.CompletedProcess[str]:
    """Run bin/test on a file, with more in its environment; what it printed is in the answer."""
    kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    return subprocess.run(
        [ROOT / "bin" / "test", path, "-q"],
        env=kept | {name: str(value) for name, value in more.items()},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
