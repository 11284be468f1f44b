"""The nightly roll-over: renewals, stops and lapses, decided by `rules.plan`, written in bulk.

Claims are by condition, in chunks of one transaction each: killed at any point, the next run
does what is left and proves what the dead one had committed; running it again finds nothing due.
One run at a time (an advisory lock); a second one waits and then finds nothing to do.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter, sleep
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errors import DeadlockDetected

from careplan_portal.lib.acting import Acting
from licenses import rules
from licenses.models import RollOverRun, SetAside
from licenses.queries import Loaded, load_facts, policy
from licenses.queries.nights import ONE_RUN_AT_A_TIME
from licenses.rules import BadRecord, Policy
from licenses.services.proof import Totals, run_prove, totals
from licenses.services.recording import Turned, changes_record

log = structlog.get_logger(__name__)

CHUNK = 2000
# How often a chunk is tried when PostgreSQL ends it to untie a knot of locks with somebody's act.
TRIES = 5
PAUSE_SECONDS = 0.2

DUE_SQL = """
SELECT DISTINCT license_id FROM licenses_licenseterm
WHERE closing = '' AND ends_on < %s ORDER BY license_id
"""
LOCK_SQL = "SELECT id FROM licenses_license WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
RESOLVED_SQL = """
UPDATE licenses_setaside SET resolved_on = %s WHERE resolved_on IS NULL AND license_id = ANY(%s::bigint[])
"""
# Repaired and brought up to date by an act, or repaired so that nothing is due any more. On a clock that
# was set back the day it was set aside counts.
MENDED_SQL = """
UPDATE licenses_setaside s SET resolved_on = %s WHERE resolved_on IS NULL AND NOT EXISTS (
  SELECT FROM licenses_licenseterm t
  WHERE t.license_id = s.license_id AND t.closing = '' AND t.ends_on < greatest(s.since, %s))
