"""Work after the night."""

from datetime import date
from smtplib import SMTPException

from celery import shared_task

from adoption.documents.body import bodies_prepare
from adoption.queries.figures import newest_run
from adoption.services.reports import report_mail_send, reports_make
from careplan_portal.lib import clock


@shared_task(name="adoption.tasks.pages_prepare")
def pages_prepare() -> int:
    """Safe to run twice: it writes into the cache what every reader would."""
    today = clock.today()
    run = newest_run(today)
    return bodies_prepare(run, today) if run else 0


@shared_task(name="adoption.tasks.reports_make", autoretry_for=(OSError, RuntimeError), retry_backoff=30, max_retries=4)
def reports_make_some(codes: list[str], day: str) -> int:
    """Safe to run twice: a report that is made is left alone."""
    return reports_make(codes=codes, day=date.fromisoformat(day), today=clock.today())


@shared_task(
    name="adoption.tasks.report_mail",
    autoretry_for=(SMTPException, OSError),
    retry_backoff=30,
    retry_backoff_max=3600,
    max_retries=12,
)
def report_mail(report_id: int, user_id: int) -> bool:
    """Safe to run twice: a row marks the mail that was handed over, under the report's lock."""
    return report_mail_send(report_id=report_id, user_id=user_id)
