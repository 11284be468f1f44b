"""docker-compose.yml without Docker: each service's own command and health check, with its own environment, as
processes of this machine. What containers would give (a host name, a network name, a folder) is put in here."""

import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT

FILE = ROOT / "docker-compose.yml"
SECONDS = {"ms": 0.001, "s": 1, "m": 60}


def services() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text())["services"])


def interpolate(text: str, given: Mapping[str, str]) -> str:
    """${NAME:-default} and ${NAME:?what is missing}, as compose does; $$ becomes $."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, how, rest = match[1], match[2], match[3]
        found = given.get(name, "")
        if not found and how == ":?":
            raise KeyError(f"{name}: {rest}")
        return found or rest or ""

    return re.sub(r"\$\$|\$\{(\w+)(?:(:-|:\?)([^}]*))?\}", value, text)


@dataclass
class Running:
    """One replica of a service."""

    service: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    def says(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


@dataclass
class Composed:
    """`given` stands for .env, `places` for what only containers have: text in the file → what stands for it."""

    work: Path
    given: dict[str, str]
    places: dict[str, str]
    running: list[Running] = field(default_factory=list)

    def text(self, text: str) -> str:
        for place, ours in self.places.items():
            text = text.replace(place, ours)
        return text

    def environment(self, service: str, replica: int) -> dict[str, str]:
        stated = services()[service].get("environment", {})
        stated = {name: interpolate(str(value), self.given) for name, value in stated.items()}
        around = {
            # What the image's own environment says (Dockerfile).
            "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
            "PORTAL_HOME": "/var/lib/portal",
            "STATIC_ROOT": "/srv/portal/collected",
            "HOSTNAME": f"{service}-{replica}-{self.work.name}",
            "LC_ALL": "C.UTF-8",
        }
        made = {name: self.text(value) for name, value in (around | stated).items()}
        # A container of its own has a /tmp of its own.
        made["TMPDIR"] = str(self.work)
        return made

    def command(self, service: str) -> list[str]:
        return [interpolate(str(part), self.given) for part in services()[service]["command"]]

    def run(self, service: str, **more: str) -> None:
        """A service that ends, such as the migration."""
        environment = self.environment(service, 1) | more
        done = subprocess.run(self.command(service), cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def start(self, service: str, **more: str) -> Running:
        replica = 1 + sum(one.service == service for one in self.running)
        environment = self.environment(service, replica) | more
        log = self.work / f"{service}-{replica}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(self.command(service), cwd=ROOT, env=environment, stdout=file, stderr=file)
        made = Running(service, environment, process, log)
        self.running.append(made)
        return made

    def check(self, one: Running) -> bool:
        """The service's own health check, once."""
        kind, *test = services()[one.service]["healthcheck"]["test"]
        test = [interpolate(part, self.given) for part in test]
        command = ["sh", "-c", test[0]] if kind == "CMD-SHELL" else test
        limit = 4 * seconds(services()[one.service]["healthcheck"]["timeout"])
        done = subprocess.run(command, cwd=ROOT, env=one.environment, capture_output=True, timeout=limit)
        return done.returncode == 0

    def stranger(self, one: Running, port: str) -> Running:
        """The same service where nothing runs: what its check has to notice."""
        return replace(one, environment=one.environment | {"HOSTNAME": "nobody", "GRANIAN_PORT": port})

    def healthy(self, one: Running, within: float = 240) -> None:
        until = time.monotonic() + within
        while not self.check(one):
            assert one.process.poll() is None, f"{one.service} ended: {one.says()}"
            assert time.monotonic() < until, f"{one.service} is not healthy: {one.says()}"
            time.sleep(0.5)

    def stop(self) -> list[int]:
        for one in self.running:
            if one.process.poll() is None:
                one.process.terminate()
        codes = []
        for one in self.running:
            try:
                codes.append(one.process.wait(60))
            except subprocess.TimeoutExpired:
                one.process.kill()
                codes.append(one.process.wait())
        return codes


def seconds(text: str) -> float:
    """15s, 1m30s."""
    return sum(float(number) * SECONDS[unit] for number, unit in re.findall(r"([\d.]+)(ms|s|m)", text))


def get(port: str, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://localhost:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def metric(text: str, name: str) -> float:
    """A line's value; 0 when it is not there."""
    for line in text.splitlines():
        if line.startswith(f"{name} "):
            return float(line.rpartition(" ")[2])
    return 0


def own_services() -> Iterator[str]:
    """The services whose command is this project's."""
    for name, service in services().items():
        if "build" in service:
            yield name
