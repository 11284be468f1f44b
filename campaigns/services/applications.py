"""Filing for the Free Pass, withdrawing, expiring, granting (R3-R8, R16)."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from campaigns import rules
from campaigns.enums import ApplicationEventKind, Channel, Effect, Proof, ScopePolicy
from campaigns.models import FreePassApplication
from campaigns.notifications.applications import RECEIPT
from campaigns.queries import (
    OfficeAnswer,
    answer_on_arrival,
    claimed_answer,
    office_answer,
    provisional_applications,
)
from campaigns.rules import Claims
from campaigns.services.arriving import guard_arrival
from campaigns.services.proving import application_hold, prove, supersede_others
from campaigns.services.recording import event_record, notice_enqueue
from careplan_portal.lib import clock
from careplan_portal.lib.acting import NIGHT, Acting
from licenses import services as licenses
from licenses.rules import FREE_PASS
from licenses.services import Refused


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who files, and the versions of the texts agreed to (kept with person and time). `email` is empty where somebody
    who files by telephone or on paper has none."""

    name: str
    phone: str
    email: str
    terms_version: str
    privacy_version: str
    user_id: int | None = None


class AnswerChanged(Exception):
    """Nothing was filed: since the answer was shown it became another one, which is in `answer`."""

    def __init__(self, answer: OfficeAnswer):
        super().__init__("the answer is no longer the one that was shown")
        self.answer = answer


def application_file(
    *,
    office_id: int,
    applicant: Applicant,
    channel: str,
    shown: str,
    form_key: UUID,
    today: date,
    acting: Acting,
    proof: str = "",
    claims: Claims | None = None,
    arrived_on: date | None = None,
) -> FreePassApplication:
    """File for the Free Pass on `today`, or of a form on paper as on the day on which it arrived. `shown` is the fingerprint of the answer the person
    agreed to; `proof` says how identity is already proved (a signed-in member), else provisional.
    `claims` is what a visitor stated of the licence: the agreed answer is then the one to the
    claims, and what the licence's own dates give is kept beside it, untold, until proof.

    The same `form_key` again returns the filing it made. Raises AnswerChanged when the answer of
    today differs from `shown`, and Refused with a sentence for people.
    """
    try:
        with transaction.atomic():
            return _file(office_id, applicant, channel, shown, form_key, today, acting, proof, claims, arrived_on)
    except IntegrityError:
        # Two sends of one form at once: the other one has filed while this one waited.
        existing = FreePassApplication.objects.filter(form_key=form_key).first()
        if existing is None:
            raise
        return existing


def _file(
    office_id: int,
    applicant: Applicant,
    channel: str,
    shown: str,
    form_key: UUID,
    today: date,
    acting: Acting,
    proof: str,
    claims: Claims | None,
    arrived_on: date | None,
) -> FreePassApplication:
    # The licence's row is the queue in which filings for one office wait for each other.
    licenses.license_hold(office_id=office_id, today=today, acting=acting)
    existing = FreePassApplication.objects.filter(form_key=form_key).first()
    if existing is not None:
        return existing
    filed_on = arrived_on or today
    answer = _answer(office_id, arrived_on, today)
    _guard_office(answer)
    agreed = answer if claims is None else claimed_answer(answer, claims, today)
    filing = _guard_agreed(agreed, shown)
    recorded = filing if claims is None else _recorded(answer)
    term = (recorded or filing).free_term
    application = FreePassApplication.objects.create(
        receipt_number=_draw_number(today),
        form_key=form_key,
        campaign=answer.campaign,
        office_id=office_id,
        channel=channel,
        filed_on=filed_on,
        filed_at=clock.at(today),
        applicant_id=applicant.user_id,
        applicant_name=applicant.name,
        applicant_phone=applicant.phone,
        applicant_email=applicant.email,
        terms_version=applicant.terms_version,
        privacy_version=applicant.privacy_version,
        effect=recorded.effect if recorded else "",
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        answer=_stored(answer),
        claimed=_claimed(claims, filing) if claims else None,
        prove_by=rules.proof_deadline(filed_on, answer.campaign.proof_days),
    )
    came = {"arrived_on": arrived_on.isoformat()} if arrived_on else {}
    event_record(application, ApplicationEventKind.FILED, today, acting, shown=shown, **came)
    if proof:
        prove(application, proof, today, acting)
    notice_enqueue(application, RECEIPT)
    return application


def _answer(office_id: int, arrived_on: date | None, today: date) -> OfficeAnswer:
    if arrived_on is None:
        return office_answer(office_id, today)
    guard_arrival(office_id, arrived_on, today)
    return answer_on_arrival(office_id, arrived_on)


def _guard_office(answer: OfficeAnswer) -> None:
    if answer.assessment is None or answer.situation is None:
        raise Refused("set_aside", answer.problem)
    closed_on = answer.standing.plan and answer.standing.plan.facts.closed_on
    if closed_on:
        raise Refused("office_closed", "廃止の届けが出ている事業所です。ヘルプデスクにお電話ください。")


