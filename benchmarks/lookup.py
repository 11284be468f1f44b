"""The helpdesk's look-up with the whole register, 100,000 licences and 300,000 notes, against an empty page of the
same layout, both through the whole of Django in one process, signed in, each look recorded.

``ratio`` is the 95th percentile of all questions but whole numbers over the empty page's (goal: at most 3);
``exact_ratio`` that of whole numbers (goal: at most 1.5). ``by_kind`` tells them apart; ``office_page`` is the screen
that a hit opens. No statement may read a whole table: the plans are asked at the end. ``spellings``: how many ways
to say what one knows of real offices were asked of the whole register, and how many missed their office.
"""

import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from accounts.enums import Role
from accounts.permissions import audience
from benchmarks.harness import Bench, Outcome, Summary, outcome, summarise
from benchmarks.spellings import missed, spellings
from careplan_portal.lib.acting import NIGHT
from careplan_portal.lib.japan import kana
from careplan_portal.urls import urlpatterns as site
from faq.services import faq_load
from helpdesk.queries.lookup import find
from offices.models import Office
from offices.services.importing import offices_import
from offices.services.reference import load_reference

LICENCES = 100_000
FILINGS = 50_000
NOTES = 300_000
QUESTIONS = 250
SPELLED = 60
TODAY = date(2026, 4, 3)
GENERATED = 160_000
BIG = ("offices_office", "offices_officeservice", "licenses_license", "licenses_licenseterm", "helpdesk_contactlog",
       "campaigns_freepassapplication", "offices_membership")  # fmt: skip

LICENCE_SQL = """
INSERT INTO licenses_license (office_id, first_licensed_on, renewal_mode, created_at)
SELECT id, '2025-07-01', CASE WHEN n %% 3 = 0 THEN 'manual' ELSE 'auto' END, now()
FROM (SELECT id, row_number() OVER (ORDER BY business_number) AS n FROM offices_office) o WHERE n <= %(licences)s;
INSERT INTO licenses_licenseterm (license_id, starts_on, ends_on, pricing, fee_yen, origin, closing, closing_reason,
  recorded_on)
SELECT id, day, (day + interval '1 year')::date - 1, CASE WHEN id %% 2 = 0 THEN 'free_pass' ELSE 'paid' END,
  CASE WHEN id %% 2 = 0 THEN 0 ELSE 21000 END, 'first', '', '', day
FROM (SELECT id, date '2025-06-01' + (id %% 300)::int AS day FROM licenses_license) l;
"""
NOTE_SQL = """
INSERT INTO helpdesk_contactlog (office_id, kind, text, topics, caller_name, caller_relation, caller_phone, proof, facts,
  consent, data, by_id, at, recorded_on)
SELECT o.id, 'note', '電話での問い合わせ ' || s, ARRAY['status'], '', '', '', '', '{}', false, '{}', %(user)s,
  timestamptz '2026-03-01' - s * interval '1 minute', date '2026-03-01' - s / 1440
FROM generate_series(1, %(notes)s) s
JOIN (SELECT id, row_number() OVER (ORDER BY business_number) AS n FROM offices_office) o
  ON o.n = 1 + (s * 7919::bigint) %% %(offices)s;
"""
FILING_SQL = """
INSERT INTO campaigns_freepassapplication (receipt_number, form_key, campaign_id, office_id, channel, filed_on, filed_at,
  applicant_name, applicant_phone, applicant_email, terms_version, privacy_version, effect, starts_on, ends_on, answer,
  prove_by, proved_by, proved_on, reason)
SELECT 'FP-2604-' || lpad((n / 1000)::text, 3, '0') || '-' || lpad((n %% 1000)::text, 3, '0') || '-A', gen_random_uuid(),
  (SELECT min(id) FROM campaigns_campaign), o.id, 'visitor', '2025-06-01', now(), '申請 ' || n, '',
  'applicant' || n || '@example.jp', '1', '1', 'from_filing', '2025-06-01', '2026-05-31', '{}', '2025-07-01', 'code',
  '2025-06-05', ''
FROM (SELECT id, row_number() OVER (ORDER BY business_number) AS n FROM offices_office) o WHERE n <= %(filings)s;
"""
OFFICE_SQL = """
INSERT INTO offices_office (business_number, name, kana, postal_code, address, building, municipality_id, prefecture_id,
  phone, phone_digits, fax, url, corporation_name, scope, search_key, unlisted)
SELECT lpad((1370000000 + n)::text, 10, '0'), '事業所' || n, 'ジギョウショ' || n, '', '', '', m.code, m.prefecture_id,
  lpad((300000000 + n::bigint * 37)::text, 10, '0'), lpad((300000000 + n::bigint * 37)::text, 10, '0'), '', '', '', 'yes',
  '事業所' || n || ' しきようしよ' || n, false
FROM generate_series(1, %(offices)s) n
JOIN (SELECT code, prefecture_id, row_number() OVER (ORDER BY code) - 1 AS place FROM offices_municipality) m
  ON m.place = n %% 1800;
"""


