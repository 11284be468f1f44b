"""Writing down what `plan` decided, for one licence or for thousands: one path for the night
and for every act, so that both leave the same ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from psycopg2.extras import Json

from careplan_portal.lib.acting import Acting
from licenses import rules
from licenses.enums import Origin, ReservationState
from licenses.queries import Loaded
from licenses.rules import Change, Term


@dataclass(frozen=True, slots=True)
class Turned:
    """A licence with the changes that are true of it and not yet recorded."""

    loaded: Loaded
    changes: tuple[Change, ...]


CLOSE_SQL = """
UPDATE licenses_licenseterm t SET closing = c.closing, closing_reason = c.reason
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS c(id, closing, reason)
WHERE t.id = c.id AND t.closing = ''
"""
OPEN_SQL = """
INSERT INTO licenses_licenseterm (id, license_id, starts_on, ends_on, pricing, fee_yen, origin,
  closing, closing_reason, recorded_on)
SELECT n.id, n.license_id, n.starts_on, n.ends_on, n.pricing, n.fee_yen, %s, n.closing, n.reason, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::text[], %s::int[],
  %s::text[], %s::text[])
  AS n(id, license_id, starts_on, ends_on, pricing, fee_yen, closing, reason)
"""
MODE_SQL = "UPDATE licenses_license SET renewal_mode = 'auto' WHERE id = ANY(%s)"
RESERVATION_SQL = """
UPDATE licenses_licensereservation r SET state = c.state, ended_on = c.ended_on
FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS c(id, state, ended_on)
WHERE r.id = c.id AND r.state = 'open'
"""
EVENT_SQL = """
INSERT INTO licenses_licenseevent (license_id, term_id, kind, effective_on, recorded_on,
  actor_id, acting_as, reason, run_id, data)
SELECT e.license_id, e.term_id, e.kind, e.effective_on, %s, %s, %s, e.reason, %s, e.data
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::text[], %s::jsonb[])
  AS e(license_id, term_id, kind, effective_on, reason, data)
"""


def changes_record(turned: Sequence[Turned], *, today: date, acting: Acting, run_id: int | None = None) -> int:
    """Write the changes of these licences, whose rows the caller holds locked, and their events.

    Returns how many terms were opened. Five statements whatever the number of licences.
    """
    batch = _Batch(turned)
    with connection.cursor() as cursor:
        batch.give_ids(cursor)
        cursor.execute(CLOSE_SQL, batch.closes())
        if batch.opened:
            cursor.execute(OPEN_SQL, [Origin.RENEWAL, today, *batch.opens()])
        if batch.made_auto:
            cursor.execute(MODE_SQL, [batch.made_auto])
        if batch.reservations:
            cursor.execute(RESERVATION_SQL, _columns(batch.reservations, 3))
        cursor.execute(
            EVENT_SQL,
            [today, acting.user_id, acting.role, run_id, *batch.events(acting.reason)],
        )
    return len(batch.opened)


class _Batch:
    """The changes of many licences, as the columns that the statements above take."""

    def __init__(self, turned: Sequence[Turned]):
        self.closed: list[tuple[int, str, str]] = []
        self.opened: list[list[Any]] = []
        self.made_auto: list[int] = []
        self.reservations: list[tuple[int, str, date]] = []
        self.turns: list[tuple[int, Change, list[Any] | None, int]] = []
        for one in turned:
            self._add(one)

    def _add(self, one: Turned) -> None:
        license_id, previous = one.loaded.license_id, None
        for change in one.changes:
            closing = rules.RENEWED if change.opens else change.kind
            if previous is None:
                self.closed.append((one.loaded.term_ids[-1], closing, change.reason))
            else:
                previous[6:] = [closing, change.reason]
            if change.opens:
                previous = _row(license_id, change.opens)
                self.opened.append(previous)
            if change.kind == rules.RENEWED_FREE:
                self.made_auto.append(license_id)
            self._end_reservation(one.loaded.reservation_id, change)
            # The term an event is about: the one that opens, else the one that ends.
            self.turns.append((license_id, change, previous, one.loaded.term_ids[-1]))

    def _end_reservation(self, reservation_id: int | None, change: Change) -> None:
        if reservation_id and change.uses_reservation:
            self.reservations.append((reservation_id, ReservationState.USED, change.on))
        elif reservation_id and change.releases_reservation:
            self.reservations.append((reservation_id, ReservationState.RELEASED, change.on))

    def give_ids(self, cursor: Any) -> None:
        """Ids beforehand, so that events can name the terms they are about."""
        cursor.execute(
            "SELECT nextval('licenses_licenseterm_id_seq') FROM generate_series(1, %s)",
            [len(self.opened)],
        )
        for row, (term_id,) in zip(self.opened, cursor.fetchall(), strict=True):
            row[0] = term_id

    def closes(self) -> list[list[Any]]:
        return _columns(self.closed, 3)

    def opens(self) -> list[list[Any]]:
        return _columns(self.opened, 8)

    def events(self, reason: str) -> list[list[Any]]:
        rows = []
        for license_id, change, row, last_id in self.turns:
            term_id = row[0] if row else last_id
            data = Json(term_data(change.opens)) if change.opens else Json({})
            rows.append((license_id, term_id, change.kind, change.on, change.reason or reason, data))
        return _columns(rows, 6)


def term_data(term: Term) -> dict[str, Any]:
    """What an event keeps of a term, so that the ledger can be told as known then."""
    return {
        "starts_on": term.starts_on.isoformat(),
        "ends_on": term.ends_on.isoformat(),
        "pricing": term.pricing,
        "fee_yen": term.fee_yen,
    }


def _row(license_id: int, term: Term) -> list[Any]:
    return [0, license_id, term.starts_on, term.ends_on, term.pricing, term.fee_yen, "", ""]


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
