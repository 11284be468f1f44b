"""The nightly roll-over: renewals, stops and lapses, decided by `rules.plan`, written in bulk.

Claims are by condition, in chunks of one transaction each: killed at any point, the next run
does what is left, and running it again finds nothing due. One run at a time (an advisory lock);
a second one waits and then finds nothing to do.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from careplan_portal.lib.acting import Acting
from licenses import rules
from licenses.models import RollOverRun, SetAside
from licenses.queries import Loaded, load_facts, policy
from licenses.queries.nights import ONE_RUN_AT_A_TIME
from licenses.rules import BadRecord, Policy
from licenses.services.proof import run_prove
from licenses.services.recording import Turned, changes_record

CHUNK = 2000

DUE_SQL = """
SELECT DISTINCT license_id FROM licenses_licenseterm
WHERE closing = '' AND ends_on < %s ORDER BY license_id
"""
LOCK_SQL = "SELECT id FROM licenses_license WHERE id = ANY(%s) ORDER BY id FOR UPDATE"

COUNTED = (rules.RENEWED_FREE, rules.RENEWED_PAID, rules.STOPPED, rules.LAPSED, "set_aside")


@dataclass
class RollOver:
    """What one run did: counts of licences by their last change, and of terms opened."""

    on: date
    due: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    terms_opened: int = 0
    proof: str = ""
    seconds: float = 0.0

    def add(self, chunk: "RollOver") -> None:
        """Count a chunk that is committed."""
        self.due += chunk.due
        self.counts += chunk.counts
        self.terms_opened += chunk.terms_opened

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
        for ids in _chunks(_due(on)):
            _safely(ids, policy(), result, acting, run)
            if after_chunk is not None:
                after_chunk(result)
        result.proof = run_prove(result.as_dict(), on=on, run=run)
        result.seconds = perf_counter() - started
        if run is not None:
            run.finished_at, run.counts, run.proof = timezone.now(), result.as_dict(), result.proof
            run.save(update_fields=["finished_at", "counts", "proof"])
    return result


def _begin(on: date, acting: Acting) -> RollOverRun:
    return RollOverRun.objects.create(on=on, actor_id=acting.user_id, acting_as=acting.role, reason=acting.reason)


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
    """A chunk; and when the database refuses it, its licences one by one, so that the bad one
    costs only itself."""
    try:
        result.add(_chunk(ids, fees, result.on, acting, run))
    except (IntegrityError, DataError) as refused:
        if len(ids) == 1 and run is not None:
            result.add(_refused(ids[0], refused, result.on))
            return
        for one in ids:
            _safely([one], fees, result, acting, run)


@transaction.atomic
def _refused(license_id: int, refused: Exception, on: date) -> RollOver:
    text = f"記録できませんでした（{type(refused).__name__}）。運営に確認してください。"
    (loaded,) = load_facts([license_id])
    _set_aside([], [(loaded, BadRecord("write_refused", text))], on)
    return RollOver(on, due=1, counts=Counter({"set_aside": 1}))


@transaction.atomic
def _chunk(ids: Sequence[int], fees: Policy, on: date, acting: Acting, run: RollOverRun | None) -> RollOver:
    """Lock, look again under the lock (an act may have come first), decide, write."""
    done = RollOver(on)
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SQL, [list(ids)])
    turned: list[Turned] = []
    bad: list[tuple[Loaded, BadRecord]] = []
    for loaded in load_facts(ids):
        _decide(loaded, fees, done, turned, bad)
    if run is None:
        done.terms_opened += sum(1 for one in turned for change in one.changes if change.opens)
        return done
    if turned:
        done.terms_opened += changes_record(turned, today=on, acting=acting, run_id=run.pk)
    _set_aside(turned, bad, on)
    return done


def _decide(
    loaded: Loaded,
    fees: Policy,
    result: RollOver,
    turned: list[Turned],
    bad: list[tuple[Loaded, BadRecord]],
) -> None:
    if not rules.is_due(loaded.facts, result.on):
        return
    result.due += 1
    try:
        changes, _ = rules.catch_up(loaded.facts, fees, result.on)
    except BadRecord as problem:
        bad.append((loaded, problem))
        result.counts["set_aside"] += 1
        return
    turned.append(Turned(loaded, changes))
    result.counts[changes[-1].kind] += 1


def _set_aside(turned: Sequence[Turned], bad: Sequence[tuple[Loaded, BadRecord]], on: date) -> None:
    open_rows = SetAside.objects.filter(resolved_on=None)
    open_rows.filter(license_id__in=[one.loaded.license_id for one in turned]).update(resolved_on=on)
    known = set(
        open_rows.filter(license_id__in=[loaded.license_id for loaded, _ in bad]).values_list("license_id", flat=True)
    )
    SetAside.objects.bulk_create(
        SetAside(license_id=loaded.license_id, code=problem.code, text=problem.text, since=on)
        for loaded, problem in bad
        if loaded.license_id not in known
    )
