"""The main pages with the whole register, 100,000 licences and a day's figures, against an empty page of the same layout.

Both go through the whole of Django in one process that serves nothing else (``visiting``), each page with the cookies of
who opens it, turn about with the empty page of its layout as the same person sees it. ``ratio`` is the worst page's: its
95th percentile over the empty page's (goal: at most 2). ``pages`` tells each, with the number of statements it asks the
database.

The search of the FAQ, the helpdesk's look-up and the public figures have benchmarks and limits of their own (``faq``,
``lookup``, ``dashboards``).
"""

import json
import random
import sys
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from accounts.enums import Role
from adoption.services.snapshots import snapshot_make
from adoption.services.splits import splits_publish
from adoption.tasks import pages_prepare
from benchmarks.harness import Bench, Outcome, outcome, summarise
from benchmarks.lookup import TODAY, execute, seed
from benchmarks.visiting import Visit, Visited
from campaigns import services as campaigns
from campaigns.queries import answered_claims, receipt_path
from campaigns.rules import Claims
from careplan_portal.lib.acting import OPERATOR, VISITOR, Acting
from faq.models import Entry
from offices.enums import JoinedBy
from offices.models import Office
from offices.services.areas import area_save, officer_assign
from offices.services.members import member_add

OFFICES = 40
AREA = ("bench", "計測の地域", "312029")
SAID = {"name": "山根 涼子", "phone": "0859-00-0123", "email": "minato@example.jp"}
APPLICANT = campaigns.Applicant(**SAID, terms_version="1", privacy_version="1")  # type: ignore[arg-type]
NEW = Claims("unused")


def measure(bench: Bench) -> Outcome:
    settings.PORTAL_TODAY = TODAY
    helper = seed(bench)
    figures(bench)
    visits = bench.work / "visits.json"
    visits.write_text(json.dumps([asdict(visit) for visit in prepare(helper)]))
    # What has loaded a register is large and has its connection full of other work; no web process is like that.
    _, _, told = bench.in_a_process(sys.executable, "-m", "benchmarks.visiting", str(visits))
    return told_of([Visited(**one) for one in json.loads(told)])


def told_of(pages: list[Visited]) -> Outcome:
    """The worst page against its empty one, and each with its ratio and its statements."""
    found = {page.name: (summarise(page.ours), summarise(page.floor), page.statements) for page in pages}
    ratios = {name: round(ours.p95_ms / floor.p95_ms, 3) for name, (ours, floor, _) in found.items()}
    worst = max(ratios, key=lambda name: ratios[name])
    described = {
        name: {
            "p95_ms": ours.p95_ms, "median_ms": ours.median_ms, "floor_p95_ms": floor.p95_ms,
            "floor_median_ms": floor.median_ms, "ratio": ratios[name], "statements": statements,
        }
        for name, (ours, floor, statements) in found.items()
    }  # fmt: skip
    (slowest,) = (page for page in pages if page.name == worst)
    ours = summarise(slowest.ours, worst=worst, pages=described)
    return outcome(ours, summarise(slowest.floor), ratios[worst])


def figures(bench: Bench) -> None:
    """Last night's figures, as the night leaves them."""
    day = TODAY - timedelta(days=1)
    snapshot_make(day=day)
    splits_publish(day=day, known_on=day)
    bench.say(f"pages written after the night: {bench.time_once(pages_prepare):.1f} s")


def prepare(helper: int) -> list[Visit]:
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
    return [
        Visit("start", None, [reverse("campaigns:start")]),
        Visit("result", None, [f"/check/result/?number={one.business_number}&fp=unused" for one in others]),
        Visit("filing_step", None, [reverse("campaigns:filing-step", args=[key, "name"]) for key in begun]),
        Visit("check_answers", None, [reverse("campaigns:filing-check", args=[key]) for key in whole]),
        Visit("receipt", None, receipts),
        Visit("my_office", staff, [reverse("campaigns:my-office", args=[one]) for one in number]),
        Visit("helpdesk_office", helper, [reverse("helpdesk:office", args=[one]) for one in number], "/bench/empty-desk/"),
        Visit("area", officer, [reverse("adoption:area", args=[AREA[0]])]),
        Visit("faq", None, [reverse("faq:index")]),
        Visit("faq_entry", None, [reverse("faq:entry", args=[slug]) for slug in entries]),
    ]  # fmt: skip


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
