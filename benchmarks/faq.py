"""A search page with five thousand entries, against the plainest page of the portal, both through the whole of Django
(middleware, view, template) in one process. The ratio is that of the 95th percentiles."""

import itertools
import random
import time
from collections.abc import Iterator
from copy import copy
from io import BytesIO
from typing import Any
from urllib.parse import quote

from benchmarks.harness import Bench, Outcome, outcome, peak_memory_mib, summarise
from careplan_portal.lib.acting import NIGHT
from faq.models import Entry
from faq.queries import answer
from faq.services import faq_load
from faq.services.record import stamp_move

ENTRIES = 5_000
SEARCHES = 400
PLACES = ("北", "南", "東", "西", "山手", "浜手", "駅前", "本町", "新町", "旧市街", "川沿い", "丘の上")
ENDINGS = ("を教えて", "について知りたい", "はどうなりますか", "", "？", "のこと", "がわかりません")


def seed() -> list[str]:
    """The real entries and invented variants of them, ENTRIES in all; returns ways of asking."""
    faq_load(acting=NIGHT)
    real = list(Entry.objects.published())
    asks = [ask for entry in real for ask in entry.asks]
    dice = random.Random(5)
    for number in range(ENTRIES - len(real)):
        pattern = real[number % len(real)]
        place = f"{PLACES[number % len(PLACES)]}{number}番"
        entry = copy(pattern)
        entry.pk, entry.slug, entry.position = None, f"variant-{number}", 1000 + number
        entry.question = f"{place}では、{pattern.question}"[:120]
        entry.asks = [f"{place}で{ask}" for ask in dice.sample(asks, 5)]
        real.append(entry)
    Entry.objects.bulk_create([entry for entry in real if entry.pk is None], batch_size=1000)
    stamp_move()
    return asks


def measure(bench: Bench) -> Outcome:
    asks = seed()
    bench.say(f"{Entry.objects.count()} entries")
    began = time.perf_counter()
    answer("料金")
    bench.say(f"index built in {time.perf_counter() - began:.1f} s")
    dice = random.Random(7)
    questions = (f"{dice.choice(asks)}{dice.choice(ENDINGS)}" for _ in itertools.count())
    from careplan_portal.wsgi import application  # as it is served

    found: list[int] = []
    ours, floor = bench.turn_about(
        lambda: found.append(get(application, f"/faq/?q={quote(next(questions))}").count(b"<li><h2>")),
        lambda: get(application, "/about/"),
        rounds=SEARCHES,
        warm_up=20,
    )
    our_summary = summarise(ours, entries=ENTRIES, results_a_search=sum(found) / len(found), peak_mib=peak_memory_mib())
    floor_summary = summarise(floor)
    return outcome(our_summary, floor_summary, our_summary.p95_ms / floor_summary.p95_ms)


def get(application: Any, address: str) -> bytes:
    """One GET through the whole application; raises when it is not answered with 200."""
    path, _, query = address.partition("?")
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.url_scheme": "http",
    }
    body: Iterator[bytes] = application(environ, lambda line, _headers: status.append(line))
    content = b"".join(body)
    if not status[0].startswith("200"):
        raise RuntimeError(f"{address}: {status[0]} {content[:300]!r}")
    return content
