"""The proof of a night: the ledger recounted in SQL, independent of how it was written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from licenses import rules
from licenses.models import RollOverRun

CHANGED = (rules.RENEWED_FREE, rules.RENEWED_PAID, rules.STOPPED, rules.LAPSED)
# Acts may go on while the night runs; an event of theirs that was not committed yet when the totals
# before were taken has a number not further back than this.
SLACK = 100_000
# From so many changes on it is quicker to read whole tables once than to look up each licence.
MANY = 5_000

MARK_SQL = "SELECT coalesce(max(id), 0) - %s FROM licenses_licenseevent"
# One statement, so one snapshot: terms and events of an act are seen both or not at all. A licence
# taken over has one open end, however many of its terms came along. Each count is read from an index.
TOTALS_SQL = """
SELECT (SELECT count(*) FROM licenses_license) AS licenses,
  (SELECT count(*) FROM licenses_licenseterm) AS terms,
  (SELECT count(*) FROM licenses_licenseterm WHERE closing = '') AS going_on,
  (SELECT count(DISTINCT license_id) FROM licenses_licenseterm WHERE closing = '' AND ends_on < %s) AS due,
  count(*) FILTER (WHERE kind IN ('term_opened', 'term_taken_over', 'renewed_free', 'renewed_paid')) AS opened,
  count(*) FILTER (WHERE kind = 'term_opened')
    + count(DISTINCT license_id) FILTER (WHERE kind = 'term_taken_over') AS begun,
  count(*) FILTER (WHERE kind IN ('stopped', 'lapsed')) AS ended
FROM licenses_licenseevent WHERE id > %s
"""
LAST_CHANGES_SQL = """
SELECT kind, count(*) FROM (
  SELECT DISTINCT ON (license_id) license_id, kind FROM licenses_licenseevent
  WHERE run_id = %s ORDER BY license_id, effective_on DESC, id DESC) last
GROUP BY kind
"""
OPENED_SQL = """
SELECT count(*) FROM licenses_licenseevent WHERE run_id = %s AND kind IN ('renewed_free', 'renewed_paid')
"""
ENDS_SQL = """
SELECT count(*) FROM licenses_licenseevent e
JOIN licenses_licenseterm t ON t.id = e.term_id
WHERE e.run_id = ANY(%s) AND e.kind IN ('stopped', 'lapsed')
  AND (t.closing <> e.kind OR t.ends_on <> e.effective_on - 1)
"""
# All terms of the runs' licences beside the one before each.
PAIRS_SQL = """
WITH events AS MATERIALIZED (
  SELECT license_id, CASE WHEN kind LIKE 'renewed%%' THEN term_id END AS opened FROM licenses_licenseevent
  WHERE run_id = ANY(%s) AND kind IN ('renewed_free', 'renewed_paid', 'stopped', 'lapsed'))
SELECT count(*) FILTER (WHERE opened AND (ended IS DISTINCT FROM starts_on - 1 OR closed <> 'renewed')),
  count(*) FILTER (WHERE starts_on <= ended)
