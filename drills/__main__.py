"""``python -m drills [NAME…]``, called by bin/drill with private services in the environment.

A drill is a file ``drills/NAME.py`` with ``def run(say) -> str``: it does something long and rough (kills, years,
restore, every page), says what it sees, and returns its verdict in a sentence; an AssertionError or any other
exception is the verdict "failed". What it said is kept in docs/drills/NAME.txt.
"""

import datetime
import importlib
import os
import sys
import time
import traceback
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def names() -> list[str]:
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def _fresh_database() -> None:
    # The drill before may have put a demo in place, and that ends every connection to the database.
    connection.close()
    # Not `flush`: that would also take away the rows that migrations put there.
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0, interactive=False)


def drill(name: str) -> bool:
    """Run one on an empty database and keep what it said. Returns whether it passed."""
    lines: list[str] = []

    def say(text: str) -> None:
        lines.append(text)
        print(text, flush=True)

    began = time.monotonic()
    say(f"drill {name}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {len(os.sched_getaffinity(0))} cores")
    try:
        verdict, passed = f"passed: {importlib.import_module(f'drills.{name}').run(say)}", True
    except Exception as error:
        say(traceback.format_exc())
        verdict, passed = f"FAILED: {error}", False
    say(f"{verdict} ({time.monotonic() - began:.0f} s)")
    folder = ROOT / "docs" / "drills"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text("\n".join(lines).replace(str(ROOT) + "/", "") + "\n")
    return passed


def main() -> int:
    wanted = sys.argv[1:] or names()
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        sys.exit(f"bin/drill: no such drill: {', '.join(unknown)}; there are: {', '.join(names()) or 'none yet'}")
    django.setup()
    passed = True
    for name in wanted:
        _fresh_database()
        passed = drill(name) and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
