"""SIGKILL at twenty points of a roll-over; each time the next run ends with the ledger of an undisturbed one."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from typing import Any

import psycopg2

from drills import _night as tools

LICENCES = 40_000
ON = date(2026, 7, 1)
AT_A_TIME = 2

# What the killed process's own session is doing, and what it has committed.
DOING = """
SELECT (SELECT count(*) FROM licenses_licenseevent WHERE run_id IS NOT NULL),
  coalesce((SELECT CASE WHEN state = 'active' THEN '' ELSE 'between statements, after ' END
      || (regexp_match(query, '^\\s*(?:WITH opened AS \\(\\s*)?(\\w+(?: \\w+)?)'))[1]
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend' ORDER BY backend_start LIMIT 1), 'not connected')
"""


class Watch:
    """A session that looks on while the roll-over runs."""

    def __init__(self, name: str) -> None:
        self.link = psycopg2.connect(tools.address(name))
        self.link.autocommit = True

    def close(self) -> None:
        self.link.close()

    def look(self) -> tuple[int, str]:
        with self.link.cursor() as cursor:
            cursor.execute(DOING)
            committed, doing = cursor.fetchone()
            return committed, doing


def points(changes: int) -> list[tuple[str, int | None]]:
    """Twenty: what it is, and how many rows are to be committed before; None for a process that starts."""
    # Not the last chunk: a look and a random moment later it would be committed.
    steps = [changes * k // 19 for k in range(1, 17)]
    first: list[tuple[str, int | None]] = [("while it starts", None), ("before its first commit", 0)]
    return [
        *first,
        *(("while it writes", step) for step in steps),
        ("at its last commit", changes),
        ("in its proof", changes),
    ]


def kill_at(watch: Watch, process: Any, wanted: int | None, chance: random.Random) -> tuple[int, str]:
    """Wait for the point, a random moment more, and kill; what was committed and what it was doing."""
    if wanted is None:
        time.sleep(chance.uniform(0.2, 1.0))
    else:
        while process.poll() is None:
            committed, doing = watch.look()
            if doing != "not connected" and (committed >= wanted > 0 or (wanted == 0 and "UPDATE" in doing)):
                break
        time.sleep(chance.uniform(0, 0.1) if wanted else 0)
    _committed, doing = watch.look()
    process.kill()
    process.communicate()
    # The server ends the dead one's session at its next word to it.
    tools.until(lambda: watch.look()[1] == "not connected", 60, "the dead one's session has ended")
    return watch.look()[0], doing


def run(say: Callable[[str], None]) -> str:
    due = tools.seed(LICENCES, first=ON, nights=1)
    with tools.copy("undisturbed") as name:
        answer = tools.night(name, ON)
        assert answer["due"] == due
        wanted = tools.ledger(name)
        [[changes]] = tools.ask(name, "SELECT count(*) FROM licenses_licenseevent WHERE run_id IS NOT NULL")
        say(
            f"undisturbed: {due:,} due of {LICENCES:,}, {changes:,} changes in {answer['seconds']:.1f} s; {tools.told(wanted)}"
        )
        say(tools.verify(name))
    inside = 0
    # Several points at a time, each on a copy of its own; told in their order.
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for text, within in pool.map(lambda one: _point(*one, changes, wanted), enumerate(points(changes), 1)):
            say(text)
            inside += within
    assert inside >= 15, f"only {inside} of the points lay inside the writing"
    return f"20 kills, {inside} of them inside the writing, each ended with the ledger of the undisturbed run"


def _point(
    number: int, point: tuple[str, int | None], changes: int, wanted: dict[str, tuple[int, str]]
) -> tuple[str, bool]:
    """One kill and the run after it; what to tell, and whether the kill lay inside the writing."""
    what, rows = point
    chance = random.Random(number)
    with tools.copy(f"killed{number}") as name, closing(Watch(name)) as watch:
        process = tools.command(name, "roll_over", "--on", ON.isoformat(), "--json")
        committed, doing = kill_at(watch, process, rows, chance)
        within = 0 < committed < changes or (committed == 0 and "UPDATE" in doing)
        again = tools.night(name, ON)
        tools.agree(name, wanted)
        if number % 5 == 0:
            tools.verify(name)
    where = "inside the writing" if within else "outside it"
    return (
        f"{number:2}. killed {what}: {committed:,} of {changes:,} rows committed, session: {doing}; {where}; "
        f"the next run did {again['due']:,} and proved itself; the ledger is the same"
    ), within
