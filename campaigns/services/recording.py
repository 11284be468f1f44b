"""What every act on an application leaves: its event, its moment, its mail."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from campaigns.models import ApplicationEvent, FreePassApplication
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.clock import TOKYO
from careplan_portal.lib.jobs import enqueue_on_commit

RECEIPT_MAIL = "receipt"
PROOF_MAIL = "proof"
REMINDER_MAIL = "reminder"


def moment_on(today: date) -> datetime:
    """The time of the wall clock on the business day, which in a demo is another than the wall's."""
    return datetime.combine(today, timezone.now().astimezone(TOKYO).timetz())


def event_record(application: FreePassApplication, kind: str, today: date, acting: Acting, **data: Any) -> None:
    """Who did what to the application, when and why."""
    ApplicationEvent.objects.create(
        application=application,
        kind=kind,
        recorded_on=today,
        actor_id=acting.user_id,
        acting_as=acting.role,
        reason=acting.reason,
        data=data,
    )


def mail_enqueue(application: FreePassApplication, kind: str) -> None:
    """Hand one of the mails above to the queue, once the transaction is committed."""
    if application.applicant_email:
        enqueue_on_commit("campaigns.tasks.application_mail", application.pk, kind)
