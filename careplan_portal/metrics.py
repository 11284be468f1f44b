"""``/metrics`` for Prometheus: requests and jobs as they were counted, and what the tables say at this moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import Error
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from accounts.permissions import audience
from careplan_portal.lib import clock, metrics
from licenses.queries import nights, papers

Found = Iterator[Metric]


@audience.program
@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Everything, in Prometheus' text format. A part that cannot be asked is left out and ``portal_up`` says so."""
    state = CollectorRegistry()
    state.register(PortalState())
    text = generate_latest(metrics.requests_registry()) + generate_latest(state)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class PortalState(Collector):
    """What is read when it is asked for, so that it is right whichever process answers."""

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("portal_up", "1 where the part answered.", labels=["part"])
        for part, collect in PARTS.items():
            try:
                found = list(collect())
            except (Error, RedisError):
                found = []
            up.add_metric([part], 1 if found else 0)
            yield from found
        yield up


def _nights() -> Found:
    today, now = clock.today(), clock.now()
    word = nights.night_word(today, now)
    state = GaugeMetricFamily("portal_night", "How last night stands: 1 at the state that holds.", labels=["state"])
    for name in (nights.OK, nights.RED, nights.MISSING, nights.RUNNING, nights.WAITING):
        state.add_metric([name], 1 if name == word else 0)
    yield state
    proved = nights.proof_latest()
    if proved is not None and proved.finished_at is not None:
        age = (timezone.now() - proved.finished_at).total_seconds()
        yield GaugeMetricFamily(
            "portal_night_proof_age_seconds", "Seconds since a roll-over last finished.", round(age, 1)
        )
        yield GaugeMetricFamily(
            "portal_night_proof_ok", "1 when the proof of that roll-over holds.", 1 if proved.proof == "ok" else 0
        )
    yield GaugeMetricFamily("portal_night_alarms_open", "Alarms nobody has ended.", nights.alarms_open().count())
    yield GaugeMetricFamily("portal_set_aside", "Licences set aside.", nights.set_asides_open().count())
    yield GaugeMetricFamily("portal_licences_due", "Licences whose end is to be recorded.", nights.due_count(today))


def _papers() -> Found:
    yield GaugeMetricFamily("portal_papers_unmade", "Papers asked for and not made.", papers.papers_unmade())


def _outbox() -> Found:
    """What the outbox still has to hand over or print, by channel."""
    delivery: Any = apps.get_app_config("notices").models["delivery"]
    queued = delivery.objects.filter(state="queued").order_by().values("channel").annotate(count=Count("pk"))
    waiting = {row["channel"]: row["count"] for row in queued}
    depth = GaugeMetricFamily("portal_outbox_waiting", "Mails and letters that wait, by channel.", labels=["channel"])
    for channel in ("mail", "letter"):
        depth.add_metric([channel], waiting.get(channel, 0))
    yield depth


def _queue() -> Found:
    queue = GaugeMetricFamily("portal_queue_length", "Jobs that wait for a worker, by queue.", labels=["queue"])
    for name, count in metrics.queue_lengths().items():
        queue.add_metric([name], count)
    yield queue
    yield GaugeMetricFamily("portal_jobs_taken", "Jobs that a worker has taken.", metrics.jobs_taken())
    jobs = CounterMetricFamily("portal_jobs", "Jobs that ended, by task and state.", labels=["task", "state"])
    seconds = CounterMetricFamily("portal_job_seconds", "Seconds that jobs took.", labels=["task", "state"])
    for task, state, count, took in metrics.jobs_done():
        jobs.add_metric([task, state], count)
        seconds.add_metric([task, state], took)
    yield from (jobs, seconds)


PARTS: dict[str, Callable[[], Found]] = {"nights": _nights, "papers": _papers, "queue": _queue}
if "delivery" in apps.get_app_config("notices").models:
    PARTS["outbox"] = _outbox
