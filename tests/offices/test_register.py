"""The ministry's real register, all of it, through the command in a process of its own."""

import csv
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from careplan_portal.lib.japan import business_number
from offices.models import Office, OfficeService, VanishedOffice
from offices.queries import office_by_number, search_offices
from tests.offices.conftest import Import
from tests.offices.files import DAY, row

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KIB_A_MIB = 1024
# Not getrusage(): its peak begins with that of the process which started this one, here a whole test run.
MEASURED = """
import atexit, re, runpy, sys
status = lambda: open("/proc/self/status").read()
atexit.register(lambda: print("PEAK", re.search(r"VmHWM:\\s*(\\d+) kB", status())[1], file=sys.stderr))
sys.argv = ["manage.py", "import_offices", *sys.argv[1:]]
runpy.run_path("manage.py", run_name="__main__")
"""


@pytest.fixture
def register(shared_dir: Path) -> list[Path]:
    return sorted((shared_dir / "data" / "offices").glob("jigyosho_*.csv.gz"))


def import_in_a_process(*arguments: object) -> tuple[dict, float]:
    """The command's JSON and its peak memory in megabytes."""
    place = connection.settings_dict
    login = f"{quote(place['USER'])}:{quote(place['PASSWORD'])}@{place['HOST']}:{place['PORT']}"
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, arguments), "--as-of", "2025-12-01", "--json"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": f"postgres://{login}/{place['NAME']}",
            "PORTAL_HOME": str(settings.PORTAL_HOME),
            # A statement that never ends would hold its locks after the process is gone, and the teardown with them.
            "PGOPTIONS": "-c statement_timeout=300s",
        },
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    peak = next(line for line in done.stderr.splitlines() if line.startswith("PEAK"))
    return json.loads(done.stdout), int(peak.split()[1]) / KIB_A_MIB


def keep_statistics_of_a_nearly_empty_table(import_rows: Import) -> None:
    """One row, no longer listed, and then none: TRUNCATE keeps what ANALYZE found. Plans made from that once took
    an hour."""
    import_rows([row("3170201432", DAY, "デイ"), row("3170201342", DAY, "デイ")], as_of="2025-10-01")
    import_rows([row("3170201342", DAY, "デイ")], as_of="2025-11-01")
    OfficeService.objects.filter(listed_until=None).delete()
    assert OfficeService.objects.exclude(listed_until=None).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE offices_office, offices_officeservice")
        cursor.execute(
            "TRUNCATE offices_office, offices_corporation, offices_importedservice, offices_importrun CASCADE"
        )


def test_the_whole_register(register: list[Path], shared_dir: Path, import_rows: Import) -> None:
    keep_statistics_of_a_nearly_empty_table(import_rows)
    largest = max(register, key=lambda path: path.stat().st_size)
    _, alone = import_in_a_process(largest, "--dry-run")
    first, peak = import_in_a_process(*register)
    assert (first["files"], first["rows"], first["rejected"]) == (27, 185_729, 2)
    assert (first["services"], first["offices_created"]) == (185_727, 159_638)
    assert first["rows"] == first["services"] + first["rejected"] + first["warnings"].get("same_row_again", 0)
    assert peak <= 300
    assert peak <= 1.2 * alone

    again, _ = import_in_a_process(*reversed(register))
    assert {key: again[key] for key in ("offices_created", "offices_updated", "offices_gone")} == dict.fromkeys(
        ("offices_created", "offices_updated", "offices_gone"), 0
    )
    assert again["offices_unchanged"] == first["offices_created"]
    assert again["warnings"] == first["warnings"]

    damaged, _ = import_in_a_process(shared_dir / "data" / "offices" / "spreadsheet_damaged_550.csv.gz")
    # Eight of its offices are in no other file; the rest stands already, and better.
    assert (damaged["rows"], damaged["offices_unchanged"], damaged["offices_created"]) == (905, 897, 8)
    assert damaged["warnings"]["municipality_code_padded"] == 122
    assert not VanishedOffice.objects.exists()

    check_what_stands()


def check_what_stands() -> None:
    assert (Office.objects.count(), OfficeService.objects.count()) == (159_646, 185_735)
    # Twice in one file, with other contents: both are there.
    office = office_by_number("27 7 46 0032 0")
    assert office is not None
    assert sorted(office.services.values_list("service_key", "listing_no", "name")) == [
        ("510", 1, "特別養護老人ホーム柏寿"),
        ("510", 2, "特別養護老人ホーム高寿"),
    ]
    # Real offices whose numbers look invented are kept; rows that only fill a place are not.
    assert office_by_number("3211111111") is not None
    assert office_by_number("0271111111") is None
    holds = [business_number.check_digit_holds(one) for one in Office.objects.values_list("business_number", flat=True)]
    assert 0.999 <= sum(holds) / len(holds) < 1
    assert Office.objects.filter(municipality__rolled_up="221309").count() > 39
    assert not Office.objects.filter(prefecture=None).exists()
    assert Office.objects.filter(latitude__lt=20).count() == 0
    assert search_offices("バプテスト 訪問看護").filter(business_number="2660690195").exists()


def test_every_real_name_is_found_by_its_parts(register: list[Path]) -> None:
    """Whatever two neighbouring characters of a name a caller says: the key holds them."""
    from careplan_portal.lib.japan import kana

    with gzip.open(register[0], "rt", encoding="utf-8-sig", newline="") as file:
        names = [row["事業所名"] for row in csv.DictReader(file)][:3000]
    for name in names:
        key = kana.search_key(name)
        assert key
        assert kana.search_key(name[: len(name) // 2]) in key
