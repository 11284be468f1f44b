"""Papers by the worker's own path (row, template, PDF/UA, file, mark) against WeasyPrint alone on the same HTML, in
one warm process with the same fonts; then the same papers off the queue by one real worker process, and by two.

``ratio`` is our PDFs a second over WeasyPrint's (goal: at least 0.9); ``two_workers_gain`` is the rate of two workers
over that of one (goal: at least 1.5). A paper is a certificate or a proof of use of a licence of its own.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import weasyprint
from django.conf import settings
from django.db import connection
from weasyprint.text.fonts import FontConfiguration

from benchmarks.harness import Bench, Outcome, Summary, outcome, summarise
from careplan_portal.celery import app
from careplan_portal.lib import pdf
from careplan_portal.lib.acting import SYSTEM, Acting
from licenses import documents
from licenses.enums import DocumentKind
from licenses.models import License, LicenseDocument
from licenses.services import document_make, document_request
from offices.services.reference import load_reference

TODAY = date(2026, 4, 20)
WARM_UP = 4
ROUNDS = 40
QUEUED = 40
# Seconds after which a queue that is not done is called stuck.
LONGEST = 300
# How often one worker and then two are measured. Each pair gives a gain and the median counts: whatever else the
# machine does in that minute hits both of a pair.
TURNS = 5
TASK = "licenses.tasks.document_make"
ACTING = Acting(None, SYSTEM, "計測")

SEED_SQL = """
INSERT INTO offices_office (business_number, name, kana, postal_code, address, building, municipality_id, prefecture_id,
  phone, phone_digits, fax, url, corporation_name, scope, search_key, unlisted)
SELECT lpad((3170200000 + n)::text, 10, '0'), '居宅介護支援 髙﨑 ' || n, '', '', '鳥取県米子市西福原' || n, '', m.code,
  m.prefecture_id, '', '', '', '', '合同会社 渡邉', 'yes', 'b' || n, false
FROM generate_series(1, %(offices)s) n
CROSS JOIN (SELECT code, prefecture_id FROM offices_municipality ORDER BY code LIMIT 1) m;
INSERT INTO licenses_license (office_id, first_licensed_on, renewal_mode, created_at)
SELECT id, '2025-06-01', 'auto', now() FROM offices_office;
INSERT INTO licenses_licenseterm (license_id, starts_on, ends_on, pricing, fee_yen, origin, closing, closing_reason,
  recorded_on)
SELECT id, '2025-06-01', '2026-05-31', 'free_pass', 0, 'first', '', '', '2025-06-01' FROM licenses_license;
"""


def measure(bench: Bench) -> Outcome:
    settings.PORTAL_TODAY = TODAY
    asked = ask_for_papers()
    bench.say(f"{len(asked)} papers asked for")
    ours, floor, size = in_one_process(bench, asked)
    pairs = off_the_queue(bench, asked[-QUEUED:])
    rate = 1000 / ours.median_ms
    ours.extra.update(
        pdfs_a_second=round(rate, 2),
        bytes=size,
        one_worker_a_second=statistics.median(one for one, _two in pairs),
        two_workers_a_second=statistics.median(two for _one, two in pairs),
        two_workers_gain=round(statistics.median(two / one for one, two in pairs), 3),
        pairs=pairs,
    )
    floor.extra.update(pdfs_a_second=round(1000 / floor.median_ms, 2), what="WeasyPrint alone, warm, on the same HTML")
    return outcome(ours, floor, floor.median_ms / ours.median_ms)


def ask_for_papers() -> list[int]:
    """A licence a paper. What asking puts into the queue is taken out again: it is measured later."""
    load_reference()
    with connection.cursor() as cursor:
        cursor.execute(SEED_SQL, {"offices": WARM_UP + ROUNDS + QUEUED})
    app.conf.task_always_eager = False
    kinds = (DocumentKind.CERTIFICATE, DocumentKind.PROOF_OF_USE)
    offices = License.objects.order_by("pk").values_list("office_id", flat=True)
    asked = [
        document_request(office_id=office_id, kind=kinds[number % 2], on=TODAY, today=TODAY, acting=ACTING).pk
        for number, office_id in enumerate(offices)
    ]
    app.control.purge()
    return asked


def in_one_process(bench: Bench, asked: list[int]) -> tuple[Summary, Summary, int]:
    """Ours and WeasyPrint alone, paper by paper, turn about."""
    pages = [documents.html(document) for document in in_order(asked)]
    fonts = FontConfiguration()
    ours_turn, floor_turn = iter(asked), iter(pages)

    def alone() -> bytes | None:
        page = weasyprint.HTML(string=next(floor_turn), base_url=pdf.SCHEME, url_fetcher=pdf.fetcher())
        return page.write_pdf(pdf_variant="pdf/ua-1", font_config=fonts)

    ours, floor = bench.turn_about(
        lambda: document_make(document_id=next(ours_turn)), alone, rounds=ROUNDS, warm_up=WARM_UP
    )
    size = LicenseDocument.objects.filter(made_at__isnull=False).values_list("size", flat=True)[0]
    return summarise(ours), summarise(floor), size


def in_order(ids: list[int]) -> list[LicenseDocument]:
    found = LicenseDocument.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def off_the_queue(bench: Bench, asked: list[int]) -> list[tuple[float, float]]:
    """PDFs a second of one worker process and of two, turn after turn."""
    pairs = []
    for _ in range(TURNS):
        one, two = (round(rate_of(workers, asked, bench.work), 3) for workers in (1, 2))
        bench.say(f"off the queue: {one} a second by one worker, {two} by two")
        pairs.append((one, two))
    return pairs


def rate_of(workers: int, asked: list[int], work: Path) -> float:
    """Real workers, each warm (it has made papers), then all papers at once until the last is marked."""
    running = [worker(number, work) for number in range(workers)]
    try:
        for _ in range(2):
            make_by_workers(asked[: 4 * workers])
        return len(asked) / make_by_workers(asked)
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(60)


def worker(number: int, work: Path) -> subprocess.Popen[bytes]:
    command = [
        *(str(Path(sys.executable).parent / "celery"), "--app", "careplan_portal", "worker", "--concurrency", "1"),
        *("--hostname", f"bench-{number}@%h", "--loglevel", "warning", "--without-gossip", "--without-mingle"),
    ]
    # Not "test": there tasks run in place.
    environment = os.environ | {"PORTAL_ENV": "demo", "PORTAL_TODAY": TODAY.isoformat()}
    with (work / f"worker-{number}.log").open("ab") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


def make_by_workers(ids: list[int]) -> float:
    """Seconds from the first message to the last mark."""
    LicenseDocument.objects.filter(pk__in=ids).update(made_at=None, size=0, sha256="")
    began = time.perf_counter()
    for pk in ids:
        app.send_task(TASK, args=(pk,))
    while LicenseDocument.objects.filter(pk__in=ids, made_at=None).exists():
        if time.perf_counter() - began > LONGEST:
            raise RuntimeError("the workers do not make papers; see their logs")
        time.sleep(0.05)
    return time.perf_counter() - began
