"""Work outside requests. Each task says why running twice is safe."""

from smtplib import SMTPException

from celery import shared_task

from campaigns.services.mailing import application_mail_send
from careplan_portal.lib import clock


@shared_task(
    name="campaigns.tasks.application_mail",
    autoretry_for=(SMTPException, OSError),
    retry_backoff=30,
    retry_backoff_max=3600,
    max_retries=12,
)
def application_mail(application_id: int, kind: str) -> bool:
    """Safe to run twice: an event marks the mail that was handed over, under the application's lock."""
    return application_mail_send(application_id=application_id, kind=kind, today=clock.today())
