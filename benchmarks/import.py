# ruff: noqa: N999 - the name is the one of the contract
"""The whole register of 27 files into empty tables, against ``COPY`` of the very same rows, already
parsed to plain CSV, into bare tables with the same indexes."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from benchmarks.harness import Bench, Outcome, outcome, summarise
from offices.services.importing import ImportResult, offices_import

AS_OF = date(2025, 12, 1)
TABLES = ("offices_corporation", "offices_office", "offices_officeservice")
BARE = {table: f"bare_{table}" for table in TABLES}


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def empty() -> None:
    execute("TRUNCATE offices_office, offices_corporation, offices_importedservice, offices_importrun CASCADE")
    execute(f"TRUNCATE {', '.join(BARE.values())}")
    execute("CHECKPOINT")


def take_over(files: list[Path]) -> ImportResult:
    done = offices_import(files=files, as_of=AS_OF)
    if done.offices_created < 100_000 or done.offices_updated or done.offices_unchanged:
        raise RuntimeError(f"not an import into empty tables: {done.as_json()}")
    return done


def keep_rows(work: Path) -> dict[str, Path]:
    """The rows that ours made, as plain CSV, and the bare tables that wait for them."""
    kept = {}
    with connection.cursor() as cursor:
        for table, bare in BARE.items():
            cursor.execute(f"CREATE TABLE {bare} (LIKE {table} INCLUDING INDEXES)")
            kept[table] = work / f"{table}.csv"
            with kept[table].open("w", encoding="utf-8") as file:
                cursor.copy_expert(f"COPY {table} TO STDOUT (FORMAT csv)", file)
    return kept


def copy(kept: dict[str, Path]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, path in kept.items():
            with path.open(encoding="utf-8") as file:
                cursor.copy_expert(f"COPY {BARE[table]} FROM STDIN (FORMAT csv)", file)


def command(files: list[Path]) -> Iterator[str]:
    yield from (sys.executable, "manage.py", "import_offices", *map(str, files))
    yield from ("--as-of", AS_OF.isoformat(), "--dry-run", "--json")


def measure(bench: Bench) -> Outcome:
    if bench.shared is None:
        raise SystemExit("bin/bench import needs the register in ../shared/data/offices")
    files = sorted((bench.shared / "data" / "offices").glob("jigyosho_*.csv.gz"))
    bench.say(f"{len(files)} files")
    done = take_over(files)
    kept = keep_rows(bench.work)
    ours, floor = bench.turn_about(lambda: take_over(files), lambda: copy(kept), rounds=3, warm_up=0, before=empty)
    empty()
    _, peak, _ = bench.in_a_process(*command(files))
    _, alone, _ = bench.in_a_process(*command([max(files, key=lambda path: path.stat().st_size)]))
    return outcome(
        summarise(
            ours,
            files=len(files),
            rows=done.rows,
            offices=done.offices_created,
            peak_memory_mib=peak,
            largest_file_peak_memory_mib=alone,
            memory_ratio=round(peak / alone, 3),
        ),
        summarise(floor, statement="COPY of the same rows as plain CSV into bare tables with the same indexes"),
    )
