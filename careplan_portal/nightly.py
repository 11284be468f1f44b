"""What runs every night, in order. Each job is "due and not yet done": a missed night or a
second run does no harm, so beat, a second beat, the demo clock and a person may all start it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import structlog
from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from accounts.services import sessions_forget
from adoption.services.filings import filings_publish_due
from adoption.services.reach import reach_make_due
from adoption.services.reports import reports_queue
from adoption.services.snapshots import snapshots_make_due
from adoption.services.splits import splits_publish_due
from campaigns.services import (
    application_notices_catch_up,
    applications_expire,
    drafts_forget,
    identity_reminders_queue,
    licence_notices_queue,
)
from careplan_portal.lib import clock
from careplan_portal.lib.acting import NIGHT
from careplan_portal.lib.dates import day_after, days
from careplan_portal.lib.jobs import enqueue_on_commit
from faq.services import questions_forget
from licenses.services import bill_lines_record_due, documents_requeue, night_watch, roll_over
from offices.services.uploads import imports_forget, imports_resume

log = structlog.get_logger(__name__)

Job = Callable[[date], Any]
ADVANCING = "demo-clock-advances"

JOBS: dict[str, Job] = {
    "roll_over": lambda today: roll_over(on=today, acting=NIGHT).as_dict(),
    "applications_expire": lambda today: applications_expire(today=today),
    "identity_reminders": lambda today: identity_reminders_queue(today=today),
    "application_notices": lambda today: application_notices_catch_up(today=today),
    "licence_notices": lambda today: licence_notices_queue(today=today),
    "drafts_forget": lambda today: drafts_forget(today=today),
    "sessions_forget": lambda today: sessions_forget(now=timezone.now()),
    "bill_lines": lambda today: bill_lines_record_due(today=today),
    "papers": lambda today: documents_requeue(now=clock.now()),
    "figures": lambda today: snapshots_make_due(today=today),
    "splits": lambda today: splits_publish_due(today=today),
    "filings": lambda today: filings_publish_due(today=today),
    "reach": lambda today: reach_make_due(today=today),
    "reports": lambda today: reports_queue(today=today),
    "imports_resume": lambda today: imports_resume(),
    "imports_forget": lambda today: imports_forget(),
    "questions_forget": lambda today: questions_forget(today=today),
    # The last of all: it tells the operators of a roll-over that failed or does not prove itself.
    "night_watch": lambda today: night_watch(today=today),
}


def run_all(today: date) -> dict[str, Any]:
    """Run every job for `today`; one that fails is logged with its error and the others go on.

    Returns what each job said; raises the first error at the end, so that a queue sees it.
    """
    done: dict[str, Any] = {}
    failed: list[Exception] = []
    for name, job in JOBS.items():
        try:
            done[name] = job(today)
            log.info("nightly_job", job=name, on=today.isoformat(), result=done[name])
        except Exception as error:
            log.exception("nightly_job_failed", job=name, on=today.isoformat())
            failed.append(error)
    if failed:
        raise failed[0]
    return done


def advance(until: date) -> date:
    """The demo clock: run every night from the day after today up to `until`, which is then the
    business day. Returns it. Raises ImproperlyConfigured in production; earlier days change nothing.
    """
    for day in days(day_after(clock.today()), until):
        clock.set_demo_day(day)
        run_all(day)
    return clock.today()


@shared_task(name="careplan_portal.nightly.advance_demo")
def advance_demo(until: str) -> str:
    """Safe to run twice, also at once: whoever comes second finds the way taken and does nothing."""
    if not cache.add(ADVANCING, until, timeout=1800):
        return clock.today().isoformat()
    try:
        return advance(date.fromisoformat(until)).isoformat()
    finally:
        cache.delete(ADVANCING)


@shared_task(name="careplan_portal.nightly.run")
def run() -> dict[str, Any]:
    """Safe to run twice: every job asks what is due and not yet done."""
    done = run_all(clock.today())
    enqueue_on_commit("adoption.tasks.pages_prepare")
    return done
