"""The main pages with the whole register, 100,000 licences and a day's figures, against an empty page of the same layout.

Both go through the whole of Django in one process, each page with the cookies of who opens it, turn about with the
empty page of its layout as the same person sees it. ``ratio`` is the worst page's: its 95th percentile over the empty
page's (goal: at most 2). ``pages`` tells each, with the number of statements it asks the database.

The search of the FAQ, the helpdesk's look-up and the public figures have benchmarks and limits of their own (``faq``,
``lookup``, ``dashboards``).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from accounts.enums import Role
from accounts.permissions import audience
from adoption.services.snapshots import snapshot_make
from adoption.services.splits import splits_publish
from adoption.tasks import pages_prepare
from benchmarks.harness import Bench, Outcome, outcome, summarise
from benchmarks.lookup import TODAY, execute, get, seed
from campaigns import services as campaigns
from campaigns.queries import answered_claims, receipt_path
from campaigns.rules import Claims
from careplan_portal.lib.acting import OPERATOR, VISITOR, Acting
from careplan_portal.urls import handler400, handler403, handler404, handler500  # noqa: F401 - as in production
from careplan_portal.urls import urlpatterns as site
from faq.models import Entry
from offices.enums import JoinedBy
from offices.models import Office
from offices.services.areas import area_save, officer_assign
from offices.services.members import member_add

ROUNDS = 200
OFFICES = 40
AREA = ("bench", "計測の地域", "312029")
SAID = {"name": "山根 涼子", "phone": "0859-00-0123", "email": "minato@example.jp"}
APPLICANT = campaigns.Applicant(**SAID, terms_version="1", privacy_version="1")  # type: ignore[arg-type]
NEW = Claims("unused")


@audience.public
def empty(request: HttpRequest) -> HttpResponse:
    """The frame for everybody with nothing in it."""
    return HttpResponse(engines["django"].from_string('{% extends "base.html" %}').render({}, request))


@audience(Role.HELPDESK)
def empty_desk(request: HttpRequest) -> HttpResponse:
    """The frame of the helpdesk with nothing in it."""
    return HttpResponse(engines["django"].from_string('{% extends "base_desk.html" %}').render({}, request))


urlpatterns = [*site, path("bench/empty/", empty), path("bench/empty-desk/", empty_desk)]


@dataclass(frozen=True)
class Visit:
    """Who opens which addresses of one page."""

    user: int | None
    addresses: list[str]
    floor: str = "/bench/empty/"


def measure(bench: Bench) -> Outcome:
    settings.PORTAL_TODAY, settings.ROOT_URLCONF = TODAY, __name__
    settings.ALLOWED_HOSTS = ["*"]
    helper = seed(bench)
    figures(bench)
    visits = prepare(helper)
    from careplan_portal.wsgi import application  # as it is served

    found, floors = {}, []
    for name, visit in visits.items():
        cookies, turn = cookies_of(visit.user), cycle(visit.addresses)
        statements = counted(application, cookies, visit.addresses[0])
        ours, floor = turn_about(bench, application, cookies, turn, visit.floor)
        one, nothing = summarise(ours), summarise(floor)
        floors += floor
        found[name] = {
            "p95_ms": one.p95_ms, "median_ms": one.median_ms, "floor_p95_ms": nothing.p95_ms,
            "ratio": round(one.p95_ms / nothing.p95_ms, 3), "statements": statements,
        }  # fmt: skip
        bench.say(f"{name}: {found[name]}")
    worst = max(found, key=lambda name: found[name]["ratio"])
    slowest = summarise([found[worst]["p95_ms"] / 1000], worst=worst, pages=found)
    return outcome(slowest, summarise(floors), found[worst]["ratio"])


def turn_about(
    bench: Bench, application: Any, cookies: SimpleCookie, turn: Iterator[str], floor: str
) -> tuple[list[float], list[float]]:
    return bench.turn_about(
        lambda: get(application, cookies, next(turn)),
        lambda: get(application, cookies, floor),
        rounds=ROUNDS,
        warm_up=5,
    )


def counted(application: Any, cookies: SimpleCookie, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        get(application, cookies, address)
    return len(captured)


def cookies_of(user: int | None) -> SimpleCookie:
    client = Client()
    if user is not None:
        person = get_user_model().objects.get(pk=user)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies


def figures(bench: Bench) -> None:
    """Last night's figures, as the night leaves them."""
    day = TODAY - timedelta(days=1)
    snapshot_make(day=day)
    splits_publish(day=day, known_on=day)
    bench.say(f"pages written after the night: {bench.time_once(pages_prepare):.1f} s")


