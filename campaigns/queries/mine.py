"""What a member's pages show: their offices with the rules' answer, and an office's history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from accounts.enums import Role
from campaigns.models import ApplicationEvent, FreePassApplication
from campaigns.queries.answers import OfficeAnswer, answer_from, offer_on, provisional_applications, window_of
from campaigns.rules import APPLY_NOW, Matter, listing, window_cut
from careplan_portal.lib import clock
from careplan_portal.lib.prepared import prepared
from careplan_portal.lib.words import ja_day
from licenses.enums import TURNS, DocumentKind, EventKind, ReservationState
from licenses.models import LicenseDocument, LicenseEvent, LicenseReservation, LicenseTerm
from licenses.queries import documents_of, standings
from licenses.rules import Term
from offices.enums import IN_SCOPE
from offices.models import Office


@dataclass(frozen=True, slots=True)
class Mine:
    """An office with its answer. `matter` is what the answer is told from, None when the licence's
    record is set aside (`answer.problem` says why). `waiting`: the filing that has to be proved first, where it was
    asked for."""

    office: Office
    answer: OfficeAnswer
    matter: Matter | None
    waiting: FreePassApplication | None = None

    @property
    def can_file(self) -> bool:
        """Whether the Free Pass can be applied for today."""
        assessment = self.answer.assessment
        return assessment is not None and assessment.outcome == APPLY_NOW and self.office.closed_on is None

    @property
    def group(self) -> str:
        """Which of the list's groups it belongs to: `now` is what can be ticked, neither more nor less."""
        if self.office.closed_on:
            return listing.OTHER
        return listing.WAITING if self.waiting else listing.group(self.matter)

    @property
    def can_tick(self) -> bool:
        """Whether it can be filed for with others: a filing that waits for proof is proved, not filed again."""
        return self.can_file and self.waiting is None

    @property
    def deadline(self) -> date | None:
        """The day by which to prove the filing that waits, else to file what is offered today; None when neither."""
        if self.waiting and not self.office.closed_on:
            return self.waiting.prove_by
        return listing.deadline(self.matter) if self.can_file else None


def mine(offices: Iterable[Office], today: date, *, outlook: int = 3) -> list[Mine]:
    """The rules' answer for each of these offices, in their order. Five queries, however many."""
    listed = list(offices)
    campaign, fees = offer_on(today)
    stands = standings([office.pk for office in listed], fees, today, outlook=outlook)
    window = window_cut(window_of(campaign), fees)
    found = []
    for office in listed:
        in_scope = office.scope in IN_SCOPE if office.scope else None
        answer = answer_from(campaign, stands[office.pk], in_scope, fees, today)
        matter = None
        if answer.assessment is not None and answer.situation is not None:
            matter = Matter(answer.assessment, answer.situation, window, fees, today)
        found.append(Mine(office, answer, matter))
    return found


def with_waiting(offices: Sequence[Mine], today: date) -> list[Mine]:
    """The same offices with the filing of each that has to be proved first, while it can be (R16: its last day
    inclusive). One query."""
    first: dict[int, FreePassApplication] = {}
    for filing in provisional_applications().filter(
        office_id__in=[one.office.pk for one in offices], prove_by__gte=today
    ):
        first.setdefault(filing.office_id, filing)
    return [replace(one, waiting=first.get(one.office.pk)) for one in offices]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of an office's history. `by` is a member's name, or a role's."""

    on: date
    at: datetime
    what: str
    by: str


_license_events = prepared(
    lambda office_id: LicenseEvent.objects.filter(license__office=office_id).select_related("actor")
)
_filing_events = prepared(
    lambda office_id: ApplicationEvent.objects.filter(application__office=office_id).select_related(
        "actor", "application"
    )
)


def history(office_id: int, member_ids: Sequence[int]) -> list[Happened]:
    """What happened to an office's licence and applications, the latest first. People who are not
    members of the office are named by their role only."""
    known = set(member_ids)
    license_events, filing_events = _license_events.all(office_id), _filing_events.all(office_id)
    lines = [_line(event, _licence_words(event), _happened_on(event), known) for event in license_events]
    lines += [
        _line(event, f"{event.get_kind_display()}（{event.application.receipt_number}）", event.recorded_on, known)
        for event in filing_events
    ]
    return sorted(lines, key=attrgetter("on", "at"), reverse=True)


def _happened_on(event: LicenseEvent) -> date:
    """A term turns on its day, whenever the night came to write it down; anything else happened when it was done."""
    return event.effective_on if event.kind in TURNS else event.recorded_on


def _licence_words(event: LicenseEvent) -> str:
    """What happened, with the fee, and the day that it is about where that is another one."""
    notes = [f"{event.data['fee_yen']:,}円"] if "fee_yen" in event.data else []
    if event.effective_on != _happened_on(event):
        notes.append(f"{ja_day(event.effective_on)}{'まで' if event.kind == EventKind.STOP_FILED else 'から'}")
    words = str(event.get_kind_display())
    return f"{words}（{'、'.join(notes)}）" if notes else words


def _line(event: Any, what: str, on: date, members: set[int]) -> Happened:
    return Happened(on, event.recorded_at, what, _who(event, members))


def _who(event: Any, members: set[int]) -> str:
    if event.actor_id in members:
        return str(event.actor)
    roles = {"system": "自動の処理", "visitor": "申請した人", "member": "前のメンバー"}
    return roles.get(event.acting_as) or dict(Role.choices).get(event.acting_as) or "窓口"


def open_reservation(office_id: int) -> LicenseReservation | None:
    """The reservation for the office's next term, if there is one."""
    return LicenseReservation.objects.filter(license__office=office_id, state=ReservationState.OPEN).first()


def stop_paper(office_id: int) -> LicenseDocument | None:
    """The newest confirmation of a stop of the office."""
    return documents_of(office_id).filter(kind=DocumentKind.STOP_CONFIRMATION).first()


def stop_filed_on(office_id: int, current: Term) -> date | None:
    """The day of the stop on file, also where no paper was made of it; None where another reason ends the term."""
    terms = LicenseTerm.objects.filter(license__office=office_id, starts_on=current.starts_on)
    return terms.values_list("stop_requested_on", flat=True).order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A stop of the current term that is no longer on file: the day it was filed and the moment it was taken back."""

    filed_on: date | None
    at: datetime


def stop_taken_back(office_id: int, current: Term) -> TakenBack | None:
    """The latest stop filed in the current term that was taken back; None when there was none."""
    events = LicenseEvent.objects.filter(license__office=office_id, term__starts_on=current.starts_on).order_by("-pk")
    withdrawn = events.filter(kind=EventKind.STOP_WITHDRAWN).first()
    if withdrawn is None:
        return None
    filed = events.filter(kind=EventKind.STOP_FILED, pk__lt=withdrawn.pk).first()
    # The business day, which in a demo is another one than the wall's, at the wall's time.
    at = clock.on(withdrawn.recorded_on, withdrawn.recorded_at)
    return TakenBack(filed.recorded_on if filed else None, at)
