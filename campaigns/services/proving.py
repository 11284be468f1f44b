"""Proof that whoever filed belongs to the office, and what it sets going (R16)."""

from datetime import date

from django.db import transaction

from campaigns.enums import ApplicationEventKind, Effect
from campaigns.models import FreePassApplication
from campaigns.notifications.applications import PROOF
from campaigns.queries import provisional_applications
from campaigns.services.recording import event_record, notice_enqueue
from careplan_portal.lib.acting import Acting
from licenses import services as licenses
from licenses.rules import FREE_PASS
from licenses.services import Refused


@transaction.atomic
def application_prove(*, application_id: int, proof: str, today: date, acting: Acting) -> FreePassApplication:
    """R16: identity proved; the grant dates from the filing. The first of several filings for an
    office that is proved stands, the others end. Proving twice changes nothing.

    Raises Refused after the deadline, or when the application has ended.
    """
    application = application_hold(application_id, today, acting)
    if application.proved_on is not None:
        return application
    if application.expired_on or today > application.prove_by:
        raise Refused("expired", "確認の期限が過ぎています。もう一度、申請してください。")
    if application.withdrawn_on or application.superseded_on:
        raise Refused("ended", "この申請は、取り下げられたか、ほかの申請で済んでいます。")
    prove(application, proof, today, acting)
    notice_enqueue(application, PROOF)
    return application


def application_hold(application_id: int, today: date, acting: Acting) -> FreePassApplication:
    """Lock the office's licence and then the application, in the order that filing locks them."""
    office_id = FreePassApplication.objects.values_list("office_id", flat=True).get(pk=application_id)
    licenses.license_hold(office_id=office_id, today=today, acting=acting)
    return FreePassApplication.objects.select_for_update(of=("self",)).get(pk=application_id)


def prove(application: FreePassApplication, proof: str, today: date, acting: Acting) -> None:
    """Identity is proved: write what was filed into the licence, or decline it where the licence's
    own dates do not allow what was stated. Inside the caller's transaction, under its locks."""
    application.proved_on, application.proved_by = today, proof
    if not application.effect:
        _decline(application, today, acting)
        return
    _take_effect(application, today, acting)
    application.save(update_fields=["proved_on", "proved_by", "reservation"])
    event_record(application, ApplicationEventKind.PROVED, today, acting, proof=proof)
    supersede_others(application, today, acting)


def _decline(application: FreePassApplication, today: date, acting: Acting) -> None:
    application.declined_on = today
    application.save(update_fields=["proved_on", "proved_by", "declined_on"])
    event_record(application, ApplicationEventKind.PROVED, today, acting, proof=application.proved_by)
    event_record(application, ApplicationEventKind.DECLINED, today, acting, outcome=application.answer["outcome"])


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


def supersede_others(application: FreePassApplication, today: date, acting: Acting) -> None:
    """The first proved stands: end the other provisional filings for the office (R16)."""
    others = provisional_applications().filter(office_id=application.office_id)
    for other in others.exclude(pk=application.pk):
        other.superseded_on = today
        other.save(update_fields=["superseded_on"])
        event_record(other, ApplicationEventKind.SUPERSEDED, today, acting, by=application.receipt_number)