def _guard_agreed(agreed: OfficeAnswer, shown: str) -> rules.Filing:
    assert agreed.assessment is not None
    assert agreed.situation is not None
    if rules.fingerprint(agreed.assessment, agreed.situation) != shown:
        raise AnswerChanged(agreed)
    filing = rules.filing(agreed.assessment)
    if filing is None:
        raise Refused(agreed.assessment.outcome, agreed.assessment.explanations[0].text)
    if agreed.assessment.warnings and agreed.campaign.scope_policy == ScopePolicy.REFUSE:
        raise Refused("out_of_scope", "データ連携の対象になるサービスがないため、申請を受け付けられません。")
    return filing


def _recorded(answer: OfficeAnswer) -> rules.Filing | None:
    """What the licence's own dates give; None where they do not allow a filing today."""
    return rules.filing(answer.assessment) if answer.assessment else None


def _claimed(claims: Claims, filing: rules.Filing) -> dict[str, Any]:
    """What was stated and what was promised for it, kept with the filing."""
    return {
        "free_pass": claims.free_pass,
        "term_ends_on": claims.ends_on and claims.ends_on.isoformat(),
        "renewal": claims.renewal,
        "effect": filing.effect,
        "starts_on": filing.free_term.starts_on.isoformat(),
        "ends_on": filing.free_term.ends_on.isoformat(),
    }


def _stored(answer: OfficeAnswer) -> dict[str, Any]:
    """The answer as it was given, kept with the filing."""
    assert answer.assessment is not None
    stored: dict[str, Any] = json.loads(json.dumps(asdict(answer.assessment), cls=DjangoJSONEncoder))
    return stored


def _draw_number(today: date) -> str:
    """Drawn, not counted: a receipt number must not tell how to guess the next one."""
    while True:
        serial = secrets.randbelow(rules.SERIALS)
        number = rules.receipt_number(today.year, today.month, serial)
        if not FreePassApplication.objects.filter(receipt_number=number).exists():
            return number


@transaction.atomic
def application_withdraw(*, application_id: int, today: date, acting: Acting) -> FreePassApplication:
    """R8: a reservation up to the day before its renewal date, a provisional filing at any time;
    neither uses the Free Pass up. Withdrawing twice changes nothing.

    Raises Refused once the free term has begun, or for a granted reservation (R7).
    """
    application = application_hold(application_id, today, acting)
    if application.withdrawn_on is not None:
        return application
    if application.expired_on or application.superseded_on:
        raise Refused("ended", "この申請は、もう終わっています。")
    if application.proved_on is not None:
        _withdraw_reservation(application, today, acting)
    application.withdrawn_on = today
    application.save(update_fields=["withdrawn_on"])
    event_record(application, ApplicationEventKind.WITHDRAWN, today, acting)
    return application


def _withdraw_reservation(application: FreePassApplication, today: date, acting: Acting) -> None:
    if application.reservation_id is None or today >= application.starts_on:
        raise Refused(
            "begun",
            "無料の期間が始まっているので、取り下げはできません。やめるときは、利用停止の手続きをしてください。",
        )
    licenses.reservation_withdraw(office_id=application.office_id, today=today, acting=acting)


@transaction.atomic
def applications_expire(*, today: date) -> int:
    """R16: end the provisional filings whose deadline lies before `today`; returns how many.
    Running again ends nothing twice, because an ended one is no longer provisional."""
    late = provisional_applications().filter(prove_by__lt=today).select_for_update(of=("self",))
    count = 0
    for application in late:
        application.expired_on = today
        application.save(update_fields=["expired_on"])
        event_record(application, ApplicationEventKind.EXPIRED, today, NIGHT)
        count += 1
    return count


@transaction.atomic
def free_pass_grant(*, office_id: int, reason: str, form_key: UUID, today: date, acting: Acting) -> FreePassApplication:
    """R7: an operator grants by hand, with a reason: a reservation for the next renewal whatever
    the window, which cannot be withdrawn, or a free term from today without a valid term. R8 holds.
    """
    held = licenses.license_hold(office_id=office_id, today=today, acting=acting)
    current = held.current
    answer = office_answer(office_id, today)
    term = rules.granted_term(current, today)
    application = FreePassApplication(
        receipt_number=_draw_number(today),
        form_key=form_key,
        campaign=answer.campaign,
        office_id=office_id,
        channel=Channel.OPERATOR,
        filed_on=today,
        filed_at=clock.now(),
        applicant_id=acting.user_id,
        effect=Effect.AT_RENEWAL if current else Effect.FROM_FILING,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        answer=_stored(answer) if answer.assessment else {},
        prove_by=today,
        proved_on=today,
        proved_by=Proof.OPERATOR,
        reason=reason,
    )
    if current:
        application.reservation = licenses.reservation_file(
            office_id=office_id,
            kind=FREE_PASS,
            filed_on=today,
            today=today,
            acting=acting,
            can_withdraw=False,
        )
    else:
        licenses.license_open_free(office_id=office_id, starts_on=today, filed_on=today, today=today, acting=acting)
    application.save()
    event_record(application, ApplicationEventKind.FILED, today, acting, reason=reason)
    supersede_others(application, today, acting)
    notice_enqueue(application, RECEIPT)
    return application
