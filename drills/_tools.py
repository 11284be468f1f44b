"""Checkers that are not part of the project: installed by the drill that wants them, at a fixed version, under var/."""

import os
import shutil
import subprocess
from pathlib import Path

from drills._demo import ROOT

TOOLS = Path(os.environ.get("PORTAL_TOOLS", ROOT / "var" / "tools"))
VERSIONS = {"vnu-jar": "26.9.27", "lighthouse": "12.8.2"}
# The program that has to be on the machine, and Debian's package that brings it.
PROGRAMS = {"java": "default-jre-headless", "npm": "npm", "node": "nodejs"}


def need(*programs: str) -> None:
    """Install from Debian what is missing of `programs`. Raises CalledProcessError when that does not work."""
    missing = [PROGRAMS[program] for program in programs if shutil.which(program) is None]
    if missing:
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing], check=True)


def npm_package(name: str) -> Path:
    """The folder of an npm package of VERSIONS, installed when it is not there."""
    need("npm", "node")
    folder = TOOLS / "node_modules" / name
    if not folder.is_dir():
        TOOLS.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(TOOLS), "--no-audit", "--no-fund", f"{name}@{VERSIONS[name]}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder
