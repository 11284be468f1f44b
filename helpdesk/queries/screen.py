"""The one screen for an office: everything that the helpdesk has to see of it, from one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from campaigns.enums import State
from campaigns.models import FreePassApplication, IdentityLetter
from campaigns.queries import (
    OfficeAnswer,
    answer_from,
    application_state,
    applications_of,
    campaign_on,
    newest_letters,
    receipt_of,
    window_of,
)
from campaigns.rules import GRANTED, PROVISIONAL, RESERVED, fingerprint
from campaigns.rules.agreeing import plan_fingerprint
from careplan_portal.lib.dates import Period, day_before, year_from
from faq.models import Entry
from faq.queries import OfficeValues, Shown, shown, visible_entries
from helpdesk.enums import TOPIC_OF_ENTRIES, Topic
from helpdesk.models import ContactLog, Inquiry
from helpdesk.queries.contacts import current_call, has_consent, letters_needed
from helpdesk.queries.logbook import LogLine, last_spoken, log_of
from helpdesk.rules.anybody import say_to_anybody
from helpdesk.rules.coming import Coming, coming, coming_unproved
from helpdesk.rules.concerns import Concern, Known, Pending, concerns
from helpdesk.rules.likely import asks_back, likely
from helpdesk.rules.offering import Cannot, why_no_filing
from helpdesk.rules.saying import Saying, say
from helpdesk.rules.scene import Scene, Unproved
from helpdesk.rules.spoken import by_plan, spoken_fee
from licenses.enums import Closing, Pricing, RenewalMode
from licenses.queries import policy, standing
from licenses.rules import ACTIVE_FREE, ACTIVE_PAID, AUTO, FREE_PASS, BadRecord, Change, Plan
from notices.models import Notice
from notices.queries import bounces_of_office, notices_of_office
from offices.enums import IN_SCOPE, VanishedState
from offices.models import Membership, Office, OfficeService, VanishedOffice
from offices.queries import members_of, office_services

CONTACTS_SHOWN = 30
NOTICES_SHOWN = 5


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
class Question:
    """A likely question with what to say; `lines` are spoken one by one."""

    entry: Entry
    told: Shown

    @property
    def topic(self) -> str:
        """What a note about it is about."""
        return TOPIC_OF_ENTRIES.get(self.entry.topic_id, Topic.OTHER)


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
    log: Sequence[LogLine]
    members: Sequence[Membership]
    services: Sequence[OfficeService]
    inquiries: Sequence[Inquiry]
    notices: Sequence[Notice]
    questions: Sequence[Question]
    call: ContactLog | None
    last_spoken: LogLine | None

    @property
    def plan(self) -> Plan | None:
        return self.answer.standing.plan

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
    def own_facts(self) -> frozenset[str]:
        """The facts in no public register that there are to compare with."""
        known = {
            "receipt": self.applications, "applicant": self.applications, "mail": self.members or self.applications,
            "term_end": self.plan and self.plan.current, "last_contact": self.last_spoken,
        }  # fmt: skip
        return frozenset(name for name, fact in known.items() if fact)

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


def office_screen(office: Office, user_id: int, today: date, now: datetime) -> Screen:
    """Read everything once. Raises Campaign.DoesNotExist when no campaign is on file."""
    fees, campaign = policy(), campaign_on(today)
    in_scope = office.scope in IN_SCOPE if office.scope else None
    answer = answer_from(campaign, standing(office.pk, today), in_scope, fees, today)
    applications = _with_letters([_application_line(application) for application in applications_of(office.pk)])
    pending = [line.application for line in applications if line.state == PROVISIONAL]
    plan = answer.standing.plan if answer.assessment else None
    scene = Scene(today, plan, answer.assessment, fees, window_of(campaign), nearest_unproved(pending, today))
    members = list(members_of(office.pk, today))
    told = list(notices_of_office(office.pk)[:CONTACTS_SHOWN])
    log = log_of(office.pk, told)
    known = replace(
        _known(office, answer, pending, members, in_scope),
        applicants=_applicants(applications),
        letters_back=tuple(line.application.receipt_number for line in applications if line.letter_is_back),
    )
    return Screen(
        office=office,
        answer=answer,
        scene=scene,
        saying=_said(say, scene),
        anybody=_said(say_to_anybody, scene) or "",
        coming=_said(_coming(answer.standing.outlook[:2]), scene) or (),
        concerns=concerns(known, plan, today),
        terms=_terms(plan) if plan else (),
        applications=applications,
        log=log,
        members=members,
        services=list(office_services(office.pk)),
        inquiries=list(_inquiries(office.pk)[:5]),
        notices=told[:NOTICES_SHOWN],
        questions=questions(likely(scene), office, scene),
        call=current_call(office.pk, user_id, now),
        last_spoken=last_spoken(log, user_id, today),
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
    return tuple(dict.fromkeys(line.application.applicant_email for line in lines if line.state in standing))


def _known(
    office: Office,
    answer: OfficeAnswer,
    pending: Sequence[FreePassApplication],
    members: Sequence[Membership],
    in_scope: bool | None,
) -> Known:
    vanished = VanishedOffice.objects.filter(office=office, state=VanishedState.PENDING)
    return Known(
        unlisted=office.unlisted,
        vanished_on=vanished.values_list("as_of", flat=True).first(),
        closed_on=office.closed_on,
        in_scope=in_scope,
        members=len(members),
        set_aside=answer.problem,
        pending=tuple(Pending(application.receipt_number, application.prove_by) for application in pending),
        unconfirmed=letters_needed(office.pk),
        bounced=tuple(bounce.address for bounce in bounces_of_office(office.pk)),
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


def _inquiries(office_id: int) -> QuerySet[Inquiry]:
    return Inquiry.objects.filter(office_id=office_id).select_related("taken_by").order_by("-received_at")


# likely questions ------------------------------------------------------------------------------


def questions(
    slugs: Sequence[str], office: Office | None = None, scene: Scene | None = None, *, staff: bool = True
) -> list[Question]:
    """Entries in the order of their slugs, told with the office's own dates where one is given;
    those that may not be read are left out."""
    entries = {entry.slug: entry for entry in visible_entries(staff=staff).filter(slug__in=slugs)}
    values = OfficeValues(office.name, own_values(scene), own_states(scene)) if office and scene else None
    found = [Question(entries[slug], shown(entries[slug], values)) for slug in slugs if slug in entries]
    return [_suited(question, scene) for question in found] if scene else found


def _suited(question: Question, scene: Scene) -> Question:
    """With every amount as the plan has it, never flat, and the fee as the sentences to read out say it, where the
    entry speaks of the office's next fee; without asking back what is done already."""
    change = scene.plan.next_change if scene.plan else None
    renews = change is not None and change.opens is not None and change.opens.fee_yen
    on = change.on if change is not None and renews else scene.today
    told = bool(renews and "{{fee}}" in question.entry.yours)
    lines = [line for line in question.told.phone if not line[0] or asks_back(scene, question.entry.slug)]
    try:
        phone = [(ask, by_plan(line, scene.policy, on, said=told)) for ask, line in lines]
        if told:
            phone.append(("", f"更新すると、{spoken_fee(scene.policy, on)}。"))
    except BadRecord:
        return question
    phone = [line for line in phone if line[1]]
    return replace(question, told=replace(question.told, phone=tuple(phone)))


