"""What the nights did, told for people: one night is all runs of a business day."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from careplan_portal.lib.dates import days
from licenses import rules
from licenses.models import LicenseTerm, NightAlarm, RollOverRun, SetAside

# How a night stands.
OK, RED, MISSING, RUNNING, WAITING = "ok", "red", "missing", "running", "waiting"

CHANGED = (rules.RENEWED_FREE, rules.RENEWED_PAID, rules.STOPPED, rules.LAPSED)
# Until then the night of a day may still begin (the schedule says ten past midnight).
BEGUN_BY = time(1, 0)
# A run that holds its lock longer than this is no longer called running.
LONGEST_RUN = timedelta(hours=3)
# Any number not used for another advisory lock of this database.
ONE_RUN_AT_A_TIME = 7_310_001

LOCK_HELD_SQL = """
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (classid::bigint << 32 | objid::bigint) = %s)
"""
COMMITTED_SQL = """
SELECT run_id, kind, count(*) FROM (
  SELECT DISTINCT ON (run_id, license_id) run_id, license_id, kind FROM licenses_licenseevent
  WHERE run_id = ANY(%s) ORDER BY run_id, license_id, effective_on DESC, id DESC) last
GROUP BY run_id, kind
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One recount of the proof: `text` says what is wrong with it, empty when it holds."""

    key: str
    label: str
    text: str = ""


# What `run_prove` writes: pattern, the check it belongs to, the sentence, whether a later run that
# proves itself mends it (nothing was wrong but that something was left over).
_FINDINGS = (
    (r"due (\d+) but (\d+) counted", "sum", "期限の来た{0}件のうち、行き先を数えられたのは{1}件です。", False),
    (
        r"(\d+) licences still due, (\d+) set aside",
        "left",
        "期限の来たままのものが{0}件、別にしたものが{1}件です。",
        True,
    ),
    (r"(\d+) (\w+) but (\d+) events", "events", "変化{0}件（{1}）に、できごとの記録が{2}件です。", False),
    (r"(\d+) terms opened but (\d+) events", "events", "始めた期間{0}件に、できごとの記録が{1}件です。", False),
    (r"(\d+) renewed terms with a gap before them", "gaps", "前の期間とつながらない更新が{0}件あります。", False),
    (r"(\d+) overlapping terms", "overlaps", "重なっている期間が{0}件あります。", False),
    (r"(\d+) ends that do not stand in their term", "ends", "期間に書かれていないおわりが{0}件あります。", False),
    (
        r"(\d+) terms and (\d+) opened but (\d+) after",
        "totals",
        "前の期間{0}件に、始めた{1}件を足した数が、あとの{2}件と合いません。",
        False,
    ),
    (
        r"(\d+) going on, (\d+) begun and (\d+) ended but (\d+) after",
        "totals",
        "続いていた{0}件に、始まり{1}件を足し、おわり{2}件を引いた数が、あとの{3}件と合いません。",
        False,
    ),
    (r"(\d+) licences but (\d+) after", "totals", "ライセンスが{0}件から{1}件に減っています。", False),
    (
        r"(\d+) licences failed for an unexpected reason",
        "unexpected",
        "プログラムの誤りで進められなかったものが{0}件あります。",
        True,
    ),
)
_LABELS = {
    "sum": "行き先の合計が合う",
    "totals": "前とあとの合計が合う",
    "events": "変化とできごとの数が合う",
    "left": "残りは、別にしたものだけ",
    "gaps": "更新の前にすきまがない",
    "overlaps": "期間の重なりがない",
    "ends": "おわりが期間に書かれている",
    "unexpected": "プログラムの誤りで残ったものがない",
}
# The totals that a run keeps from before its first change and after its last.
_TOTALS = {
    "licenses": "ライセンス",
    "terms": "有効期間",
    "going_on": "おわりをまだ記録していない期間",
    "due": "そのうち期限の来たもの",
}
_KINDS = {"renewed_free": "無料で更新", "renewed_paid": "有償で更新", "stopped": "停止", "lapsed": "期限切れ"}


def proof_checks(proof: str) -> list[Check]:
    """Every recount of a proof with what is wrong, in words; a finding without a pattern is told as it is."""
    found: dict[str, list[str]] = {}
    for piece in _pieces(proof):
        key, text, _mends = _finding(piece)
        found.setdefault(key, []).append(text)
    checks = [Check(key, label, " ".join(found.pop(key, []))) for key, label in _LABELS.items()]
    return checks + [Check(key, "そのほか", " ".join(texts)) for key, texts in found.items()]


def proof_words(proof: str) -> str:
    """What is wrong with a proof, in sentences; empty for one that holds."""
    return " ".join(_finding(piece)[1] for piece in _pieces(proof))


def _pieces(proof: str) -> list[str]:
    return [] if proof in ("", "ok") else proof.split("; ")


def _finding(piece: str) -> tuple[str, str, bool]:
    for pattern, key, text, mends in _FINDINGS:
        if match := re.fullmatch(pattern, piece):
            return key, text.format(*(_KINDS.get(group, group) for group in match.groups())), mends
    return "other", piece, False


@dataclass(frozen=True, slots=True)
class Night:
    """The runs of one business day, the first first. `counts` are licences by what became of them in
    all runs of the day, with `due` as the runs found it; what is set aside is that of the last run."""

    on: date
    runs: tuple[RollOverRun, ...]
    counts: dict[str, int]
    state: str

    @property
    def finished(self) -> tuple[RollOverRun, ...]:
        return tuple(run for run in self.runs if run.finished_at)

    @property
    def last(self) -> RollOverRun | None:
        return self.finished[-1] if self.finished else None

    @property
    def due(self) -> int:
        return self.counts["due"]

    @property
    def set_aside(self) -> int:
        return self.counts["set_aside"]

    @property
    def was_red(self) -> bool:
        """A proof of the night did not hold, and a later run mended it."""
        return self.state == OK and any(run.proof != "ok" for run in self.finished)

    @property
    def proof(self) -> str:
        """The proof that decides: one that does not hold, else `ok`; empty without a finished run."""
        bad = [run.proof for run in self.finished if run.proof != "ok"]
        if self.state == RED:
            return "; ".join(dict.fromkeys(bad))
        return "ok" if self.finished else ""

    @property
    def totals(self) -> list[tuple[str, int, int]]:
        """The whole ledger before the night's first run and after its last: label, before, after."""
        kept = [run.counts for run in self.finished if "before" in run.counts]
        if not kept:
            return []
        before, after = kept[0]["before"], kept[-1]["after"]
        return [(label, before[name], after[name]) for name, label in _TOTALS.items()]

    @property
    def is_mailed(self) -> bool:
        """Its proof was handed over to the operators."""
        return any(run.mailed_at for run in self.runs)

    @property
    def seconds(self) -> float:
        return float(sum(run.counts.get("seconds", 0) for run in self.finished))


