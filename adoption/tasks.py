"""Work after the night."""

from celery import shared_task

from adoption.documents.body import bodies_prepare
from adoption.queries.figures import newest_run
from careplan_portal.lib import clock


@shared_task(name="adoption.tasks.pages_prepare")
def pages_prepare() -> int:
    """Safe to run twice: it writes into the cache what every reader would."""
    today = clock.today()
    run = newest_run(today)
    return bodies_prepare(run, today) if run else 0