def prepare(helper: int) -> dict[str, Visit]:
    """Offices, filings and people for every page, by the real services; the addresses to open."""
    dice = random.Random(11)
    licensed = drawn(dice, Office.objects.filter(license__isnull=False, closed_on=None, scope="yes"))
    others = drawn(dice, Office.objects.filter(license=None, closed_on=None, scope="yes"))
    staff, officer = (person(role) for role in (Role.OFFICE_STAFF, Role.OFFICER))
    acting = Acting(helper, OPERATOR, "計測")
    for office in licensed:
        member_add(office_id=office.pk, user_id=staff, how=JoinedBy.OPERATOR, today=TODAY, acting=acting)
    area = area_save(code=AREA[0], name=AREA[1], municipalities=[AREA[2]], acting=acting)
    officer_assign(area_id=area.pk, user_id=officer, acting=acting)
    entries = list(Entry.objects.for_visitors().order_by("slug").values_list("slug", flat=True)[:OFFICES])
    begun, whole = ([draft(office, answers) for office in others] for answers in ({}, SAID))
    receipts = [receipt(office) for office in others]
    execute("VACUUM ANALYZE")
    number = [office.business_number for office in licensed]
    return {
        "start": Visit(None, [reverse("campaigns:start")]),
        "result": Visit(None, [f"/check/result/?number={one.business_number}&fp=unused" for one in others]),
        "filing_step": Visit(None, [reverse("campaigns:filing-step", args=[key, "name"]) for key in begun]),
        "check_answers": Visit(None, [reverse("campaigns:filing-check", args=[key]) for key in whole]),
        "receipt": Visit(None, receipts),
        "my_office": Visit(staff, [reverse("campaigns:my-office", args=[one]) for one in number]),
        "helpdesk_office": Visit(helper, [reverse("helpdesk:office", args=[one]) for one in number], "/bench/empty-desk/"),
        "area": Visit(officer, [reverse("adoption:area", args=[AREA[0]])]),
        "faq": Visit(None, [reverse("faq:index")]),
        "faq_entry": Visit(None, [reverse("faq:entry", args=[slug]) for slug in entries]),
    }  # fmt: skip


def drawn(dice: random.Random, offices: Any) -> list[Office]:
    ids = dice.sample(list(offices.order_by("pk").values_list("pk", flat=True)), OFFICES)
    return list(Office.objects.filter(pk__in=ids).order_by("pk"))


def person(role: Role) -> int:
    return int(get_user_model().objects.create(email=f"{role}@example.jp", name="計測", role=role).pk)


def draft(office: Office, answers: dict[str, str]) -> str:
    made = campaigns.draft_start(
        business_number=office.business_number, claims=NEW, user_id=None, answers=answers, today=TODAY
    )
    return str(made.key)


def receipt(office: Office, today: date = TODAY) -> str:
    application = campaigns.application_file(
        office_id=office.pk, applicant=APPLICANT, channel="visitor", claims=NEW, form_key=uuid4(), today=today,
        shown=answered_claims(NEW, True, today).fingerprint, acting=Acting(None, VISITOR, "計測"),
    )  # fmt: skip
    return receipt_path(application)
