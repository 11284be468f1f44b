"""The one screen for an office: what the helpdesk has to see of it at once, from one answer. What it reads later stands
in queries.around, what it is asked in queries.questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from campaigns.enums import State
from campaigns.models import FreePassApplication, IdentityLetter
from campaigns.queries import (
    OfficeAnswer,
    answer_from,
    application_state,
    filed_for,
    newest_letters,
    offer_on,
    receipt_of,
    window_of,
)
from campaigns.rules import GRANTED, PROVISIONAL, RESERVED, fingerprint
from campaigns.rules.agreeing import plan_fingerprint
from careplan_portal.lib.dates import Period, day_before, year_from
from helpdesk.models import ContactLog
from helpdesk.queries.beside import SERVICES_SHOWN, Beside, beside
from helpdesk.queries.contacts import has_consent
from helpdesk.rules.anybody import say_to_anybody
from helpdesk.rules.coming import Coming, coming, coming_unproved
from helpdesk.rules.concerns import Concern, Known, Pending, concerns
from helpdesk.rules.offering import Cannot, why_no_filing
from helpdesk.rules.saying import Saying, say
from helpdesk.rules.scene import Scene, Unproved
from licenses.enums import Closing, Pricing, RenewalMode
from licenses.queries import standing
from licenses.rules import ACTIVE_FREE, ACTIVE_PAID, AUTO, FREE_PASS, BadRecord, Change, Plan
from offices.enums import IN_SCOPE
from offices.models import Office

CHANGES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class TermLine:
    """One line of the table of terms; `state` says how it ended, or that it is to come."""

    starts_on: date
    ends_on: date
    kind: str
    yen: int
    state: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """An application with its state, until when it can be taken back or proved (inclusive), and the newest
    letter with a code while it is provisional."""

    application: FreePassApplication
    state: str
    withdraw_until: date | None
    letter: IdentityLetter | None = None

    @property
    def label(self) -> str:
        return str(State(self.state).label)

    @property
    def letter_is_back(self) -> bool:
        return self.letter is not None and self.letter.returned_on is not None


@dataclass(frozen=True, slots=True)
class Screen:
    """What the office page shows. `saying` (for who is proved) and `anybody` are None and empty only when no fee is
    on file for the next term."""

    office: Office
    answer: OfficeAnswer
    scene: Scene
    saying: Saying | None
    anybody: str
    coming: Sequence[Coming]
    concerns: Sequence[Concern]
    terms: Sequence[TermLine]
    applications: Sequence[ApplicationLine]
    beside: Beside
    call: ContactLog | None

    @property
    def plan(self) -> Plan | None:
        return self.answer.standing.plan

    @property
    def services(self) -> str:
        """The first few by name."""
        names = self.beside.services
        return "・".join(names[:SERVICES_SHOWN]) + (" ほか" if len(names) > SERVICES_SHOWN else "")

    @property
    def is_using(self) -> bool:
        return self.answer.standing.status in (ACTIVE_FREE, ACTIVE_PAID)

    @property
    def must_agree(self) -> bool:
        """Whether consent is still to be asked for before an act."""
        return self.call is not None and not has_consent(self.call)

    @property
    def cannot_file(self) -> Cannot | None:
        return why_no_filing(self.scene)

    @property
    def renewal_mode(self) -> str:
        """How it renews, and that a free year changes it (A11)."""
        if self.plan is None or not self.plan.facts.terms:
            return ""
        if self.plan.is_stopping:
            return "更新しない（停止の届けが出ている）"
        mode = self.plan.facts.renewal_mode
        reserved = self.plan.facts.reservation
        if mode != AUTO and reserved is not None and reserved.kind == FREE_PASS:
            return "手動 → フリーパスのあとは自動"
        return str(RenewalMode(mode).label)

    @property
    def fingerprints(self) -> tuple[str, str]:
        """What a check page carries: of the standing and of the answer; empty when set aside."""
        agreed = ""
        if self.answer.assessment and self.answer.situation:
            agreed = fingerprint(self.answer.assessment, self.answer.situation)
        return (plan_fingerprint(self.plan) if self.plan else ""), agreed


def office_screen(office: Office, call: ContactLog | None, today: date) -> Screen:
    """Read everything once; `call` is the one under way about this office. Raises Campaign.DoesNotExist when no
    campaign is on file."""
    campaign, fees = offer_on(today)
    in_scope = office.scope in IN_SCOPE if office.scope else None
    answer = answer_from(campaign, standing(office.pk, today, outlook=CHANGES_SHOWN, fees=fees), in_scope, fees, today)
    applications = _with_letters([_application_line(application) for application in filed_for.all(office.pk)])
    pending = [line.application for line in applications if line.state == PROVISIONAL]
    plan = answer.standing.plan if answer.assessment else None
    scene = Scene(today, plan, answer.assessment, fees, window_of(campaign), nearest_unproved(pending, today))
    known = beside(office, today)
    return Screen(
        office=office,
        answer=answer,
        scene=scene,
        saying=_said(say, scene),
        anybody=_said(say_to_anybody, scene) or "",
        coming=_said(_coming(answer.standing.outlook), scene) or (),
        concerns=concerns(_known(office, answer, applications, known, in_scope), plan, today),
        terms=_terms(plan) if plan else (),
        applications=applications,
        beside=known,
        call=call,
    )


def nearest_unproved(pending: Sequence[FreePassApplication], today: date) -> Unproved | None:
    """The filing whose proof is due first, with its own dates: as recorded on the day of filing, and as its receipt
    shows them where the applicant stated others."""
    if not pending:
        return None
    filing = min(pending, key=lambda application: (application.prove_by, application.filed_at))
    term, shown = Period(filing.starts_on, filing.ends_on), receipt_of(filing, today).filed.term
    return Unproved(filing.filed_on, term, filing.prove_by, None if shown == term else shown, bool(filing.effect))


def _coming(changes: Sequence[Change]) -> Callable[[Scene], Sequence[Coming]]:
    def lines(scene: Scene) -> Sequence[Coming]:
        if scene.plan is None:
            return ()
        if scene.unproved is None:
            return coming(scene.plan, changes, scene.policy, scene.today)
        return coming_unproved(scene, changes)

    return lines


def _said(words: Callable[[Scene], Any], scene: Scene) -> Any:
    try:
        return words(scene)
    except BadRecord:
        return None


def _applicants(lines: Sequence[ApplicationLine]) -> tuple[str, ...]:
    """Where those who filed are reached while their filing stands."""
    standing = (PROVISIONAL, RESERVED, GRANTED)
    found = (line.application.applicant_email for line in lines if line.state in standing)
    return tuple(dict.fromkeys(address for address in found if address))


def _known(
    office: Office, answer: OfficeAnswer, lines: Sequence[ApplicationLine], known: Beside, in_scope: bool | None
) -> Known:
    pending = [line.application for line in lines if line.state == PROVISIONAL]
    return Known(
        unlisted=office.unlisted,
        vanished_on=known.vanished_on,
        closed_on=office.closed_on,
        in_scope=in_scope,
        has_members=known.has_members,
        set_aside=answer.problem,
        pending=tuple(Pending(application.receipt_number, application.prove_by) for application in pending),
        unconfirmed=known.unconfirmed,
        bounced=tuple(known.bounced),
        promised=tuple(known.promised),
        letters_back=tuple(line.application.receipt_number for line in lines if line.letter_is_back),
        applicants=_applicants(lines),
    )


def _application_line(application: FreePassApplication) -> ApplicationLine:
    state = application_state(application)
    until = day_before(application.starts_on) if state == RESERVED else None
    return ApplicationLine(application, state, application.prove_by if state == PROVISIONAL else until)


def _with_letters(lines: list[ApplicationLine]) -> list[ApplicationLine]:
    letters = newest_letters([line.application for line in lines if line.state == PROVISIONAL])
    return [replace(line, letter=letters.get(line.application.pk)) for line in lines]


def _terms(plan: Plan) -> list[TermLine]:
    lines = [
        TermLine(
            term.starts_on, term.ends_on, str(Pricing(term.pricing).label), term.fee_yen,
            "" if term is plan.current else str(Closing(term.closing).label), term is plan.current,
        )
        for term in plan.facts.terms
    ]  # fmt: skip
    change = plan.next_change
    if change is not None and change.opens is not None and change.uses_reservation:
        year = year_from(change.on)
        kind = "予約（無料）" if change.opens.pricing == FREE_PASS else "予約（有償）"
        lines.append(TermLine(year.starts_on, year.ends_on, kind, change.opens.fee_yen, ""))
    return lines[::-1]
