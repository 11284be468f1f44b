"""Filing for the Free Pass, proving who filed, withdrawing, expiring (R3-R8, R16)."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import rules
from campaigns.enums import ApplicationEventKind, Channel, Effect, Proof, ScopePolicy
from campaigns.models import ApplicationEvent, FreePassApplication
from campaigns.queries import OfficeAnswer, office_answer, provisional_applications
from careplan_portal.lib.acting import NIGHT, Acting
from licenses import services as licenses
from licenses.rules import FREE_PASS
from licenses.services import Refused


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who files, and the versions of the texts agreed to (kept with person and time)."""

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
) -> FreePassApplication:
    """File for the Free Pass on `today`. `shown` is the fingerprint of the answer the person
    agreed to; `proof` says how identity is already proved (a signed-in member), else provisional.

    The same `form_key` again returns the filing it made. Raises AnswerChanged when the answer of
    today differs from `shown`, and Refused with a sentence for people.
    """
    try:
        with transaction.atomic():
            return _file(office_id, applicant, channel, shown, form_key, today, acting, proof)
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
) -> FreePassApplication:
    # The licence's row is the queue in which filings for one office wait for each other.
    licenses.license_hold(office_id=office_id, today=today, acting=acting)
    existing = FreePassApplication.objects.filter(form_key=form_key).first()
    if existing is not None:
        return existing
    answer = office_answer(office_id, today)
    filing = _guard(answer, shown)
    application = FreePassApplication.objects.create(
        receipt_number=_draw_number(today),
        form_key=form_key,
        campaign=answer.campaign,
        office_id=office_id,
        channel=channel,
        filed_on=today,
        filed_at=timezone.now(),
        applicant_id=applicant.user_id,
        applicant_name=applicant.name,
        applicant_phone=applicant.phone,
        applicant_email=applicant.email,
        terms_version=applicant.terms_version,
        privacy_version=applicant.privacy_version,
        effect=filing.effect,
        starts_on=filing.free_term.starts_on,
        ends_on=filing.free_term.ends_on,
        answer=_stored(answer),
        prove_by=rules.proof_deadline(today, answer.campaign.proof_days),
    )
    _event(application, ApplicationEventKind.FILED, today, acting, shown=shown)
    if proof:
        _prove(application, proof, today, acting)
    return application


def _guard(answer: OfficeAnswer, shown: str) -> rules.Filing:
    if answer.assessment is None or answer.situation is None:
        raise Refused("set_aside", answer.problem)
    closed_on = answer.standing.plan and answer.standing.plan.facts.closed_on
    if closed_on:
        raise Refused("office_closed", "廃止の届けが出ている事業所です。ヘルプデスクにお電話ください。")
    if rules.fingerprint(answer.assessment, answer.situation) != shown:
        raise AnswerChanged(answer)
    filing = rules.filing(answer.assessment)
    if filing is None:
        raise Refused(answer.assessment.outcome, answer.assessment.explanations[0].text)
    if answer.assessment.warnings and answer.campaign.scope_policy == ScopePolicy.REFUSE:
        raise Refused("out_of_scope", "データ連携の対象になるサービスがないため、申請を受け付けられません。")
    return filing


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
def application_prove(*, application_id: int, proof: str, today: date, acting: Acting) -> FreePassApplication:
    """R16: identity proved; the grant dates from the filing. The first of several filings for an
    office that is proved stands, the others end. Proving twice changes nothing.

    Raises Refused after the deadline, or when the application has ended.
    """
    application = _hold(application_id, today, acting)
    if application.proved_on is not None:
        return application
    if application.expired_on or today > application.prove_by:
        raise Refused("expired", "確認の期限が過ぎています。もう一度、申請してください。")
    if application.withdrawn_on or application.superseded_on:
        raise Refused("ended", "この申請は、取り下げられたか、ほかの申請で済んでいます。")
    _prove(application, proof, today, acting)
    return application


def _hold(application_id: int, today: date, acting: Acting) -> FreePassApplication:
    """Lock the office's licence and then the application, in the order that filing locks them."""
    office_id = FreePassApplication.objects.values_list("office_id", flat=True).get(pk=application_id)
    licenses.license_hold(office_id=office_id, today=today, acting=acting)
    return FreePassApplication.objects.select_for_update(of=("self",)).get(pk=application_id)


def _prove(application: FreePassApplication, proof: str, today: date, acting: Acting) -> None:
    application.proved_on, application.proved_by = today, proof
    _take_effect(application, today, acting)
    application.save(update_fields=["proved_on", "proved_by", "reservation"])
    _event(application, ApplicationEventKind.PROVED, today, acting, proof=proof)
    _supersede_others(application, today, acting)


def _take_effect(application: FreePassApplication, today: date, acting: Acting) -> None:
    """Write the fact into the licence: a free term, or a reservation for its renewal date."""
    office_id, filed_on = application.office_id, application.filed_on
    if application.effect == Effect.AT_RENEWAL and today < application.starts_on:
        application.reservation = licenses.reservation_file(
            office_id=office_id, kind=FREE_PASS, filed_on=filed_on, today=today, acting=acting
        )
    elif application.effect == Effect.BEGUN_TERM:
        licenses.license_make_free(
            office_id=office_id,
            starts_on=application.starts_on,
            filed_on=filed_on,
            today=today,
            acting=acting,
        )
    else:
        licenses.license_open_free(
            office_id=office_id,
            starts_on=application.starts_on,
            filed_on=filed_on,
            today=today,
            acting=acting,
        )


def _supersede_others(application: FreePassApplication, today: date, acting: Acting) -> None:
    others = provisional_applications().filter(office_id=application.office_id)
    for other in others.exclude(pk=application.pk):
        other.superseded_on = today
        other.save(update_fields=["superseded_on"])
        _event(other, ApplicationEventKind.SUPERSEDED, today, acting, by=application.receipt_number)


@transaction.atomic
def application_withdraw(*, application_id: int, today: date, acting: Acting) -> FreePassApplication:
    """R8: a reservation up to the day before its renewal date, a provisional filing at any time;
    neither uses the Free Pass up. Withdrawing twice changes nothing.

    Raises Refused once the free term has begun, or for a granted reservation (R7).
    """
    application = _hold(application_id, today, acting)
    if application.withdrawn_on is not None:
        return application
    if application.expired_on or application.superseded_on:
        raise Refused("ended", "この申請は、もう終わっています。")
    if application.proved_on is not None:
        _withdraw_reservation(application, today, acting)
    application.withdrawn_on = today
    application.save(update_fields=["withdrawn_on"])
    _event(application, ApplicationEventKind.WITHDRAWN, today, acting)
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
        _event(application, ApplicationEventKind.EXPIRED, today, NIGHT)
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
        filed_at=timezone.now(),
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
    _event(application, ApplicationEventKind.FILED, today, acting, reason=reason)
    _supersede_others(application, today, acting)
    return application


def _event(application: FreePassApplication, kind: str, today: date, acting: Acting, **data: Any) -> None:
    ApplicationEvent.objects.create(
        application=application,
        kind=kind,
        recorded_on=today,
        actor_id=acting.user_id,
        acting_as=acting.role,
        reason=acting.reason,
        data=data,
    )
