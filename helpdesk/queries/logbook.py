"""The log of an office as one reads it: what was said, done and sent, the latest first, one line an act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from helpdesk.enums import ContactKind
from helpdesk.models import ContactLog
from helpdesk.queries.contacts import contacts_of, unanswered
from helpdesk.queries.happened import Happened, happened
from notices.models import Notice

SHOWN = 30
_ONE_ACT = timedelta(seconds=10)
"""What an act writes and sends stands within this of its own line."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of what happened, by a person or by the system; `parts` what came of an act for a caller."""

    at: datetime
    text: str
    who: str
    contact: ContactLog | None = None
    waiting: bool = False
    parts: tuple[str, ...] = ()

    @property
    def is_act(self) -> bool:
        return self.contact is not None and self.contact.kind == ContactKind.ACT


def log_of(office_id: int, told: Sequence[Notice]) -> list[LogLine]:
    """The latest lines; what the licence, its filings and the outbox say of an act stands with the act."""
    rows = list(contacts_of(office_id)[:SHOWN])
    waiting = unanswered(rows)
    said = [LogLine(row.at, "", str(row.by), row, row.pk in waiting) for row in rows]
    lines = _acts_together(said, happened(office_id, SHOWN, told))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:SHOWN]


def _acts_together(said: list[LogLine], other: list[Happened]) -> list[LogLine]:
    acts = [line for line in said if line.is_act]
    with_act: dict[int, list[Happened]] = {}
    for one in other:
        if (act := _act_of(one, acts)) is not None:
            with_act.setdefault(id(act), []).append(one)
    joined = {id(one) for ones in with_act.values() for one in ones}
    lines = [replace(line, parts=tuple(one.text for one in with_act.get(id(line), ()))) for line in said]
    lines = [line for line in lines if not _is_mail_of(line, acts)]
    apart = {_same(one): one for one in reversed(other) if id(one) not in joined}
    return lines + [LogLine(one.at, one.text, one.who) for one in apart.values()]


def _act_of(one: Happened, acts: list[LogLine]) -> LogLine | None:
    """The one act from which it came: of those near, the one that does or tells such a thing, then the nearest. A
    stop and its taking back within seconds keep their own events."""
    near = [act for act in acts if _of(act, one.at)]
    return min(near, key=lambda act: (not _leads_to(act, one), abs(act.at - one.at)), default=None)


def _leads_to(act: LogLine, one: Happened) -> bool:
    line = act.contact
    return line is not None and (
        one.of_line == str(line.pk) or (one.of_act != "" and one.of_act == line.data.get("act"))
    )


def _same(one: Happened) -> tuple[datetime, str, str]:
    """Two notices of one moment with one title (a receipt that came with the proof) are one line."""
    return one.at.replace(second=0, microsecond=0), one.text, one.who


def _of(act: LogLine, at: datetime) -> bool:
    return abs(act.at - at) <= _ONE_ACT


def _is_mail_of(line: LogLine, acts: list[LogLine]) -> bool:
    """The note that an act is confirmed by mail: the notice itself says so, with how it went."""
    contact = line.contact
    if contact is None or contact.kind != ContactKind.MAIL or contact.call_id is None:
        return False
    return any(act.contact is not None and act.contact.call_id == contact.call_id and _of(act, line.at) for act in acts)


def last_spoken(log: Sequence[LogLine], user_id: int, today: date) -> LogLine | None:
    """The latest note of what was said before this call: whoever says what it was about has spoken with us. A note
    that this person wrote today may be of this very call, so it proves nothing."""
    for line in log:
        note = line.contact
        if (
            note is not None
            and note.kind == ContactKind.NOTE
            and not (note.by_id == user_id and note.recorded_on == today)
        ):
            return line
    return None
