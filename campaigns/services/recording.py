"""What every act on an application leaves: its event, its moment, its notice."""

from datetime import date
from typing import Any

from campaigns.models import ApplicationEvent, FreePassApplication
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.jobs import enqueue_on_commit


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


def notice_enqueue(application: FreePassApplication, kind: str) -> None:
    """Have a notice of the application made (receipt, proof, reminder), once the transaction is committed."""
    enqueue_on_commit("campaigns.tasks.application_notify", application.pk, kind)
