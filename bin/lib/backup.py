"""``backup.py backup FILE`` and ``backup.py restore FILE [--replace]``: the database and the kept papers, in one file.

A back-up is a tar of a manifest (when, from which version, sizes and digests), the database in PostgreSQL's custom
format, and the folder ``media``. The queue is left out on purpose: every job is "due and not yet done", so what was
queued is found again. Standard library and PostgreSQL's own programs only.
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from processes import ServicesError, tell

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ["PORTAL_HOME"])
FORMAT = 1
MANIFEST, DUMP, MEDIA = "manifest.json", "database.dump", "media"
CHUNK = 1 << 20
# Sessions of the portal name themselves so (settings/__init__.py).
PORTALS = "portal-%"


# --- PostgreSQL ------------------------------------------------------------------------------------------


def program(name: str, major: str = "") -> str:
    """The one of the server's own version where it is installed, else the newest: a client reads older servers, never
    newer ones, and what a newer one writes an older server may not read."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    same = [path for path in found if path.parts[-3] == major]
    path = str((same or found)[-1]) if found else shutil.which(name)
    if path is None:
        raise ServicesError(f"{name} is missing; bin/setup installs PostgreSQL with it")
    return path


def major() -> str:
    """15 for PostgreSQL 15.18."""
    return str(int(ask("SHOW server_version_num")) // 10_000)


def connection() -> tuple[list[str], dict[str, str]]:
    """Arguments and environment for PostgreSQL's programs; the password never among the arguments."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    _, _, place = parts.netloc.rpartition("@")
    user = f"{parts.username}@" if parts.username else ""
    password = {"PGPASSWORD": unquote(parts.password)} if parts.password else {}
    address = urlunsplit(("postgresql", user + place, parts.path, parts.query, ""))
    return ["--dbname", address], os.environ | password | {"PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "portal_backup"}


def ask(sql: str) -> str:
    where, environment = connection()
    command = [program("psql"), *where, "--no-psqlrc", "--tuples-only", "--no-align", "--command", sql]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise ServicesError(f"the database does not answer: {done.stderr.strip()}")
    return done.stdout.strip()


def in_use() -> str:
    """Who of the portal is connected; empty when nobody is."""
    return ask(
        "SELECT string_agg(DISTINCT application_name, ', ') FROM pg_stat_activity "
        f"WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE '{PORTALS}'"
    )


# --- back up ---------------------------------------------------------------------------------------------


def backup(target: Path) -> dict[str, Any]:
    """Write the back-up whole or not at all; returns its manifest. An existing file is not written over."""
    if target.exists():
        raise ServicesError(f"{target} is there already; take another name")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as work:
        dump = Path(work) / DUMP
        where, environment = connection()
        done = subprocess.run(
            [program("pg_dump", major()), *where, "--format", "custom", "--no-owner", "--no-privileges", "--file", str(dump)],
            env=environment, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise ServicesError(f"pg_dump failed: {done.stderr.strip()}")
        # Papers after the database: a row that says "made" then has its file, and a file too many does no harm.
        papers = [path for path in sorted((HOME / MEDIA).rglob("*")) if path.is_file() and path.suffix != ".part"]
        manifest = describe(dump, papers)
        unfinished = Path(work) / "whole.tar"
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, "w") as tar:
            add(tar, MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False).encode())
            tar.add(dump, DUMP)
            for path in papers:
                tar.add(path, str(Path(MEDIA) / path.relative_to(HOME / MEDIA)))
        unfinished.replace(target)
    return manifest


def describe(dump: Path, papers: list[Path]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "server": ask("SHOW server_version"),
        "migrations": int(ask("SELECT count(*) FROM django_migrations")),
        "licences": int(ask("SELECT count(*) FROM licenses_license")),
        "database": {"bytes": dump.stat().st_size, "sha256": digest(dump.open("rb"))},
        "papers": len(papers),
    }


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def digest(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    with file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


# --- restore ---------------------------------------------------------------------------------------------


def restore(source: Path, *, replace: bool) -> dict[str, Any]:
    """Put a back-up in place of an empty database (or, with ``replace``, of the one that is there): all of it in one
    transaction, so a failure leaves what was. Returns the manifest."""
    with opened(source) as (manifest, dump, media):
        if not replace and ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") != "0":
            raise ServicesError("the database is not empty; --replace puts the back-up in its place, for good")
        if others := in_use():
            raise ServicesError(f"the portal still runs ({others}); stop web, worker and beat first")
        load(dump)
        put_papers(media)
    return manifest


@contextlib.contextmanager
def opened(source: Path) -> Iterator[tuple[dict[str, Any], Path, Path]]:
    """The parts of a back-up, looked at before anything is touched. Raises ServicesError for a damaged one."""
    if not source.is_file():
        raise ServicesError(f"{source} is not there")
    with tempfile.TemporaryDirectory(prefix="portal-restore-") as work:
        try:
            with tarfile.open(source, "r:") as tar:
                unpack(tar, Path(work))
            manifest = json.loads((Path(work) / MANIFEST).read_text())
            dump = Path(work) / DUMP
            whole = manifest["format"] == FORMAT and digest(dump.open("rb")) == manifest["database"]["sha256"]
            papers = sum(path.is_file() for path in (Path(work) / MEDIA).rglob("*"))
        except (tarfile.TarError, OSError, ValueError, KeyError) as error:
            raise ServicesError(f"{source} is no whole back-up of this portal: {error}") from error
        if not whole or papers != manifest["papers"]:
            raise ServicesError(f"{source} is damaged: it does not hold what its manifest says")
        yield manifest, dump, Path(work) / MEDIA


def unpack(tar: tarfile.TarFile, work: Path) -> None:
    """Files below ``work`` only. By hand: the extraction filters came with Python 3.11.4, and Debian 12 has 3.11.2.
    Raises ValueError for anything else than a plain file."""
    for entry in tar:
        name = PurePosixPath(entry.name)
        content = tar.extractfile(entry) if entry.isfile() else None
        if content is None or name.is_absolute() or ".." in name.parts:
            raise ValueError(f"{entry.name} is no file of a back-up")
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        with content, (work / name).open("xb") as kept:
            shutil.copyfileobj(content, kept)


def load(dump: Path) -> None:
    where, environment = connection()
    script = subprocess.Popen(
        [program("pg_restore", major()), "--no-owner", "--no-privileges", "--no-comments", "--file", "-", str(dump)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    done = subprocess.run(
        [
            *(program("psql"), *where, "--no-psqlrc", "--quiet", "--single-transaction", "--output", os.devnull),
            *("--set", "ON_ERROR_STOP=1", "--command", "DROP SCHEMA IF EXISTS public CASCADE"),
            *("--command", "CREATE SCHEMA public", "--file", "-"),
        ],
        env=environment, stdin=script.stdout, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert script.stdout is not None
    assert script.stderr is not None
    script.stdout.close()
    said = script.stderr.read().decode()
    if script.wait() or done.returncode:
        raise ServicesError(f"the database was not restored and is as it was: {said}{done.stderr}")


def put_papers(media: Path) -> None:
    """Papers of the back-up in their places. Those that are there and not in it stay: no row points at them."""
    if media.is_dir():
        shutil.copytree(media, HOME / MEDIA, dirs_exist_ok=True)


# --- commands --------------------------------------------------------------------------------------------


def follow_up() -> None:
    """What a database from another day needs: today's tables, an empty queue and cache, statistics, a check."""
    manage("migrate", "--noinput", "--verbosity", "0")
    manage("after_restore")


def manage(*arguments: str) -> None:
    done = subprocess.run([sys.executable, str(ROOT / "manage.py"), *arguments], stdout=sys.stderr)
    if done.returncode:
        raise ServicesError(f"restored, but `manage.py {arguments[0]}` found something wrong (above)")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/backup, bin/restore")
    parser.add_argument("what", choices=["backup", "restore"])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="restore over a database that is not empty")
    arguments = parser.parse_args()
    try:
        if arguments.what == "backup":
            manifest = backup(arguments.file)
        else:
            manifest = restore(arguments.file, replace=arguments.replace)
            follow_up()
    except ServicesError as failure:
        tell(f"bin/{arguments.what}: {failure}")
        return 1
    print(json.dumps(manifest, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
