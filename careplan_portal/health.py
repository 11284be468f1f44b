"""Probes for whoever runs the portal. They need no session, no day and no host name."""

from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from accounts.permissions import audience
from careplan_portal.celery import app
from careplan_portal.lib import clock
from licenses.queries.nights import night_word


@audience.public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process lives."""
    return JsonResponse({"status": "ok"})


@audience.public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, cache and broker answer: 200, else 503 with what does not. How the night stands is told beside."""
    checks = {"database": _database(), "cache": _cache(), "broker": _broker()}
    ready = all(state == "ok" for state in checks.values())
    detail = {"night": _night() if checks["database"] == "ok" else "unknown"}
    return JsonResponse({"status": "ok" if ready else "unavailable", **checks, **detail}, status=200 if ready else 503)


def _night() -> str:
    """How last night stands. A detail only: a night that does not prove itself is no reason to take the
    portal off the net."""
    try:
        return night_word(clock.today(), clock.now())
    except Error:
        return "unknown"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return "unavailable"
    return "ok"


def _cache() -> str:
    try:
        cache.get("readyz")
    except RedisError:
        return "unavailable"
    return "ok"


def _broker() -> str:
    try:
        with Connection(app.conf.broker_url, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (RedisError, KombuError, OSError):
        return "unavailable"
    return "ok"
