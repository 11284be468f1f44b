"""bin/backup and bin/restore from outside: what comes back is what was there, or nothing is touched."""

import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

# Some of everything: licences that renew, a paper with its file, a message in the queue.
FILL = """
from datetime import date
from careplan_portal.lib.acting import NIGHT
from licenses.models import License
from licenses.services import bill_lines_record, document_make, document_request, roll_over
from careplan_portal.lib.jobs import enqueue_on_commit
today = date(2026, 4, 20)
roll_over(on=today, acting=NIGHT)
bill_lines_record(month=date(2026, 5, 1), today=date(2026, 5, 1))
office = License.objects.first().office_id
paper = document_request(office_id=office, kind="certificate", on=today, today=today, acting=NIGHT)
document_make(document_id=paper.pk)
"""
HEAD = "business_number,first_licensed_on,starts_on,ends_on,pricing,renewal_mode,stop_requested_on"


@dataclass
class Portal:
    """A checkout's commands with a PostgreSQL and a Redis of its own."""

    home: Path

    def run(self, *command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"], "PORTAL_HOME": str(self.home), "PORTAL_ENV": "demo", "PORTAL_TODAY": "2026-04-20",
            "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        # Known once they are asked for; then a command need not look whether its servers run.
        environment |= self.__dict__.get("urls", {})
        program, *arguments = command
        done = subprocess.run(
            [ROOT / "bin" / str(program), *map(str, arguments)], env=environment, capture_output=True, text=True
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    @cached_property
    def urls(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.run("services", "env").stdout.splitlines())

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        with closing(psycopg2.connect(self.urls["DATABASE_URL"])) as connection, connection, connection.cursor() as one:
            yield one

    def ask(self, sql: str) -> list[tuple]:
        with self.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def contents(self) -> dict[str, tuple]:
        """Each table's rows, counted and digested in the order of their text; sessions are left out by restore."""
        names = [name for (name,) in self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
        found = {}
        with self.cursor() as cursor:
            for name in names:
                cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
                found[name] = cursor.fetchone()
        return {name: row for name, row in found.items() if name != "django_session"}

    def papers(self) -> dict[str, bytes]:
        media = self.home / "media"
        return {str(path.relative_to(media)): path.read_bytes() for path in media.rglob("*") if path.is_file()}


@pytest.fixture
def portals(tmp_path: Path) -> Iterator[tuple[Portal, Portal]]:
    pair = Portal(tmp_path / "here, with spaces"), Portal(tmp_path / "there")
    for portal in pair:
        portal.run("services", "start", "--volatile")
        assert portal.urls
    yield pair
    for portal in pair:
        portal.run("services", "remove")


def fill(portal: Portal, tmp_path: Path) -> None:
    portal.run("manage", "migrate", "--verbosity", "0")
    rows = [f"31702{n:05d},2024-04-15,2025-04-15,2026-04-14,paid,auto," for n in range(30)]
    file = tmp_path / "licences.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n")
    portal.run("manage", "load_licenses", file, "--json")
    portal.run("manage", "shell", "--no-imports", "-c", FILL)


def test_a_round_trip_and_what_is_refused_on_the_way(portals: tuple[Portal, Portal], tmp_path: Path) -> None:
    here, there = portals
    fill(here, tmp_path)
    before, papers = here.contents(), here.papers()
    assert before["licenses_licenseterm"][0] == 60
    assert len(papers) == 1

    kept = tmp_path / "kept" / "today.tar"
    manifest = json.loads(here.run("backup", kept).stdout)
    assert (manifest["licences"], manifest["papers"]) == (30, 1)
    assert kept.stat().st_mode & 0o077 == 0, "it holds names and telephones"
    assert [path.name for path in kept.parent.iterdir()] == ["today.tar"], "nothing unfinished is left"
    again = here.run("backup", kept, check=False)
    assert again.returncode == 1
    assert "already" in again.stderr
    assert here.contents() == before, "a back-up changes nothing"

    nothing_is_touched_by_a_damaged_one(there, kept, tmp_path)

    done = there.run("restore", kept)
    assert "the ledger has 0 problems" in done.stderr
    assert there.contents() == before
    assert there.papers() == papers
    the_copy_is_as_strict_as_the_original(there)

    refused = there.run("restore", kept, check=False)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr

    over_a_running_portal_it_is_refused_and_then_replaces(there, kept, before)

    second = tmp_path / "second.tar"
    there.run("backup", second)
    here.run("restore", second, "--replace")
    assert here.contents() == before, "a copy of a copy"


def nothing_is_touched_by_a_damaged_one(there: Portal, kept: Path, tmp_path: Path) -> None:
    bytes_ = bytearray(kept.read_bytes())
    with tarfile.open(kept) as tar:
        dump = tar.getmember("database.dump")
    bytes_[dump.offset_data + dump.size // 2] ^= 0xFF
    damaged, cut, other = (tmp_path / name for name in ("damaged.tar", "cut.tar", "other.tar"))
    damaged.write_bytes(bytes_)
    cut.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    other.write_text("this is no back-up")
    strangers = [tmp_path / f"stranger{number}.tar" for number in range(3)]
    for file, entry in zip(strangers, ("../outside", "/tmp/outside", "a-link"), strict=True):
        with tarfile.open(file, "w") as tar:
            info = tarfile.TarInfo(entry)
            info.type, info.linkname = (tarfile.SYMTYPE, "/etc/passwd") if entry == "a-link" else (tarfile.REGTYPE, "")
            tar.addfile(info)
    for file in (damaged, cut, other, *strangers, tmp_path / "nowhere.tar"):
        done = there.run("restore", file, check=False)
        assert done.returncode == 1, file
        assert "Traceback" not in done.stderr
        assert there.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def the_copy_is_as_strict_as_the_original(there: Portal) -> None:
    with pytest.raises(psycopg2.Error, match="only grows"):
        there.ask("UPDATE licenses_billline SET yen = 0 RETURNING id")
    with pytest.raises(psycopg2.errors.ExclusionViolation):
        there.ask(
            "INSERT INTO licenses_licenseterm (license_id, starts_on, ends_on, pricing, fee_yen, origin, closing, "
            "closing_reason, recorded_on) SELECT license_id, starts_on, ends_on, 'paid', 1, origin, 'lapsed', '', "
            "recorded_on FROM licenses_licenseterm LIMIT 1 RETURNING id"
        )
    # Numbers go on after the last one.
    assert there.ask(
        "SELECT nextval('licenses_licenseterm_id_seq') > max(id) FROM licenses_licenseterm"
    ) == [(True,)]  # fmt: skip


def over_a_running_portal_it_is_refused_and_then_replaces(there: Portal, kept: Path, before: dict[str, tuple]) -> None:
    there.ask("INSERT INTO django_session VALUES ('key', 'data', now()) RETURNING 1")
    there.ask("UPDATE licenses_programme SET ends_on = '2030-01-01' RETURNING 1")
    broker = redis.Redis.from_url(there.urls["REDIS_URL"])
    broker.rpush("portal:celery", "{}", "{}")
    broker.hset("portal:unacked", "tag", "{}")
    with closing(psycopg2.connect(there.urls["DATABASE_URL"], application_name="portal-demo")):
        refused = there.run("restore", kept, "--replace", check=False)
        assert refused.returncode == 1
        assert "still runs (portal-demo)" in refused.stderr
    assert there.contents() != before
    done = there.run("restore", kept, "--replace")
    assert "the queue held 2 jobs" in done.stderr
    assert there.contents() == before
    assert there.ask("SELECT count(*) FROM django_session") == [(0,)]
    assert not broker.exists("portal:celery", "portal:unacked")
