"""bin/services from outside: real servers in folders of their own."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from tests.conftest import ROOT

pytestmark = pytest.mark.slow


class Services:
    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "bin" / "services", *arguments],
            env={"PATH": os.environ["PATH"], "PORTAL_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=check,
        )

    def urls(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.run("env").stdout.splitlines())

    def ask(self, sql: str) -> str:
        connection = psycopg2.connect(self.urls()["DATABASE_URL"])
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql)
                return str(cursor.fetchone()[0])
        finally:
            connection.close()

    def pids(self) -> dict[str, int]:
        lines = self.run("status").stdout.splitlines()
        return {line.split(":")[0]: int(line.split("process ")[1].split()[0]) for line in lines}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = Services(tmp_path / "a home with spaces")
    yield made
    made.run("remove")
    assert made.run("status", check=False).returncode == 3


def test_start_stop_and_start_again_keep_ports_and_data(services: Services) -> None:
    services.run("start")
    before = services.urls()
    assert services.ask("SELECT datcollate || ' ' || pg_encoding_to_char(encoding) FROM pg_database LIMIT 1") == (
        "C.UTF-8 UTF8"
    )
    assert redis.Redis.from_url(before["REDIS_URL"]).ping()
    connection = psycopg2.connect(before["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 7 AS number")
    connection.close()

    services.run("start")
    services.run("stop")
    assert services.run("status", check=False).returncode == 3
    services.run("start")
    assert services.urls() == before
    assert services.ask("SELECT number FROM kept") == "7"


def test_killed_servers_and_their_stale_files_do_not_hinder(services: Services) -> None:
    services.run("start")
    for pid in services.pids().values():
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.5)
    # The numbers belong to somebody else by now: to this very test.
    (services.home / "redis" / "redis.pid").write_text(str(os.getpid()))
    assert services.run("status", check=False).returncode == 3
    services.run("start")
    assert services.ask("SELECT 1") == "1"


def test_a_port_taken_meanwhile_is_given_up(services: Services) -> None:
    services.run("start")
    services.run("stop")
    port = int(services.urls()["DATABASE_URL"].rsplit(":", 1)[1].split("/")[0])
    with socket.socket() as squatter:
        # Connections that were closed a moment ago still hold the port otherwise.
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        services.run("start")
        assert f":{port}/" not in services.urls()["DATABASE_URL"]
        assert services.ask("SELECT 1") == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_a_home_that_the_servers_account_cannot_enter(services: Services) -> None:
    services.home.mkdir(parents=True)
    services.home.chmod(0o700)
    services.run("start")
    assert services.ask("SELECT 1") == "1"
    data = services.ask("SHOW data_directory")
    assert not data.startswith(str(services.home))
    services.run("remove")
    assert not Path(data).exists()


def test_strangers_without_the_password_stay_out(services: Services) -> None:
    services.run("start")
    urls = services.urls()
    port = urls["REDIS_URL"].rsplit(":", 1)[1].split("/")[0]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(port)).ping()
    host = urls["DATABASE_URL"].split("@")[1]
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(f"postgres://portal:wrong@{host}")