def own_values(scene: Scene) -> Mapping[str, Any]:
    """The values of the FAQ's placeholders for an office; None where one would mislead: after a stop
    nothing renews, and an undecided fee is not told (R14)."""
    answer, current = scene.assessment, scene.plan.current if scene.plan else None
    values: dict[str, Any] = {
        "filing_from": answer.apply_from if answer else None,
        "filing_until": answer.apply_until if answer else None,
    }
    if scene.plan is None or current is None:
        return values
    values["term_end"] = current.ends_on
    if scene.plan.is_stopping:
        return values
    return values | {
        "renewal_date": current.renewal_on,
        "last_stop_day": current.ends_on,
        "fee": _decided_fee(scene, scene.plan),
    }


def _decided_fee(scene: Scene, plan: Plan) -> int | None:
    change = plan.next_change
    if change is None or change.opens is None:
        return None
    return None if scene.policy.fee_is_undecided(change.on) else change.opens.fee_yen


def own_states(scene: Scene) -> frozenset[str]:
    """Which of the FAQ's states hold for an office: sentences for others are not told to it."""
    plan = scene.plan
    if plan is None or plan.current is None:
        return frozenset()
    reserved = plan.facts.reservation is not None and plan.facts.reservation.kind == FREE_PASS
    holds = {
        "free": plan.current.pricing == FREE_PASS,
        "paid": plan.current.pricing != FREE_PASS,
        "reserved": reserved,
        "stopping": plan.is_stopping,
        plan.facts.renewal_mode: not plan.is_stopping,
    }
    return frozenset(name for name, true in holds.items() if true)
