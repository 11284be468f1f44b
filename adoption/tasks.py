"""Work after the night."""

from datetime import date

from celery import shared_task

from adoption.documents.body import bodies_prepare
from adoption.queries.figures import newest_run
from adoption.services.reports import reports_make
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