@audience(Role.HELPDESK)
def empty(request: HttpRequest) -> HttpResponse:
    """The layout of the helpdesk with nothing in it."""
    template = engines["django"].from_string('{% extends "base_desk.html" %}')
    return HttpResponse(template.render({}, request))


urlpatterns = [*site, path("bench/empty/", empty)]


def seed(bench: Bench) -> int:
    """The register, licences, notes; returns the id of whoever looks."""
    load_reference()
    if bench.shared is None:
        execute(OFFICE_SQL, offices=GENERATED)
    else:
        files = sorted((bench.shared / "data" / "offices").glob("jigyosho_*.csv.gz"))
        offices_import(files=files, as_of=date(2025, 12, 31), tell=lambda _text: None)
    bench.say(f"{Office.objects.count():,} offices")
    user = get_user_model().objects.create(email="bench@example.jp", name="計測", role=Role.HELPDESK)
    execute(LICENCE_SQL, licences=LICENCES)
    execute(FILING_SQL, filings=FILINGS)
    execute(NOTE_SQL, notes=NOTES, user=user.pk, offices=Office.objects.count())
    faq_load(acting=NIGHT)
    execute("VACUUM ANALYZE")
    bench.say(f"{LICENCES:,} licences, {FILINGS:,} filings, {NOTES:,} notes")
    return int(user.pk)


