"""The proof of a night: the ledger recounted in SQL, independent of how it was written."""

from datetime import date
from typing import Any

from django.db import connection

from licenses import rules
from licenses.models import RollOverRun

CHANGED = (rules.RENEWED_FREE, rules.RENEWED_PAID, rules.STOPPED, rules.LAPSED)

STILL_DUE_SQL = """
SELECT count(DISTINCT license_id) FROM licenses_licenseterm WHERE closing = '' AND ends_on < %s
"""
LAST_CHANGES_SQL = """
SELECT kind, count(*) FROM (
  SELECT DISTINCT ON (license_id) license_id, kind FROM licenses_licenseevent
  WHERE run_id = %s ORDER BY license_id, effective_on DESC, id DESC) last
GROUP BY kind
"""
TERMS_SQL = """
SELECT count(*), count(*) FILTER (WHERE p.id IS NULL)
FROM licenses_licenseevent e
JOIN licenses_licenseterm t ON t.id = e.term_id
LEFT JOIN licenses_licenseterm p ON p.license_id = t.license_id AND p.ends_on = t.starts_on - 1
  AND p.closing = 'renewed'
WHERE e.run_id = %s AND e.kind IN ('renewed_free', 'renewed_paid')
"""
OVERLAP_SQL = """
SELECT count(*) FROM (
  SELECT t.starts_on, lag(t.ends_on) OVER (PARTITION BY t.license_id ORDER BY t.starts_on) AS before
  FROM licenses_licenseterm t
  WHERE t.license_id IN (SELECT license_id FROM licenses_licenseevent WHERE run_id = %s)) pairs
WHERE starts_on <= before
"""


def run_prove(counted: dict[str, Any], *, on: date, run: RollOverRun | None) -> str:
    """`ok`, or what is wrong: due = the sum of the five counts; every change has its event; no
    gap before a renewed term; no overlap; nothing left due but what is set aside."""
    wrong = []
    total = sum(counted[kind] for kind in (*CHANGED, "set_aside"))
    if total != counted["due"]:
        wrong.append(f"due {counted['due']} but {total} counted")
    if run is not None:
        wrong += _recount(counted, on, run)
    return "; ".join(wrong) or "ok"


def _recount(counted: dict[str, Any], on: date, run: RollOverRun) -> list[str]:
    wrong = []
    with connection.cursor() as cursor:
        cursor.execute(STILL_DUE_SQL, [on])
        left = cursor.fetchone()[0]
        cursor.execute(LAST_CHANGES_SQL, [run.pk])
        events = dict(cursor.fetchall())
        cursor.execute(TERMS_SQL, [run.pk])
        opened, gaps = cursor.fetchone()
        cursor.execute(OVERLAP_SQL, [run.pk])
        overlaps = cursor.fetchone()[0]
    if left != counted["set_aside"]:
        wrong.append(f"{left} licences still due, {counted['set_aside']} set aside")
    wrong += [
        f"{counted[kind]} {kind} but {events.get(kind, 0)} events"
        for kind in CHANGED
        if events.get(kind, 0) != counted[kind]
    ]
    if opened != counted["terms_opened"]:
        wrong.append(f"{counted['terms_opened']} terms opened but {opened} events")
    if gaps:
        wrong.append(f"{gaps} renewed terms with a gap before them")
    if overlaps:
        wrong.append(f"{overlaps} overlapping terms")
    return wrong
