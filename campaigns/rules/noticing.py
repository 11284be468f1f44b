"""What an office is told about its licence, and when: decided from `plan`, like everything else.

Due means "from then on until told": a missed night delays a notice and never loses it. A notice is known by its
kind and subject, so none is told twice.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from careplan_portal.lib.dates import month_start
from licenses.rules import LAPSED, RENEWED, STOPPED, Plan, Term
from notices.rules import nearest_lead

RENEWAL_MONTH = "renewal_month"
REMINDER = "reminder"
TOLD_RENEWED = "renewed"
TOLD_ENDED = "ended"
KINDS = (RENEWAL_MONTH, REMINDER, TOLD_RENEWED, TOLD_ENDED)


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that is due: `term` is what it is about, `lead` the days before its end (reminders only)."""

    kind: str
    term: Term
    lead: int = 0

    @property
    def subject(self) -> str:
        """A term is known by its first day: terms of an office never overlap and never move."""
        day = self.term.starts_on.isoformat()
        return f"{day}/{self.lead}" if self.kind == REMINDER else day


def notices_due(plan: Plan, leads: Sequence[int], today: date, days_back: int) -> tuple[Due, ...]:
    """Everything an office is to be told on `today`, told already or not.

    `plan` as of `today`; `leads` in days before a term's last day; a renewal or an end is told up to
    `days_back` days after it. Changes that are true but not recorded yet wait for the night that records them.
    A closed office is reminded of nothing (R15).
    """
    if plan.changes:
        return ()
    ahead = () if plan.facts.closed_on is not None else tuple(_ahead(plan, tuple(leads), today))
    return (*ahead, *_behind(plan, today, days_back))


def is_told(due: Due, told: Collection[tuple[str, str]]) -> bool:
    """Whether it is among the (kind, subject) that the office was told, or overtaken: a reminder is not sent
    after a nearer one, also when the clock was set back or the lead times were changed."""
    if due.kind != REMINDER:
        return (due.kind, due.subject) in told
    start = f"{due.term.starts_on.isoformat()}/"
    leads = [
        int(subject.removeprefix(start)) for kind, subject in told if kind == REMINDER and subject.startswith(start)
    ]
    return any(lead <= due.lead for lead in leads)


def _ahead(plan: Plan, leads: tuple[int, ...], today: date) -> Iterator[Due]:
    """Only while the term runs, and only about its own end."""
    current = plan.current
    if current is None or plan.next_change is None:
        return
    # The month is the time to choose; where it is chosen already, there is nothing to say.
    chosen = plan.is_stopping or plan.is_reserved
    if not chosen and today >= month_start(current.renewal_on):
        yield Due(RENEWAL_MONTH, current)
    lead = nearest_lead(current.ends_on, leads, today)
    if lead is not None:
        yield Due(REMINDER, current, lead)


def _behind(plan: Plan, today: date, days_back: int) -> Iterator[Due]:
    last = plan.facts.last
    if last is None:
        return
    if plan.current is last and _came_by_renewal(plan) and (today - last.starts_on).days <= days_back:
        yield Due(TOLD_RENEWED, last)
    if last.closing in (STOPPED, LAPSED) and last.ends_on < today and (today - last.ends_on).days <= days_back:
        yield Due(TOLD_ENDED, last)


def _came_by_renewal(plan: Plan) -> bool:
    terms = plan.facts.terms
    return len(terms) > 1 and terms[-2].closing == RENEWED and terms[-2].renewal_on == terms[-1].starts_on


def reminder_days(term: Term, leads: Sequence[int], today: date) -> tuple[tuple[int, date], ...]:
    """The reminders still to come for a term, as (days before, day)."""
    days = ((lead, date.fromordinal(term.ends_on.toordinal() - lead)) for lead in sorted(leads, reverse=True))
    return tuple((lead, day) for lead, day in days if day > today)
