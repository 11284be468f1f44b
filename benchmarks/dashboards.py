"""Dashboards with a register of 160,000 offices, 100,000 licences and 1,000 days of figures.

Three questions, each against its floor: the pages of the nation, a prefecture and a municipality (95th
percentile, every municipality as likely as another) against an empty page of the same layout; the
night's figures of a day against one plain aggregate over the same rows; an area's report against
WeasyPrint alone on the same HTML. The ratio told is the worst page's; the others stand in `ours`.
"""

import random
import statistics
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client
from django.urls import clear_url_caches, path

from accounts.permissions import audience
from adoption.documents.report import TEMPLATE, report_context, report_pdf
from adoption.queries.figures import newest_run
from adoption.queries.places import level_places, public_places
from adoption.services.snapshots import snapshot_make, snapshots_thin
from adoption.services.splits import splits_publish
from adoption.tasks import pages_prepare
from benchmarks.harness import Bench, Outcome, outcome, percentile, summarise
from careplan_portal import urls as portal
from careplan_portal.lib import clock, pdf

DAY = date(2026, 6, 30)
TODAY = DAY + timedelta(days=1)
DAYS = 1_000
PAGES = 150

handler400, handler403, handler404, handler500 = (
    portal.handler400, portal.handler403, portal.handler404, portal.handler500,
)  # fmt: skip


@audience.public
def empty(request: HttpRequest) -> HttpResponse:
    """The frame that every page has, and nothing in it."""
    return HttpResponse(engines["django"].from_string('{% extends "base.html" %}').render({}, request))


urlpatterns = [path("bench-empty/", empty), *portal.urlpatterns]

REGISTER = """
INSERT INTO offices_office (business_number, name, kana, postal_code, address, building, phone, phone_digits, fax, url,
  corporation_name, scope, search_key, unlisted, municipality_id, prefecture_id, latitude, longitude)
SELECT '317' || lpad(n::text, 7, '0'), '事業所' || n, '', '', '', '', '', '', '', '', '',
  CASE WHEN n %% 8 = 0 THEN 'no' ELSE 'yes' END, '', false, m.code, m.prefecture_id,
  33 + (m.k %% 97) / 12.0 + random() / 20, 131 + (m.k %% 83) / 9.0 + random() / 20
FROM generate_series(1, 160000) n
JOIN (SELECT code, prefecture_id, row_number() OVER (ORDER BY code) AS k FROM offices_municipality
  WHERE kind = 'municipality') m
  -- Places differ in size as real ones do: the square makes few large and many small.
  ON m.k = 1 + floor(1741 * power(((n * 7919) %% 160000) / 160000.0, 2))::int;
INSERT INTO offices_officeservice (office_id, service_key, listing_no, source, service_type_id, open_data_code,
  service_name, name, kana, address, full_address, building, phone, phone_digits, fax, corporate_number,
  corporation_name, url, weekdays, weekdays_note, search_key, columns)
SELECT o.id, s.code, 1, 'listed', s.code, '', '', o.name, '', '', '', '', '', '', '', '', '', '', '', '', '', 0
FROM offices_office o JOIN LATERAL (
  SELECT (ARRAY['43', '11', '15', '13', '78', '17', '21', '14'])[1 + o.id %% 8] AS code
  UNION SELECT (ARRAY['15', '13', '46', '72', '12'])[1 + o.id %% 5] WHERE o.id %% 6 = 0) s ON true;
INSERT INTO licenses_license (office_id, first_licensed_on, renewal_mode, created_at)
SELECT id, '2024-01-01', 'auto', now() FROM offices_office WHERE id %% 8 < 5;
INSERT INTO licenses_licenseterm (license_id, starts_on, ends_on, pricing, fee_yen, origin, closing, closing_reason,
  recorded_on)
SELECT id, day, (day + interval '1 year')::date - 1, CASE WHEN id %% 3 < 2 THEN 'free_pass' ELSE 'paid' END,
  CASE WHEN id %% 3 < 2 THEN 0 ELSE 21000 END, 'first',
  CASE WHEN (day + interval '1 year')::date > '2026-07-01' THEN '' WHEN id %% 7 = 0 THEN 'lapsed' ELSE 'stopped' END,
  '', day
FROM (SELECT id, date '2024-10-01' + ((id * 7919) %% 638)::int AS day FROM licenses_license) l;
ANALYZE;
"""
HISTORY = """
INSERT INTO adoption_areaday
SELECT d.day, cut, area_code, offices_in_scope, offices_using, free, paid, started, stopped, lapsed, pairs, pairs_using
FROM (SELECT %(day)s::date - n AS day FROM generate_series(1, %(days)s) n) d CROSS JOIN adoption_areaday a
WHERE a.day = %(day)s AND d.day <> a.day AND (a.cut IN ('all', 'cm', 'pr') OR d.day > %(day)s::date - 62
  OR d.day = (date_trunc('month', d.day) + interval '1 month')::date - 1)
"""
PLAIN = """
SELECT m.rolled_up_id, v.service_type_id, count(DISTINCT o.id), count(DISTINCT t.license_id),
  count(DISTINCT t.license_id) FILTER (WHERE t.pricing = 'free_pass')
FROM offices_office o JOIN offices_municipality m ON m.code = o.municipality_id
JOIN offices_officeservice v ON v.office_id = o.id
LEFT JOIN licenses_license l ON l.office_id = o.id
LEFT JOIN licenses_licenseterm t ON t.license_id = l.id AND t.starts_on <= %(day)s AND t.ends_on >= %(day)s
WHERE o.scope IN ('yes', 'short_stay') GROUP BY GROUPING SETS ((1, 2), (1), ())
"""


