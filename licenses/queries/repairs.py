"""What would put a set-aside licence right: each repair with the licence as it would stand after it.

Only what keeps the ledger's habits is offered: a fact that is changed leaves an event with before and after, and
no money changes. A term's last day may be set to the one that R2 gives it; its first day decides its fee and its
bill, so it stays. Where a repair would need money (two free years, an amount for a day that has passed), the page
says what to do instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.db.models import QuerySet

from careplan_portal.lib.dates import year_from
from licenses import rules
from licenses.models import LicenseReservation, SetAside
from licenses.queries.standing import Loaded, Standing, load_facts, policy, stands
from licenses.rules import BadRecord, LicenseFacts, Policy, Reservation, Term

MOVE, RELEASE, MODE, YEAR = "move", "release", "mode", "year"
OTHER_DAY, TWICE, UNKNOWN_MODE = "reservation_other_day", "two_free_passes", "unknown_mode"
OVERLAP, REVERSED = "overlap", "reversed"
"""Faults of `rules.check` that can be repaired here."""
AHEAD = 1


@dataclass(frozen=True, slots=True)
class Repair:
    """One change of a licence's facts: the fact before and after, and how the licence would stand on the day;
    `stands.problem` names a fault that would remain."""

    kind: str
    before: str
    after: str
    stands: Standing

    @property
    def key(self) -> str:
        """What a person chose: the same change of the same fact, or none."""
        return f"{self.kind}:{self.before}:{self.after}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong now: the code of `rules.check` with its sentence, both empty when the record can be decided,
    and the repairs that fit."""

    code: str
    text: str
    repairs: tuple[Repair, ...]

    def repair(self, key: str) -> Repair | None:
        return next((one for one in self.repairs if one.key == key), None)


def set_aside(pk: int) -> QuerySet[SetAside]:
    """One row of the list, open or mended, with its office; to be got or not found."""
    return SetAside.objects.select_related("license__office__municipality").filter(pk=pk)


def fault_of(license_id: int, today: date) -> Fault:
    """What is wrong with a licence's record as it stands now, which need not be what the night found."""
    [loaded] = load_facts([license_id])
    fees = policy()
    try:
        rules.plan(loaded.facts, fees, today)
    except BadRecord as bad:
        return Fault(bad.code, bad.text, tuple(_repairs(bad.code, loaded, fees, today)))
    return Fault("", "", ())


def _repairs(code: str, loaded: Loaded, fees: Policy, today: date) -> Iterator[Repair]:
    for kind, before, after, facts in _changes(code, loaded.facts):
        yield Repair(kind, before, after, stands(replace(loaded, facts=facts), fees, today, AHEAD))


Change = tuple[str, str, str, LicenseFacts]


def _changes(code: str, facts: LicenseFacts) -> Iterator[Change]:
    """Kind, before and after of each change that fits the fault, with the facts it leads to."""
    reserved = facts.reservation
    if code == UNKNOWN_MODE:
        for mode in (rules.AUTO, rules.MANUAL):
            yield MODE, facts.renewal_mode, mode, replace(facts, renewal_mode=mode)
    if reserved is not None and code in (OTHER_DAY, TWICE):
        yield from _of_reservation(code, facts, reserved)
    if code in (OTHER_DAY, OVERLAP, REVERSED):
        yield from _whole_years(facts)


def _of_reservation(code: str, facts: LicenseFacts, reserved: Reservation) -> Iterator[Change]:
    last, day = facts.last, reserved.renewal_on.isoformat()
    # A reservation keeps its promise (R1) as long as there is a renewal that it can be for.
    if code == OTHER_DAY and last is not None and last.closing == "":
        moved = replace(reserved, renewal_on=last.renewal_on)
        yield MOVE, day, last.renewal_on.isoformat(), replace(facts, reservation=moved)
    yield RELEASE, day, "", replace(facts, reservation=None)


def _whole_years(facts: LicenseFacts) -> Iterator[Change]:
    """Terms that R2 would have end on another day, where that day leaves neither fault nor gap. An end that is
    recorded as a stop or a lapse has its event on its day, so it stays."""
    for at, term in enumerate(facts.terms):
        if term.closing in (rules.STOPPED, rules.LAPSED):
            continue
        right = replace(term, ends_on=year_from(term.starts_on).ends_on)
        mended = replace(facts, terms=(*facts.terms[:at], right, *facts.terms[at + 1 :]))
        if right != term and _agrees(mended):
            yield YEAR, _days(term), _days(right), mended


def _agrees(facts: LicenseFacts) -> bool:
    try:
        rules.check(facts)
    except BadRecord:
        return False
    return all(
        term.closing != rules.RENEWED or later.starts_on == term.renewal_on for term, later in pairwise(facts.terms)
    )


def _days(term: Term) -> str:
    return f"{term.starts_on.isoformat()}/{term.ends_on.isoformat()}"


def reservations_of(license_id: int) -> QuerySet[LicenseReservation]:
    """Every reservation of a licence, the newest first."""
    return LicenseReservation.objects.filter(license=license_id).order_by("-filed_on", "-pk")
