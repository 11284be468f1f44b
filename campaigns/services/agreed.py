"""What members do on their office's page: stop, take back, pay. Each act takes `shown`, the
fingerprint of the standing the person was shown, and is done only while that still holds.

A second click finds the act done and changes nothing. All raise licenses.services.Refused with a
sentence for people, and StandingChanged when the licence stands otherwise than shown.
"""

from datetime import date

from django.db import transaction

from campaigns.models import FreePassApplication
from campaigns.queries import applications_of, office_answer
from campaigns.rules import APPLY_NOW
from campaigns.rules.agreeing import plan_fingerprint
from campaigns.services.applications import application_withdraw
from careplan_portal.lib.acting import Acting
from licenses import services as licenses
from licenses.enums import DocumentKind
from licenses.rules import FREE_PASS, PAID, Plan
from licenses.services import Refused


class StandingChanged(Exception):
    """Nothing was done: the licence stands otherwise than when the page was shown."""


def _hold(office_id: int, today: date, acting: Acting) -> Plan:
    plan: Plan = licenses.license_hold(office_id=office_id, today=today, acting=acting).plan
    return plan


def _guard(plan: Plan, shown: str) -> None:
    if plan_fingerprint(plan) != shown:
        raise StandingChanged


@transaction.atomic
def agreed_stop_file(*, office_id: int, shown: str, today: date, acting: Acting) -> None:
    """R10: stop at the term's end; its confirmation is made at once, for whoever wants it on paper."""
    plan = _hold(office_id, today, acting)
    if plan.is_stopping:
        return
    if plan.current is not None:
        _guard(plan, shown)
    licenses.stop_file(office_id=office_id, today=today, acting=acting)
    licenses.document_request(
        office_id=office_id, kind=DocumentKind.STOP_CONFIRMATION, on=today, today=today, acting=acting
    )


@transaction.atomic
def agreed_stop_withdraw(*, office_id: int, shown: str, today: date, acting: Acting) -> None:
    """R10: take the stop back, up to and including the term's last day."""
    plan = _hold(office_id, today, acting)
    if plan.current is not None and not plan.is_stopping:
        return
    if plan.current is not None:
        _guard(plan, shown)
    licenses.stop_withdraw(office_id=office_id, today=today, acting=acting)


@transaction.atomic
def agreed_reservation_withdraw(*, office_id: int, shown: str, today: date, acting: Acting) -> None:
    """R8: take the reservation for the next term back, up to the day before its renewal date; of a
    Free Pass together with its application."""
    plan = _hold(office_id, today, acting)
    reservation = plan.facts.reservation
    if reservation is None and plan.current is not None and plan.current.pricing == PAID:
        return
    if reservation is None:
        raise Refused("begun", "予約していた期間が始まっているか、予約がないので、取り下げはできません。")
    _guard(plan, shown)
    application = _reserving(office_id) if reservation.kind == FREE_PASS else None
    if application is None:
        licenses.reservation_withdraw(office_id=office_id, today=today, acting=acting)
    else:
        application_withdraw(application_id=application.pk, today=today, acting=acting)


def _reserving(office_id: int) -> FreePassApplication | None:
    return applications_of(office_id).filter(reservation__state="open", withdrawn_on=None).first()


@transaction.atomic
def agreed_paid_start(*, office_id: int, shown: str, all_the_same: bool, today: date, acting: Acting) -> None:
    """R12: a paid year from today. While the Free Pass is open to the office it has to be said that
    it is to be paid all the same."""
    plan = _hold(office_id, today, acting)
    if plan.current is not None and plan.current.pricing == PAID and plan.current.starts_on == today:
        return
    _guard(plan, shown)
    _guard_free_first(office_id, all_the_same, today)
    licenses.license_start_paid(office_id=office_id, today=today, acting=acting)


@transaction.atomic
def agreed_paid_renewal(*, office_id: int, shown: str, all_the_same: bool, today: date, acting: Acting) -> None:
    """R9: a manual office files its next paid year in the renewal month, before the renewal date."""
    plan = _hold(office_id, today, acting)
    if plan.facts.reservation is not None and plan.facts.reservation.kind == PAID:
        return
    _guard(plan, shown)
    _guard_free_first(office_id, all_the_same, today)
    licenses.paid_renewal_file(office_id=office_id, today=today, acting=acting)


def _guard_free_first(office_id: int, all_the_same: bool, today: date) -> None:
    answer = office_answer(office_id, today).assessment
    if answer is not None and answer.outcome == APPLY_NOW and not all_the_same:
        raise Refused("free_pass_open", "フリーパスを申請できます。それでも有償で使うときは、印を付けてください。")
