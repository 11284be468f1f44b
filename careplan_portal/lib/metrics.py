"""What is counted: requests in this process (or in all processes that share PROMETHEUS_MULTIPROC_DIR), and jobs
in Redis, because workers are many, come and go, and nobody can ask them for a page.

Labels take few values: the name of a view, never a path; a registered task, never its arguments.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from typing import cast

import redis
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess

log = structlog.get_logger(__name__)

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_PROCESS = CollectorRegistry()
_REQUESTS = Counter(
    "portal_http_requests_total", "Answers, by view and status.", ["method", "view", "status"], registry=_PROCESS
)
_SECONDS = Histogram(
    "portal_http_request_seconds",
    "Seconds until the answer was ready.",
    ["method", "view"],
    registry=_PROCESS,
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

# Hashes in the queue's own Redis database: "task|state" → how many, and → seconds altogether.
JOBS = "portal:metrics:jobs"
JOB_SECONDS = "portal:metrics:job-seconds"


def request_done(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Count an answer. Never touches the database or Redis."""
    method = request.method if request.method in _METHODS else "OTHER"
    match = getattr(request, "resolver_match", None)
    view = (match.view_name if match else "") or "none"
    _REQUESTS.labels(method, view, str(response.status_code)).inc()
    _SECONDS.labels(method, view).observe(seconds)


def requests_registry() -> CollectorRegistry:
    """What was counted of requests: of every process that shares the folder, or of this one alone."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return _PROCESS
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def job_done(task: str, state: str, seconds: float) -> None:
    """Count a job that ended as ``success``, ``failure`` or ``retry``. Without Redis nothing is counted: the job
    is what matters."""
    try:
        with _redis().pipeline(transaction=False) as pipe:
            pipe.hincrby(JOBS, f"{task}|{state}", 1)
            pipe.hincrbyfloat(JOB_SECONDS, f"{task}|{state}", round(seconds, 3))
            pipe.execute()
    except redis.RedisError:
        log.exception("job_not_counted", task=task)


def jobs_done() -> Iterator[tuple[str, str, int, float]]:
    """Task, state, how many, seconds altogether. Raises RedisError when Redis is away."""
    counts: dict[str, str] = cast("dict[str, str]", _redis().hgetall(JOBS))
    seconds: dict[str, str] = cast("dict[str, str]", _redis().hgetall(JOB_SECONDS))
    for key, count in sorted(counts.items()):
        task, _, state = key.rpartition("|")
        yield task, state, int(count), float(seconds.get(key, 0))


def queue_lengths() -> dict[str, int]:
    """Messages that wait for a worker, by queue. Raises RedisError."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    return {queue.name: int(_redis().llen(f"{prefix}{queue.name}")) for queue in settings.CELERY_TASK_QUEUES}


def jobs_taken() -> int:
    """Messages that a worker has taken and not acknowledged. Raises RedisError."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    return int(_redis().hlen(f"{prefix}unacked"))


@functools.cache
def _redis() -> redis.Redis:
    # Connections are made when they are needed, and anew in a process that was forked.
    return redis.Redis.from_url(settings.REDIS_URL, decode_responses=True, socket_timeout=5)