"""
UNEXPECTED = "unexpected"

COUNTED = (rules.RENEWED_FREE, rules.RENEWED_PAID, rules.STOPPED, rules.LAPSED, "set_aside")


@dataclass
class RollOver:
    """What one run did: counts of licences by their last change, and of terms opened."""

    on: date
    due: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    terms_opened: int = 0
    unexpected: int = 0
    proof: str = ""
    seconds: float = 0.0

    def add(self, chunk: "RollOver") -> None:
        """Count a chunk that is committed."""
        self.due += chunk.due
        self.counts += chunk.counts
        self.terms_opened += chunk.terms_opened
        self.unexpected += chunk.unexpected

    def as_dict(self) -> dict[str, Any]:
        """The shape that CONTRACT.md gives."""
        return {
            "on": self.on.isoformat(),
            "due": self.due,
            **{kind: self.counts[kind] for kind in COUNTED},
            "terms_opened": self.terms_opened,
            "proof": self.proof,
            "seconds": round(self.seconds, 3),
        }


def roll_over(
    *,
    on: date,
    acting: Acting,
    dry_run: bool = False,
    after_chunk: Callable[[RollOver], None] | None = None,
) -> RollOver:
    """Bring every licence whose last term ended before `on` up to `on` (R9, R10, R15).

    With `dry_run` the same decisions are counted and nothing is written. `after_chunk` is called
    after each committed chunk.
    """
    started = perf_counter()
    result = RollOver(on)
    with _one_at_a_time():
        run = None if dry_run else _begin(on, acting)
        before = totals(on)
        for ids in _chunks(_due(on)):
            _safely(ids, policy(), result, acting, run)
            if after_chunk is not None:
                after_chunk(result)
        if run is None:
            result.proof = run_prove(result.as_dict(), unexpected=result.unexpected)
        else:
            _finish(run, result, before, started)
        result.seconds = perf_counter() - started
    return result


def _begin(on: date, acting: Acting) -> RollOverRun:
    return RollOverRun.objects.create(on=on, actor_id=acting.user_id, acting_as=acting.role, reason=acting.reason)


def _finish(run: RollOverRun, result: RollOver, before: Totals, started: float) -> None:
    """Count again, prove, keep. The lock is held, so a run without an end is dead: it is proved with this one."""
    dead = list(
        RollOverRun.objects.filter(finished_at=None, proof="")
        .exclude(pk=run.pk)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(MENDED_SQL, [result.on, result.on])
    after = totals(result.on, before.mark)
    result.proof = run_prove(
        result.as_dict(), run=run, before=before, after=after, dead=dead, unexpected=result.unexpected
    )
    result.seconds = perf_counter() - started
    kept = {"before": before.as_dict(), "after": after.as_dict()}
    run.finished_at, run.counts, run.proof = timezone.now(), result.as_dict() | kept, result.proof
    with transaction.atomic():
        run.save(update_fields=["finished_at", "counts", "proof"])
        if result.proof == "ok":
            RollOverRun.objects.filter(pk__in=dead).update(proof=f"died; what it wrote is proved by run {run.pk}")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_RUN_AT_A_TIME])
        try:
            yield
        finally:
            if connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_RUN_AT_A_TIME])


def _due(on: date) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(DUE_SQL, [on])
        return [license_id for (license_id,) in cursor.fetchall()]


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _safely(ids: Sequence[int], fees: Policy, result: RollOver, acting: Acting, run: RollOverRun | None) -> None:
    """A chunk; and when it fails, its licences one by one, so that the bad one costs only itself.

    Only what would meet the next licence too ends the run: a database that is away, no time, no memory.
    """
    try:
        result.add(_untied(ids, fees, result.on, acting, run))
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded, MemoryError):
        raise
    except Exception as error:
        log.exception("roll_over_chunk_failed", on=result.on.isoformat(), first=ids[0], licences=len(ids))
        if len(ids) == 1:
            result.add(_failed(ids[0], error, result.on, run))
            return
        for one in ids:
            _safely([one], fees, result, acting, run)


def _untied(ids: Sequence[int], fees: Policy, on: date, acting: Acting, run: RollOverRun | None) -> "RollOver":
    """A chunk, again when it was the one that a deadlock ended."""
    for attempt in range(1, TRIES + 1):
        try:
            return _chunk(ids, fees, on, acting, run)
        except OperationalError as error:
            if attempt == TRIES or not isinstance(error.__cause__, DeadlockDetected):
                raise
            log.warning("roll_over_deadlock", on=on.isoformat(), first=ids[0], attempt=attempt)
            # Whoever it was about goes first: at once, the night could take the row again before they wake.
            sleep(PAUSE_SECONDS * attempt)
    raise AssertionError("not reached")


def _failed(license_id: int, error: Exception, on: date, run: RollOverRun | None) -> RollOver:
    """A licence whose change could not be decided or written: set aside with what is known."""
    refused = isinstance(error, DatabaseError)
    code = "write_refused" if refused else UNEXPECTED
    what = "記録" if refused else "判定"
    text = f"{what}できませんでした（{type(error).__name__}）。運営に確認してください。"
    if run is not None:
        with transaction.atomic():
            _set_aside([], [(license_id, BadRecord(code, text))], on)
    return RollOver(on, due=1, counts=Counter({"set_aside": 1}), unexpected=int(not refused))


@transaction.atomic
def _chunk(ids: Sequence[int], fees: Policy, on: date, acting: Acting, run: RollOverRun | None) -> RollOver:
    """Lock, look again under the lock (an act may have come first), decide, write."""
    done = RollOver(on)
    with connection.cursor() as cursor:
        # Not waited for: the run's own last commit is, and it makes all earlier ones durable. What a crash
        # of the server loses before that is due as it was.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(LOCK_SQL, [list(ids)])
    turned: list[Turned] = []
    bad: list[tuple[int, BadRecord]] = []
    for members in _alike(load_facts(ids)):
        _decide(members, fees, done, turned, bad)
    if run is None:
        done.terms_opened += sum(len(one.members) for one in turned for change in one.changes if change.opens)
        return done
    if turned:
        done.terms_opened += changes_record(turned, today=on, acting=acting, run_id=run.pk)
    _set_aside(turned, bad, on)
    return done


def _alike(loaded: Sequence[Loaded]) -> Iterable[list[Loaded]]:
    """Licences of the same facts are one decision."""
    groups: dict[int, list[Loaded]] = defaultdict(list)
    for one in loaded:
        groups[id(one.facts)].append(one)
    return groups.values()


def _decide(
    members: list[Loaded],
    fees: Policy,
    result: RollOver,
    turned: list[Turned],
    bad: list[tuple[int, BadRecord]],
) -> None:
    facts = members[0].facts
    if not rules.is_due(facts, result.on):
        return
    result.due += len(members)
    try:
        changes, _ = rules.catch_up(facts, fees, result.on)
    except BadRecord as problem:
        bad += [(one.license_id, problem) for one in members]
        result.counts["set_aside"] += len(members)
        return
    turned.append(Turned(members, changes))
    result.counts[changes[-1].kind] += len(members)


def _set_aside(turned: Sequence[Turned], bad: Sequence[tuple[int, BadRecord]], on: date) -> None:
    """List the bad ones, once each; a record that is bad for another reason by now says the new one."""
    with connection.cursor() as cursor:
        cursor.execute(RESOLVED_SQL, [on, [member.license_id for one in turned for member in one.members]])
    if not bad:
        return
    open_rows = SetAside.objects.filter(resolved_on=None, license_id__in=[license_id for license_id, _ in bad])
    known = {row.license_id: row for row in open_rows}
    rows = [
        (known.get(license_id) or SetAside(license_id=license_id, since=on), problem) for license_id, problem in bad
    ]
    for row, problem in rows:
        row.code, row.text = problem.code, problem.text[:200]
    SetAside.objects.bulk_create(row for row, _ in rows if row.pk is None)
    SetAside.objects.bulk_update([row for row, _ in rows if row.pk is not None], ["code", "text"])