def night_on(on: date, *, today: date, now: datetime) -> Night:
    """One night as it stands at `now`, which is on the business day `today`."""
    return _night(on, list(RollOverRun.objects.filter(on=on).order_by("started_at")), today, now)


def nights_between(first: date, last: date, *, today: date, now: datetime) -> list[Night]:
    """The nights of these days (inclusive), the last first. Days before the portal's first run are left out."""
    runs = list(RollOverRun.objects.filter(on__range=(first, last)).order_by("started_at"))
    earlier = RollOverRun.objects.filter(on__lt=first).exists()
    begins = first if earlier else min((run.on for run in runs), default=today)
    by_day: dict[date, list[RollOverRun]] = {}
    for run in runs:
        by_day.setdefault(run.on, []).append(run)
    return [_night(day, by_day.get(day, []), today, now) for day in reversed(list(days(begins, last)))]


def _night(on: date, runs: Sequence[RollOverRun], today: date, now: datetime) -> Night:
    counts = dict.fromkeys((*CHANGED, "set_aside", "terms_opened"), 0)
    committed = _committed([run.pk for run in runs if run.finished_at is None])
    for run in runs:
        source = run.counts if run.finished_at else committed.get(run.pk, {})
        for kind in (*CHANGED, "terms_opened"):
            counts[kind] += source.get(kind, 0)
        if run.finished_at:
            counts["set_aside"] = run.counts.get("set_aside", 0)
    counts["due"] = _due(runs, counts)
    return Night(on, tuple(runs), counts, _state(on, runs, today, now))


