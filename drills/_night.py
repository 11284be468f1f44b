"""What the drills of the night share: a ledger with every kind of end in it, copies of it, the real commands."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent

# One in twenty each, by the number of the licence: renewed by itself (0-8, 17 after a free year, 18 two years
# late), lapsed (9, 10), stopped (11, 12), reserved free (13), renewal filed (14), stopped with a reservation that
# is released (15), closed (16), not due yet (19).
SEED = """
INSERT INTO offices_office (business_number, name, kana, postal_code, address, building, phone,
  phone_digits, fax, url, corporation_name, scope, search_key, unlisted, closed_on)
SELECT '317' || lpad(n::text, 7, '0'), '事業所' || n, '', '', '', '', '', '', '', '', '', 'yes', '', false,
  CASE WHEN n %% 20 = 16 THEN %(first)s::date - 100 END
FROM generate_series(1, %(licences)s) n;
INSERT INTO licenses_license (office_id, first_licensed_on, renewal_mode, created_at)
SELECT id, %(first)s::date - 900, CASE WHEN id %% 20 IN (9, 10, 13, 14) THEN 'manual' ELSE 'auto' END, now()
FROM (SELECT id, row_number() OVER (ORDER BY id) FROM offices_office) o(id, n);
CREATE TEMP TABLE seed AS SELECT l.id AS license_id, n, n %% 20 AS kind,
  %(first)s::date + (n / 20 %% %(nights)s)::int AS renewal_on
FROM (SELECT l.id, row_number() OVER (ORDER BY l.id) AS n FROM licenses_license l) l;
UPDATE licenses_license l SET renewal_mode = CASE WHEN kind IN (9, 10, 13, 14) THEN 'manual' ELSE 'auto' END
FROM seed s WHERE s.license_id = l.id;
UPDATE offices_office o SET closed_on = CASE WHEN kind = 16 THEN %(first)s::date - 100 END
FROM licenses_license l JOIN seed s ON s.license_id = l.id WHERE l.office_id = o.id;
INSERT INTO licenses_licenseterm (license_id, starts_on, ends_on, pricing, fee_yen, origin, closing,
  closing_reason, recorded_on, stop_requested_on)
SELECT license_id, starts_on, (starts_on + interval '1 year')::date - 1, CASE kind WHEN 17 THEN 'free_pass' ELSE 'paid' END,
  CASE kind WHEN 17 THEN 0 ELSE 21000 END, 'first', '', '', starts_on,
  CASE WHEN kind IN (11, 12, 15) THEN starts_on + 30 END
FROM (SELECT *, (renewal_on - interval '1 year' * CASE kind WHEN 18 THEN 2 ELSE 1 END
  + interval '1 day' * CASE kind WHEN 19 THEN 200 ELSE 0 END)::date AS starts_on FROM seed) s;
INSERT INTO licenses_licensereservation (license_id, kind, renewal_on, filed_on, can_withdraw, state)
SELECT s.license_id, CASE kind WHEN 14 THEN 'paid' ELSE 'free_pass' END, t.ends_on + 1, t.ends_on - 9, true, 'open'
FROM seed s JOIN licenses_licenseterm t ON t.license_id = s.license_id WHERE kind IN (13, 14, 15);
INSERT INTO licenses_licenseevent (license_id, term_id, kind, effective_on, recorded_on, acting_as, reason, data)
SELECT t.license_id, t.id, e.kind, e.day, e.day, 'member', '', e.data
FROM licenses_licenseterm t
LEFT JOIN licenses_licensereservation r ON r.license_id = t.license_id
CROSS JOIN LATERAL (VALUES
  ('term_opened', t.starts_on, jsonb_build_object('starts_on', t.starts_on, 'ends_on', t.ends_on, 'pricing', t.pricing,
    'fee_yen', t.fee_yen)),
  ('stop_filed', t.stop_requested_on, '{}'), ('reserved', r.filed_on, '{}')) e(kind, day, data)
