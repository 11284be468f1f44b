"""The Celery app, and the beat schedule as code: what runs when is reviewed like everything else."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careplan_portal.settings")

app = Celery("careplan_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.imports = ["careplan_portal.nightly"]

# name: {"task": dotted name, "schedule": crontab(...) in Asia/Tokyo}. A test holds that every task named exists.
app.conf.beat_schedule = {
    # Ten past midnight, and again at five for a night whose first run was missed or failed.
    "nightly": {"task": "careplan_portal.nightly.run", "schedule": crontab(hour="0,5", minute="10")},
    # For a night that never began: whoever watches must not be the one who sleeps.
    "night-watch": {"task": "licenses.tasks.night_watch", "schedule": crontab(hour="1-6", minute="30")},
}


@setup_logging.connect
def _use_our_logging(**_: Any) -> None:
    """Connected, so Celery leaves the logging alone that Django's settings configured."""


@task_prerun.connect
def _bind_task(task_id: str, task: Any, **_: Any) -> None:
    structlog.contextvars.bind_contextvars(task_id=task_id, task=task.name)


@task_postrun.connect
def _unbind_task(**_: Any) -> None:
    structlog.contextvars.unbind_contextvars("task_id", "task")