def _due(runs: Sequence[RollOverRun], counts: dict[str, int]) -> int:
    """What the runs themselves found due: a licence that one set aside is due again in the next, and
    counts once. What a dead run had committed was due, too."""
    finished = [run for run in runs if run.finished_at]
    if not finished:
        return sum(counts[kind] for kind in CHANGED)
    again: int = sum(run.counts.get("set_aside", 0) for run in finished[:-1])
    by_dead: int = sum(counts[kind] - sum(run.counts.get(kind, 0) for run in finished) for kind in CHANGED)
    return sum(int(run.counts.get("due", 0)) for run in finished) - again + by_dead


def _committed(run_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """What runs that never ended had committed: it stands, and the next run did the rest."""
    found: dict[int, dict[str, int]] = {}
    if run_ids:
        with connection.cursor() as cursor:
            cursor.execute(COMMITTED_SQL, [list(run_ids)])
            for run_id, kind, count in cursor.fetchall():
                found.setdefault(run_id, {})[kind] = count
    return found


def _state(on: date, runs: Sequence[RollOverRun], today: date, now: datetime) -> str:
    finished = [run for run in runs if run.finished_at]
    if finished:
        return OK if finished[-1].proof == "ok" and all(map(_mends, finished)) else RED
    if any(run.started_at > timezone.now() - LONGEST_RUN for run in runs) and run_in_progress():
        return RUNNING
    return WAITING if on == today and now.time() < BEGUN_BY else MISSING


def _mends(run: RollOverRun) -> bool:
    return all(_finding(piece)[2] for piece in _pieces(run.proof))


def run_in_progress() -> bool:
    """Whether a roll-over holds its lock at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_HELD_SQL, [ONE_RUN_AT_A_TIME])
        return bool(cursor.fetchone()[0])


def set_asides_open() -> QuerySet[SetAside]:
    """Licences that wait to be repaired, the newest first."""
    return SetAside.objects.filter(resolved_on=None).select_related("license__office").order_by("-since", "pk")


def proof_latest() -> RollOverRun | None:
    """The roll-over that finished last, of whatever night; None before the first."""
    return RollOverRun.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()


def alarms(limit: int = 5) -> list[NightAlarm]:
    """The open ones first, then the latest."""
    return list(NightAlarm.objects.select_related("ended_by").order_by("-ended_at", "-on")[:limit])


def alarms_open() -> QuerySet[NightAlarm]:
    """Alarms that nobody has closed yet, the latest night first."""
    return NightAlarm.objects.filter(ended_at=None).order_by("-on")


def due_count(on: date) -> int:
    """How many licences a run for the day `on` would have to decide."""
    return LicenseTerm.objects.filter(closing="", ends_on__lt=on).count()


def night_word(today: date, now: datetime) -> str:
    """One word for probes and metrics: how the night of today stands; `ok` once a person has closed
    its alarm, and the state of an earlier one while that is open."""
    state = night_on(today, today=today, now=now).state
    raised: dict[date, Any] = dict(NightAlarm.objects.filter(on=today).values_list("on", "ended_at"))
    if raised.get(today):
        state = OK
    if state in (OK, RUNNING, WAITING) and alarms_open().exclude(on=today).exists():
        return RED
    return state


def made_good(night: Night) -> bool:
    """Whether a later night, which proved itself, did this one's work as well."""
    return night.state == MISSING and RollOverRun.objects.filter(on__gt=night.on, proof="ok").exists()


def alarm_text(night: Night) -> str:
    """What an alarm about the night says."""
    if night.state == RED:
        return proof_words(night.proof)
    unfinished = [run for run in night.runs if run.finished_at is None]
    if unfinished:
        return "夜間処理が途中で止まりました。記録できた分はそのまま残り、次の処理が続きから行います。"
    return "夜間処理が動きませんでした。次の処理が、この夜の分も行います。"


def longest(nights: Iterable[Night]) -> int:
    """The greatest number due of these nights, at least 1: the scale of their bars."""
    return max((night.due for night in nights), default=0) or 1


def is_before_the_first(night: Night) -> bool:
    """Whether the portal is so new that no night was due: nothing to roll over, no run and no alarm yet. The watch
    raises its alarm all the same when the first night does not come."""
    known = (RollOverRun, NightAlarm, LicenseTerm)
    return night.state == MISSING and not any(model.objects.exists() for model in known)