def execute(sql: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def questions(dice: random.Random) -> dict[str, list[str]]:
    """What callers say, drawn from the register: numbers, parts, telephones, names, kana, places with names."""
    ids = dice.sample(list(Office.objects.order_by("pk").values_list("pk", flat=True)), QUESTIONS)
    drawn = list(Office.objects.filter(pk__in=ids).select_related("municipality").order_by("pk"))
    return {
        "number": [office.business_number for office in drawn],
        "part": [office.business_number[: dice.randint(5, 9)] for office in drawn],
        "telephone": [office.phone for office in drawn if office.phone],
        "name": [office.name for office in drawn],
        "beginning": [office.name[: dice.randint(2, 6)] for office in drawn],
        "kana": [kana.hiragana(office.kana) for office in drawn if office.kana],
        "place": [f"{office.municipality.name} {office.name[:3]}" for office in drawn if office.municipality],
        "facts": [
            f"{office.municipality.name} {office.name[:3]} {office.phone_digits[-4:]}"
            for office in drawn
            if office.municipality and office.phone_digits
        ],
    }


def measure(bench: Bench) -> Outcome:
    settings.PORTAL_TODAY = TODAY
    settings.ROOT_URLCONF = "benchmarks.lookup"
    user = get_user_model().objects.get(pk=seed(bench))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    from careplan_portal.wsgi import application  # as it is served

    cookies = client.cookies
    asked = questions(random.Random(7))
    measured: dict[str, tuple[list[float], list[float]]] = {}

    def against_empty(kind: str, addresses: list[str], *, typing: bool) -> None:
        turn: Iterator[str] = iter(addresses * 2)
        measured[kind] = bench.turn_about(
            lambda: get(application, cookies, next(turn), typing=typing),
            lambda: get(application, cookies, "/bench/empty/"),
            rounds=len(addresses),
            warm_up=5,
        )

    for kind, texts in asked.items():
        against_empty(kind, [f"/helpdesk/find/?q={quote(text)}" for text in texts], typing=True)
    against_empty("office_page", [f"/helpdesk/offices/{number}/" for number in asked["number"]], typing=False)
    no_whole_tables(bench, asked)
    return result(measured, spelled(bench))


def spelled(bench: Bench) -> dict[str, int]:
    """Spellings of offices all over the register, and how many of them lead to their office."""
    if bench.shared is None:
        return {}
    every = list(Office.objects.order_by("business_number").values_list("pk", flat=True))
    ids = every[:: len(every) // SPELLED][:SPELLED]
    asked = spellings(Office.objects.filter(pk__in=ids).select_related("municipality", "prefecture"))
    lost = missed(asked, TODAY)
    for sentence in lost:
        bench.say(sentence)
    return {"asked": len(asked), "missed": len(lost)}


def result(measured: dict[str, tuple[list[float], list[float]]], spelled: dict[str, int]) -> Outcome:
    """Each kind against the empty pages that were fetched in turn with it: a slow minute hits both."""
    by_kind = {kind: (summarise(ours), summarise(floor)) for kind, (ours, floor) in measured.items()}
    others = [kind for kind in measured if kind not in ("number", "office_page")]
    ours = summarise([took for kind in others for took in measured[kind][0]])
    floor = summarise([took for kind in others for took in measured[kind][1]])

    def ratio(kind: str) -> float:
        return round(by_kind[kind][0].p95_ms / by_kind[kind][1].p95_ms, 3)

    extra = {
        "exact_ratio": ratio("number"),
        "spellings": spelled,
        "by_kind": {
            kind: {"p95_ms": one.p95_ms, "median_ms": one.median_ms, "floor_p95_ms": empty.p95_ms, "ratio": ratio(kind)}
            for kind, (one, empty) in by_kind.items()
        },
    }
    described = Summary(ours.median_ms, ours.p95_ms, ours.best_ms, ours.runs, extra)
    return outcome(described, floor, ours.p95_ms / floor.p95_ms)


def no_whole_tables(bench: Bench, asked: dict[str, list[str]]) -> None:
    """Raises when a statement of a look-up reads one of the big tables from end to end."""
    statements = 0
    for texts in asked.values():
        for text in texts[:10]:
            with CaptureQueriesContext(connection) as captured:
                find(text, TODAY)
            for query in captured.captured_queries:
                statements += 1
                scanned = scans(query["sql"])
                if scanned:
                    raise RuntimeError(f"{text}: {scanned} is read as a whole: {query['sql'][:500]}")
    bench.say(f"{statements} statements explained, none reads a whole table")


def scans(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return next((table for table in re.findall(r"Seq Scan on (\w+)", plan) if table in BIG), "")


def get(application: Callable[..., Any], cookies: SimpleCookie, address: str, *, typing: bool = False) -> bytes:
    """One GET through the whole application; raises when it is not answered with 200."""
    route, _, query = address.partition("?")
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": route,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.url_scheme": "http",
    } | ({"HTTP_HX_REQUEST": "true"} if typing else {})
    body = application(environ, lambda line, _headers, _error=None: status.append(line))
    content = b"".join(body)
    if not status[0].startswith("200"):
        raise RuntimeError(f"{address}: {status[0]} {content[:300]!r}")
    return content
