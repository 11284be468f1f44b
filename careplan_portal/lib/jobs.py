"""Handing work to the queue. By name, because services may not import tasks (tasks call services)."""

from typing import Any

import redis
import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue_on_commit(task: str, *args: Any, using: str | None = None, **options: Any) -> None:
    """Send the task (dotted name such as ``licenses.tasks.render_document``) once the transaction is committed.

    Arguments are ids, never objects. ``options`` go to Celery (``countdown``, ``queue``, …). Without a
    transaction it is sent at once. In tests, where tasks run eagerly, the same task runs in place.
    """
    transaction.on_commit(lambda: _send(task, args, options), using=using)


def _send(name: str, args: tuple[Any, ...], options: dict[str, Any]) -> None:
    # send_task() ignores task_always_eager, so the registered task is asked where there is one.
    if name not in current_app.tasks and current_app.conf.task_always_eager:
        current_app.loader.import_default_modules()
    task = current_app.tasks.get(name)
    try:
        if task is not None:
            task.apply_async(args=args, **options)
        else:
            current_app.send_task(name, args=args, **options)
    except OperationalError:
        # What the person did is committed and stands; "due and not yet done" finds the work again
        # (docs/concurrency.md, 5), so they are not told that it failed.
        log.exception("job_not_queued", job=name, args=args)


def queue_empty() -> int:
    """Throw away what is queued, also what a worker has taken and not finished; returns how many were waiting.

    For a database from another day, to whose rows the ids in the queue do not belong. Nothing is lost by it: what is
    due and not yet done is found again.
    """
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    broker = redis.Redis.from_url(settings.REDIS_URL)
    queues = [queue.name for queue in settings.CELERY_TASK_QUEUES]
    waiting = sum(int(broker.llen(f"{prefix}{name}")) for name in queues)
    broker.delete(*(f"{prefix}{name}" for name in (*queues, "unacked", "unacked_index")))
    return waiting