FROM (
  SELECT t.starts_on, t.id IN (SELECT opened FROM events WHERE opened IS NOT NULL) AS opened,
    lag(t.ends_on) OVER pair AS ended, lag(t.closing) OVER pair AS closed
  FROM licenses_licenseterm t WHERE t.license_id IN (SELECT license_id FROM events)
  WINDOW pair AS (PARTITION BY t.license_id ORDER BY t.starts_on)) pairs
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole ledger at one moment: licences, terms, terms whose end is not recorded (`going_on`) and of
    those the ones due. The last three count events after `mark`, for the sum between two moments."""

    licenses: int
    terms: int
    going_on: int
    due: int
    opened: int
    begun: int
    ended: int
    mark: int

    def as_dict(self) -> dict[str, int]:
        """What is kept with the run."""
        kept = asdict(self)
        return {name: kept[name] for name in ("licenses", "terms", "going_on", "due")}


def totals(on: date, mark: int | None = None) -> Totals:
    """The totals as they are now; `mark` is that of the totals before, when these are the ones after."""
    if mark is None:
        mark = _number(MARK_SQL, SLACK)
    with connection.cursor() as cursor:
        cursor.execute(TOTALS_SQL, [on, mark])
        names = [column.name for column in cursor.description]
        return Totals(**dict(zip(names, cursor.fetchone(), strict=True)), mark=mark)


def run_prove(
    counted: dict[str, Any],
    *,
    run: RollOverRun | None = None,
    before: Totals | None = None,
    after: Totals | None = None,
    dead: Sequence[int] = (),
    unexpected: int = 0,
) -> str:
    """`ok`, or what is wrong: due = the sum of the five counts; the totals before and after differ by
    what the events say; every change has its event; no gap before a renewed term; no overlap; every
    recorded end stands in its term; nothing left due but what is set aside.

    `dead` are runs that were killed: what they had committed is held to the same invariants here.
    `unexpected` are licences set aside for a fault of the portal, not of the record.
    """
    wrong = []
    total = sum(counted[kind] for kind in (*CHANGED, "set_aside"))
    if total != counted["due"]:
        wrong.append(f"due {counted['due']} but {total} counted")
    if unexpected:
        wrong.append(f"{unexpected} licences failed for an unexpected reason")
    if before is not None and after is not None:
        wrong += _between(before, after)
    if run is not None and after is not None:
        wrong += _recount(counted, after, run)
        wrong += _invariants([run.pk, *dead], many=bool(dead) or counted["due"] > MANY)
    return "; ".join(wrong) or "ok"


def _between(before: Totals, after: Totals) -> list[str]:
    """The sum check over the whole ledger, whoever wrote in between."""
    opened, begun, ended = after.opened - before.opened, after.begun - before.begun, after.ended - before.ended
    wrong = []
    if after.terms != before.terms + opened:
        wrong.append(f"{before.terms} terms and {opened} opened but {after.terms} after")
    if after.going_on != before.going_on + begun - ended:
        wrong.append(f"{before.going_on} going on, {begun} begun and {ended} ended but {after.going_on} after")
    if after.licenses < before.licenses:
        wrong.append(f"{before.licenses} licences but {after.licenses} after")
    return wrong


def _recount(counted: dict[str, Any], after: Totals, run: RollOverRun) -> list[str]:
    wrong = []
    with connection.cursor() as cursor:
        cursor.execute(LAST_CHANGES_SQL, [run.pk])
        events = dict(cursor.fetchall())
    if after.due != counted["set_aside"]:
        wrong.append(f"{after.due} licences still due, {counted['set_aside']} set aside")
    wrong += [
        f"{counted[kind]} {kind} but {events.get(kind, 0)} events"
        for kind in CHANGED
        if events.get(kind, 0) != counted[kind]
    ]
    opened = _number(OPENED_SQL, run.pk)
    if opened != counted["terms_opened"]:
        wrong.append(f"{counted['terms_opened']} terms opened but {opened} events")
    return wrong


@transaction.atomic
def _invariants(run_ids: list[int], *, many: bool) -> list[str]:
    with connection.cursor() as cursor:
        # The planner has no statistics of events written a moment ago and takes them for a handful.
        cursor.execute("SELECT set_config('enable_nestloop', %s, true)", ["off" if many else "on"])
        cursor.execute(PAIRS_SQL, [run_ids])
        gaps, overlaps = cursor.fetchone()
    found = (
        (gaps, "renewed terms with a gap before them"),
        (_number(ENDS_SQL, run_ids), "ends that do not stand in their term"),
        (overlaps, "overlapping terms"),
    )
    return [f"{count} {what}" for count, what in found if count]


def _number(sql: str, value: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return int(cursor.fetchone()[0])