WHERE e.day IS NOT NULL;
DROP TABLE seed;
"""

# The ledger told without row ids, moments and runs; what an act or a night recorded when only where it is asked.
LEDGER = {
    "terms": """SELECT o.business_number, t.starts_on, t.ends_on, t.pricing, t.fee_yen, t.origin, t.stop_requested_on,
      t.closing, t.closing_reason, CASE WHEN %(days)s THEN t.recorded_on END
      FROM licenses_licenseterm t JOIN licenses_license l ON l.id = t.license_id JOIN offices_office o ON o.id = l.office_id""",
    "licences": """SELECT o.business_number, l.renewal_mode, l.first_licensed_on
      FROM licenses_license l JOIN offices_office o ON o.id = l.office_id""",
    "reservations": """SELECT o.business_number, r.kind, r.renewal_on, r.filed_on, r.state, r.ended_on
      FROM licenses_licensereservation r JOIN licenses_license l ON l.id = r.license_id
      JOIN offices_office o ON o.id = l.office_id""",
    "events": """SELECT o.business_number, t.starts_on, e.kind, e.effective_on, e.acting_as, e.reason, e.data,
      CASE WHEN %(days)s THEN e.recorded_on END
      FROM licenses_licenseevent e JOIN licenses_license l ON l.id = e.license_id
      JOIN offices_office o ON o.id = l.office_id LEFT JOIN licenses_licenseterm t ON t.id = e.term_id""",
    "set aside": """SELECT o.business_number, s.code, s.resolved_on IS NULL
      FROM licenses_setaside s JOIN licenses_license l ON l.id = s.license_id JOIN offices_office o ON o.id = l.office_id""",
}


def seed(licences: int, *, first: date, nights: int) -> int:
    """Fill the empty database that the drill was given: every end comes in the `nights` days from `first` on.
    Returns how many are due by the last of them."""
    with connection.cursor() as cursor:
        cursor.execute(SEED, {"licences": licences, "first": first, "nights": nights})
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT count(*) FROM licenses_licenseterm WHERE ends_on < %s", [first + timedelta(days=nights - 1)]
        )
        due = int(cursor.fetchone()[0])
    connection.close()
    return due


# databases ---------------------------------------------------------------------------------------


def address(name: str) -> str:
    """The URL of another database on the drill's own server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


SEEDED = urlsplit(os.environ.get("DATABASE_URL", "postgres:///portal")).path.lstrip("/")


def ask(name: str, sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    """One statement on a database, on a connection of its own."""
    link = psycopg2.connect(address(name))
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else []
    finally:
        link.close()


@contextmanager
def copy(name: str, of: str = SEEDED) -> Iterator[str]:
    """A database like another one, dropped afterwards."""
    ask("postgres", f"CREATE DATABASE {name} TEMPLATE {of}")
    try:
        yield name
    finally:
        ask("postgres", f"DROP DATABASE {name} WITH (FORCE)")


def ledger(name: str, *, days: bool = True) -> dict[str, tuple[int, str]]:
    """Each part of the ledger as its number of rows and a digest of what they say."""
    return {
        part: ask(
            name,
            f"SELECT count(*), md5(coalesce(string_agg(r::text, E'\\n' ORDER BY r::text), '')) FROM ({sql}) r",
            {"days": days},
        )[0]
        for part, sql in LEDGER.items()
    }  # type: ignore[return-value]


def told(found: dict[str, tuple[int, str]]) -> str:
    return ", ".join(f"{count:,} {part}" for part, (count, _digest) in found.items() if count)


def agree(name: str, wanted: dict[str, tuple[int, str]], *, days: bool = True) -> None:
    """Raise when a database's ledger is not the one that is wanted."""
    found = ledger(name, days=days)
    wrong = [part for part in wanted if found[part] != wanted[part]]
    assert not wrong, f"the ledger differs in {', '.join(wrong)}: {told(found)} instead of {told(wanted)}"


# processes ---------------------------------------------------------------------------------------


def environment(database: str, **more: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": address(database)} | more


def command(database: str, *words: str, **more: str) -> subprocess.Popen[str]:
    """manage.py on a database, as a process of its own; the project's own checks are bin/check's business."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *words, "--skip-checks"],
        cwd=ROOT, env=environment(database, **more), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def done(process: subprocess.Popen[str], seconds: int = 600) -> dict[str, Any]:
    """What a command said, which must have ended well."""
    output, errors = process.communicate(timeout=seconds)
    assert process.returncode == 0, f"exit status {process.returncode}: {output[-500:]} {errors[-1500:]}"
    answer: dict[str, Any] = json.loads(output)
    return answer


def night(database: str, on: date, **more: str) -> dict[str, Any]:
    """One roll-over of a day, which must prove itself."""
    answer = done(command(database, "roll_over", "--on", on.isoformat(), "--json", **more))
    assert answer["proof"] == "ok", answer["proof"]
    return answer


def verify(database: str) -> str:
    """`verify_ledger`, which must find nothing; what it looked through."""
    answer = done(command(database, "verify_ledger", "--json"))
    assert answer["problems"] == []
    return f"verify_ledger finds nothing in {answer['licenses']:,} licences and {answer['terms']:,} terms"


def until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for a condition, and give what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"after {seconds:.0f} s it is still not true that {what}"
        time.sleep(0.1)
    return found
