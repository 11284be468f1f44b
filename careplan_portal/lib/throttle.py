"""How often something may be tried: counted in the cache, by whom and for what."""

from __future__ import annotations

import math
from dataclasses import dataclass

import structlog
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `tries` within `seconds`, counted from the first one. `scope` names what is tried."""

    scope: str
    tries: int
    seconds: int

    def wait(self, who: str) -> int:
        """Count a try of `who`; 0 when it may go on, else the seconds after which it may again.

        Without the cache nothing is counted and everything may go on: people's affairs do not hang on it.
        """
        try:
            return self._count(who)
        except RedisError:
            log.exception("throttle_without_cache", scope=self.scope)
            return 0

    def _count(self, who: str) -> int:
        key = f"throttle:{self.scope}:{who}"
        cache.add(key, 0, self.seconds)
        try:
            count = cache.incr(key)
        except ValueError:  # it ran out between the two calls
            return 0
        return self.seconds if count > self.tries else 0


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """The page for people that says after how many minutes they may try again; ``wait`` in seconds."""
    response = render(request, "429.html", {"minutes": math.ceil(wait / 60)}, status=429)
    response["Retry-After"] = str(wait)
    return response