def measure(bench: Bench) -> Outcome:
    settings.PORTAL_TODAY, settings.ROOT_URLCONF = TODAY, __name__
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    clear_url_caches()
    _seed(bench)
    bench.say(f"pages written after the night: {bench.time_once(pages_prepare):.1f} s")
    pages, floor = _pages(bench)
    worst = max(pages.values())
    night, paper = _night(bench), _paper(bench)
    return outcome(
        summarise(
            [worst / 1000], pages_p95_ms=pages, snapshot=night, report=paper, area_days=_count("adoption_areaday")
        ),
        summarise([floor / 1000]),
        worst / floor,
    )


def _seed(bench: Bench) -> None:
    bench.say("160,000 offices, 100,000 licences, 1,000 days of figures …")
    assert clock.today() == TODAY
    with connection.cursor() as cursor:
        cursor.execute(REGISTER, {})
        snapshot_make(day=DAY)
        cursor.execute(HISTORY, {"day": DAY, "days": DAYS - 1})
        cursor.execute(
            "INSERT INTO adoption_snapshotrun (day, known_on, made_at, by_service) "
            "SELECT DISTINCT day, day, now(), true FROM adoption_areaday WHERE day <> %s",
            [DAY],
        )
        cursor.execute("ANALYZE adoption_areaday")
    snapshots_thin(today=TODAY)
    bench.say(f"splits: {bench.time_once(lambda: splits_publish(day=DAY, known_on=DAY)):.1f} s")


def _pages(bench: Bench) -> tuple[dict[str, float], float]:
    """95th percentiles in ms; the empty page is asked for in between, so both meet the same minute."""
    client, luck = Client(), random.Random(1)
    prefectures, municipalities = ([p.code for p in level_places(level)] for level in ("prefecture", "municipality"))
    urls: dict[str, Callable[[], str]] = {
        "nation": lambda: "/adoption/",
        "prefecture": lambda: f"/adoption/{luck.choice(prefectures)}/",
        "municipality": lambda: f"/adoption/{luck.choice(municipalities)}/",
    }
    for url in ("/bench-empty/", *(choose() for choose in urls.values())):
        assert client.get(url).status_code == 200, url
    taken: dict[str, list[float]] = {name: [] for name in ("empty", *urls)}
    for _ in range(PAGES):
        for name in taken:
            url = urls[name]() if name in urls else "/bench-empty/"
            taken[name].append(bench.time_once(lambda url=url: client.get(url)) * 1000)  # type: ignore[misc]
    found = {name: round(percentile(times, 0.95), 2) for name, times in taken.items()}
    bench.say(f"p95 ms: {found}; medians: { {n: round(statistics.median(t), 2) for n, t in taken.items()} }")
    return {name: found[name] for name in urls}, found["empty"]


def _night(bench: Bench) -> dict[str, float]:
    def plain() -> None:
        with connection.cursor() as cursor:
            cursor.execute(PLAIN, {"day": DAY})
            cursor.fetchall()

    ours, floor = bench.turn_about(lambda: snapshot_make(day=DAY), plain, rounds=5)
    mine, theirs = statistics.median(ours), statistics.median(floor)
    return {"ours_ms": round(mine * 1000, 1), "floor_ms": round(theirs * 1000, 1), "ratio": round(mine / theirs, 2)}


def _paper(bench: Bench) -> dict[str, float]:
    """How fast papers come, against WeasyPrint alone on HTML that is there: 1 would be as fast."""
    run, luck = newest_run(TODAY), random.Random(2)
    assert run is not None
    places = [public_places()[p.code] for p in luck.sample(level_places("municipality"), 20)]
    contexts = [report_context(place, run, TODAY) for place in places]
    written = cycle([render_to_string(TEMPLATE, {**one, "document_title": one["title"]}) for one in contexts])
    turn = cycle(places)
    ours, alone = bench.turn_about(
        lambda: report_pdf(next(turn), run, TODAY), lambda: pdf.from_html(next(written)), rounds=40, warm_up=2
    )
    mine, theirs = statistics.median(ours), statistics.median(alone)
    return {"ours_ms": round(mine * 1000, 1), "floor_ms": round(theirs * 1000, 1), "speed": round(theirs / mine, 3)}


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])
