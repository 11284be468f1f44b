"""Back-up in the middle of a roll-over, everything lost, restore, go on: the same ledger, and every guard still there."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import psycopg2

from drills import _night as tools

LICENCES = 20_000
ON = date(2026, 7, 1)
# What only the database holds: an append-only table, an overlap, a second Free Pass, a second open end.
FORBIDDEN = {
    "an event cannot be changed": "UPDATE licenses_licenseevent SET reason = 'x' WHERE id = (SELECT min(id) FROM licenses_licenseevent)",
    "an event cannot be deleted": "DELETE FROM licenses_licenseevent WHERE id = (SELECT min(id) FROM licenses_licenseevent)",
    "terms cannot overlap": "INSERT INTO licenses_licenseterm (license_id, starts_on, ends_on, pricing, fee_yen, origin, closing,"
    " closing_reason, recorded_on) SELECT license_id, starts_on + 1, ends_on + 1, 'paid', 21000, 'first', 'lapsed', '', starts_on"
    " FROM licenses_licenseterm LIMIT 1",
    "a licence has one open end": "UPDATE licenses_licenseterm SET closing = '' WHERE closing = 'renewed'",
}


def _tool(database: str, name: str, *words: str) -> str:
    """bin/backup or bin/restore on a database; what it told."""
    done = subprocess.run(
        [tools.ROOT / "bin" / name, *words],
        env=tools.environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{name}: {done.stderr[-1000:]}"
    return done.stdout + done.stderr


def _forbidden(name: str) -> list[str]:
    held = []
    for what, sql in FORBIDDEN.items():
        with suppress(psycopg2.Error):
            tools.ask(name, sql)
            raise AssertionError(f"after the restore it is not true that {what}")
        held.append(what)
    return held


def run(say: Callable[[str], None]) -> str:
    tools.seed(LICENCES, first=ON, nights=1)
    with tools.copy("undisturbed") as name:
        tools.night(name, ON)
        wanted = tools.ledger(name)
        say(f"undisturbed: {tools.told(wanted)}")
    folder = Path(tempfile.mkdtemp(prefix="careplan-restore.", dir=os.environ["PORTAL_HOME"]))
    dump = folder / "portal.tar"
    try:
        with tools.copy("lost") as name:
            process = tools.command(name, "roll_over", "--on", ON.isoformat(), "--json")
            count = "SELECT count(*) FROM licenses_licenseevent WHERE run_id IS NOT NULL"
            tools.until(lambda: tools.ask(name, count)[0][0], 120, "something is committed")
            _tool(name, "backup", str(dump))
            tools.done(process)
        say(
            f"bin/backup while a roll-over was writing ({dump.stat().st_size / 1e6:.1f} MB), then the database was dropped"
        )
        tools.ask("postgres", "CREATE DATABASE restored")
        _tool("restored", "restore", str(dump))
        [[committed]] = tools.ask("restored", count)
        say(f"bin/restore: {committed:,} of the night's rows are in it, the rest was lost with the database")
        again = tools.night("restored", ON)
        tools.agree("restored", wanted)
        say(
            f"the next run did {again['due']:,}, proved itself and what the lost one had written; the ledger is the same"
        )
        say(tools.verify("restored"))
        say(f"the guards came along: {'; '.join(_forbidden('restored'))}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(psycopg2.Error):
            tools.ask("postgres", "DROP DATABASE IF EXISTS restored WITH (FORCE)")
    return "backed up in the middle of a night, restored, gone on: the same ledger, and verify_ledger finds nothing"
