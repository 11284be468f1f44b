"""Work outside requests. Each task says why running twice is safe."""

from celery import shared_task

from campaigns.services.mailing import application_notify as notify
from careplan_portal.lib import clock


@shared_task(
    name="campaigns.tasks.application_notify",
    autoretry_for=(OSError, RuntimeError, ValueError),
    retry_backoff=30,
    retry_backoff_max=3600,
    max_retries=12,
)
def application_notify(application_id: int, kind: str) -> bool:
    """Safe to run twice: the outbox has one notice of a kind about an application."""
    return notify(application_id=application_id, kind=kind, today=clock.today())
