"""Writing down what `plan` decided, for one licence or for thousands: one path for the night
and for every act, so that both leave the same ledger."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, repeat
from typing import Any

from django.db import connection

from careplan_portal.lib.acting import Acting
from licenses import rules
from licenses.enums import Origin, ReservationState
from licenses.queries import Loaded
from licenses.rules import Change, Term


@dataclass(frozen=True, slots=True)
class Turned:
    """Licences of the same facts, with the changes that are true of them and not yet recorded."""

    members: Sequence[Loaded]
    changes: tuple[Change, ...]


@dataclass(slots=True)
class _Opened:
    """A term that opens for each of these licences, and how it ended when that is known already."""

    term: Term
    license_ids: list[int]
    ids: list[int] = field(default_factory=list)
    closing: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Ended:
    """The end of a licence: of its last term on file, or of one opened a moment ago."""

    change: Change
    members: Sequence[Loaded]
    opened: _Opened | None

    def term_ids(self) -> list[int | None]:
        return [*self.opened.ids] if self.opened else [one.last_term_id for one in self.members]


# By `= ANY`, never by a join with the list: the planner would read the whole table for each chunk.
CLOSE_SQL = """
UPDATE licenses_licenseterm SET closing = %s, closing_reason = %s WHERE id = ANY(%s) AND closing = ''
"""
# A term and the event of its opening in one statement; what the event keeps of it is `term_data`.
OPEN_SQL = """
WITH opened AS (
  INSERT INTO licenses_licenseterm (id, license_id, starts_on, ends_on, pricing, fee_yen, origin,
    closing, closing_reason, recorded_on)
  SELECT n.id, n.license_id, n.starts_on, n.ends_on, n.pricing, n.fee_yen, %s, n.closing, n.reason, %s
  FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::text[], %s::int[], %s::text[], %s::text[])
    AS n(id, license_id, starts_on, ends_on, pricing, fee_yen, closing, reason)
  RETURNING id, license_id, starts_on, ends_on, pricing, fee_yen, recorded_on)
INSERT INTO licenses_licenseevent (license_id, term_id, kind, effective_on, recorded_on,
  actor_id, acting_as, reason, run_id, data)
SELECT license_id, id, CASE pricing WHEN 'free_pass' THEN 'renewed_free' ELSE 'renewed_paid' END, starts_on,
  recorded_on, %s, %s, %s, %s, jsonb_build_object(
    'starts_on', starts_on, 'ends_on', ends_on, 'pricing', pricing, 'fee_yen', fee_yen)
FROM opened
"""
MODE_SQL = "UPDATE licenses_license SET renewal_mode = 'auto' WHERE id = ANY(%s)"
# A reservation is for one renewal date (rules.check), and that is the day it ends.
RESERVATION_SQL = """
UPDATE licenses_licensereservation SET state = %s, ended_on = renewal_on WHERE id = ANY(%s) AND state = 'open'
"""
END_SQL = """
INSERT INTO licenses_licenseevent (license_id, term_id, kind, effective_on, recorded_on,
  actor_id, acting_as, reason, run_id, data)
SELECT e.license_id, e.term_id, e.kind, e.effective_on, %s, %s, %s, e.reason, %s, '{}'
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::text[])
  AS e(license_id, term_id, kind, effective_on, reason)
"""


def changes_record(turned: Sequence[Turned], *, today: date, acting: Acting, run_id: int | None = None) -> int:
    """Write the changes of these licences, whose rows the caller holds locked, and their events.

    Returns how many terms were opened. A handful of statements whatever the number of licences.
    """
    batch = _Batch(turned)
    with connection.cursor() as cursor:
        batch.give_ids(cursor)
        for (closing, reason), term_ids in batch.closed.items():
            cursor.execute(CLOSE_SQL, [closing, reason, term_ids])
        if batch.opened:
            who = [acting.user_id, acting.role, acting.reason, run_id]
            cursor.execute(OPEN_SQL, [Origin.RENEWAL, today, *batch.opens(), *who])
        if batch.made_auto:
            cursor.execute(MODE_SQL, [batch.made_auto])
        for state, reservation_ids in batch.reservations.items():
            cursor.execute(RESERVATION_SQL, [state, reservation_ids])
        if batch.ended:
            cursor.execute(END_SQL, [today, acting.user_id, acting.role, run_id, *batch.ends(acting.reason)])
    return sum(len(one.license_ids) for one in batch.opened)


class _Batch:
    """The changes of many licences, as the columns and lists of ids that the statements above take."""

    def __init__(self, turned: Sequence[Turned]):
        self.closed: dict[tuple[str, str], list[int | None]] = defaultdict(list)
        self.opened: list[_Opened] = []
        self.made_auto: list[int] = []
        self.reservations: dict[str, list[int | None]] = defaultdict(list)
        self.ended: list[_Ended] = []
        for one in turned:
            self._add(one)

    def _add(self, one: Turned) -> None:
        license_ids, previous = [member.license_id for member in one.members], None
        for change in one.changes:
            closing = rules.RENEWED if change.opens else change.kind
            if previous is None:
                self.closed[closing, change.reason] += [member.last_term_id for member in one.members]
            else:
                previous.closing, previous.reason = closing, change.reason
            if change.opens:
                previous = _Opened(change.opens, license_ids)
                self.opened.append(previous)
            else:
                self.ended.append(_Ended(change, one.members, previous))
            if change.kind == rules.RENEWED_FREE:
                self.made_auto += license_ids
            if change.uses_reservation or change.releases_reservation:
                state = ReservationState.USED if change.uses_reservation else ReservationState.RELEASED
                self.reservations[state] += [member.reservation_id for member in one.members]

    def give_ids(self, cursor: Any) -> None:
        """Ids beforehand, so that the event of an end can name the term it is about."""
        for one in self.opened:
            cursor.execute(
                "SELECT nextval('licenses_licenseterm_id_seq') FROM generate_series(1, %s)", [len(one.license_ids)]
            )
            one.ids = [term_id for (term_id,) in cursor.fetchall()]

    def opens(self) -> list[str]:
        return [
            _array(term_id for one in self.opened for term_id in one.ids),
            _array(license_id for one in self.opened for license_id in one.license_ids),
            *(
                self._of_each(value)
                for value in (
                    lambda one: one.term.starts_on,
                    lambda one: one.term.ends_on,
                    lambda one: one.term.pricing,
                    lambda one: one.term.fee_yen,
                    lambda one: f'"{one.closing}"',
                    lambda one: f'"{one.reason}"',
                )
            ),
        ]

    def _of_each(self, value: Callable[[_Opened], Any]) -> str:
        return _array(chain.from_iterable(repeat(value(one), len(one.ids)) for one in self.opened))

    def ends(self, reason: str) -> list[list[Any]]:
        rows = [
            (member.license_id, term_id, end.change.kind, end.change.on, end.change.reason or reason)
            for end in self.ended
            for member, term_id in zip(end.members, end.term_ids(), strict=True)
        ]
        return [list(column) for column in zip(*rows, strict=True)]


def term_data(term: Term) -> dict[str, Any]:
    """What an event keeps of a term, so that the ledger can be told as known then."""
    return {
        "starts_on": term.starts_on.isoformat(),
        "ends_on": term.ends_on.isoformat(),
        "pricing": term.pricing,
        "fee_yen": term.fee_yen,
    }


def _array(values: Iterable[Any]) -> str:
    """An array as PostgreSQL reads it, of numbers, days and the rules' own words: many times quicker than
    to adapt them one by one."""
    return "{" + ",".join(map(str, values)) + "}"
