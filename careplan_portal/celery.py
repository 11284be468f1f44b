"""The Celery app, and the beat schedule as code: what runs when is reviewed like everything else."""

import os
import time
from collections.abc import Mapping
from contextvars import Token
from typing import Any

import structlog
from celery import Celery
from celery.schedules import crontab
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

from careplan_portal.lib import metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careplan_portal.settings")

log = structlog.get_logger("portal.job")

app = Celery("careplan_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.imports = ["careplan_portal.nightly"]

# name: {"task": dotted name, "schedule": crontab(...) in Asia/Tokyo}. A test holds that every task named exists.
app.conf.beat_schedule = {
    # Ten past midnight, and again at five for a night whose first run was missed or failed.
    "nightly": {"task": "careplan_portal.nightly.run", "schedule": crontab(hour="0,5", minute="10")},
    # The outbox: what waits, and what comes back. Whoever queues a notice wakes it as well.
    "outbox": {"task": "notices.tasks.outbox_send", "schedule": crontab()},
    "returned": {"task": "notices.tasks.returned_read", "schedule": crontab(minute="*/10")},
    # Links of the FAQ, on Monday before the editors come.
    "faq-links": {"task": "faq.tasks.links_check", "schedule": crontab(hour="4", minute="40", day_of_week="mon")},
    # For a night that never began: whoever watches must not be the one who sleeps.
    "night-watch": {"task": "licenses.tasks.night_watch", "schedule": crontab(hour="1-6", minute="30")},
}


@setup_logging.connect
def _use_our_logging(**_: Any) -> None:
    """Connected, so Celery leaves the logging alone that Django's settings configured."""


# What runs in this process: when it began, and what its log lines carry. Nested where tasks run in place.
_running: dict[str, tuple[float, Mapping[str, Token[Any]]]] = {}


@before_task_publish.connect
def _send_request_id(headers: dict[str, Any], **_: Any) -> None:
    """A job carries the id of the request that it comes from, also through other jobs."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id:
        headers["request_id"] = request_id


@task_prerun.connect
def _begin_task(task_id: str, task: Any, **_: Any) -> None:
    known = {"task_id": task_id, "task": task.name}
    request_id = getattr(task.request, "request_id", None)
    if request_id:
        known["request_id"] = request_id
    _running[task_id] = (time.perf_counter(), structlog.contextvars.bind_contextvars(**known))


@task_postrun.connect
def _end_task(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    began, tokens = _running.pop(task_id, (None, {}))
    if began is None:
        return
    seconds = time.perf_counter() - began
    log.info("job", state=(state or "unknown").lower(), ms=round(seconds * 1000, 1))
    metrics.job_done(task.name, (state or "unknown").lower(), seconds)
    structlog.contextvars.reset_contextvars(**tokens)
