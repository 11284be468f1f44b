"""``python -m benchmarks.visiting VISITS.json``: opens pages as a web process serves them, each turn about with the empty
page of its layout, and prints what was measured as JSON. Called by ``pages``, which has loaded what the pages show."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from http.cookies import SimpleCookie
from itertools import cycle
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.harness import Bench, summarise

ROUNDS = 500
WARM_UP = 20


@dataclass(frozen=True)
class Visit:
    """Who (None: a visitor) opens which addresses of a page, and the empty page that it is held against."""

    name: str
    user: int | None
    addresses: list[str]
    floor: str = "/bench/empty/"


@dataclass(frozen=True)
class Visited:
    """Seconds of each opening of the page and of the empty one; how many statements an opening asks the database."""

    name: str
    ours: list[float]
    floor: list[float]
    statements: int


def main(visits: Path) -> None:
    django.setup()
    from benchmarks.lookup import TODAY, get  # models can be imported from here on

    settings.PORTAL_TODAY, settings.ROOT_URLCONF = TODAY, "benchmarks.empty_pages"
    settings.ALLOWED_HOSTS = ["*"]
    from careplan_portal.wsgi import application  # as it is served

    bench = Bench(visits.parent, None)
    pages = [visited(bench, partial(get, application), Visit(**one)) for one in json.loads(visits.read_text())]
    print(json.dumps([asdict(page) for page in pages]))


def visited(bench: Bench, get: Callable[[SimpleCookie, str], bytes], visit: Visit) -> Visited:
    cookies, turn = cookies_of(visit), cycle(visit.addresses)
    ours, floor = bench.turn_about(
        lambda: get(cookies, next(turn)), lambda: get(cookies, visit.floor), rounds=ROUNDS, warm_up=WARM_UP
    )
    one, nothing = summarise(ours).p95_ms, summarise(floor).p95_ms
    bench.say(f"{visit.name}: {one:.2f} ms against {nothing:.2f} ms, ratio {one / nothing:.3f}")
    with CaptureQueriesContext(connection) as captured:
        get(cookies, visit.addresses[0])
    return Visited(visit.name, ours, floor, len(captured))


def cookies_of(visit: Visit) -> SimpleCookie:
    """Of somebody who has opened the page before: whoever files or is signed in has sent a form and has its cookie."""
    client = Client()
    if visit.user is not None:
        person = get_user_model().objects.get(pk=visit.user)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get(visit.addresses[0])
    return client.cookies


if __name__ == "__main__":
    main(Path(sys.argv[1]))
