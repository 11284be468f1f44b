"""The same page opened from stacks of different depth, as servers have them, with and without room for its frames
(``lib.frames``).

``ratio``: the slowest depth with room over the fastest without (goal: at most 1.3); ``bare`` tells the same without room.
Medians of each depth, all turn about.
"""

from collections.abc import Callable
from http.cookies import SimpleCookie
from statistics import median
from typing import Any

from django.conf import settings

from benchmarks.harness import Bench, Outcome, outcome, summarise
from benchmarks.lookup import get

DEPTHS = range(0, 120, 3)
ROUNDS = 30
ADDRESS = "/bench/empty/"


def measure(bench: Bench) -> Outcome:
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "benchmarks.empty_pages", ["*"]
    from careplan_portal.wsgi import application  # as it is served

    bare = application.__wrapped__
    with_room: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    without: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    for _round in range(ROUNDS):
        for depth in DEPTHS:
            ours, floor = bench.turn_about(opened(depth, application), opened(depth, bare), rounds=1)
            with_room[depth] += ours
            without[depth] += floor
    slowest, fastest = (choose(with_room) for choose in (_slowest, _fastest))
    worst, best = (choose(without) for choose in (_slowest, _fastest))
    bench.say(f"with room {median(fastest) * 1000:.2f} to {median(slowest) * 1000:.2f} ms by depth")
    bench.say(f"without {median(best) * 1000:.2f} to {median(worst) * 1000:.2f} ms by depth")
    return outcome(summarise(slowest, bare=round(median(worst) / median(best), 3)), summarise(best))


def opened(depth: int, application: Callable[..., Any]) -> Callable[[], bytes]:
    """Open the page with so many frames below."""

    def deeper(left: int) -> bytes:
        return deeper(left - 1) if left else get(application, SimpleCookie(), ADDRESS)

    return lambda: deeper(depth)


def _slowest(by_depth: dict[int, list[float]]) -> list[float]:
    return max(by_depth.values(), key=median)


def _fastest(by_depth: dict[int, list[float]]) -> list[float]:
    return min(by_depth.values(), key=median)
