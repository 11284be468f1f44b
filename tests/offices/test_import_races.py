"""Two imports at once, a person and an import, and a database that goes away in the middle."""

import threading
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from careplan_portal.lib.acting import OPERATOR, Acting
from offices.models import ImportRun, Office, OfficeService
from offices.services import offices as acts
from offices.services.importing import ImportFailed, offices_import
from offices.services.locks import lock_register, share_register
from tests.offices import files
from tests.offices.files import row
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2025, 12, 1)
ACTING = Acting(None, OPERATOR, "電話で確認")


def test_two_imports_do_not_interleave(tmp_path: Path) -> None:
    rows = [row(f"31702{serial:05d}") for serial in range(300)]
    path = files.write(tmp_path / "a.csv", rows)
    other = files.write(tmp_path / "b.csv", [*reversed(rows)])
    results = at_once(lambda: offices_import(files=[path], as_of=DAY), lambda: offices_import(files=[other], as_of=DAY))
    assert sorted(result.offices_created for result in results) == [0, 300]
    assert sorted(result.offices_unchanged for result in results) == [0, 300]
    assert (Office.objects.count(), OfficeService.objects.count(), ImportRun.objects.count()) == (300, 300, 2)


def test_the_same_number_declared_and_imported_at_once(tmp_path: Path) -> None:
    path = files.write(tmp_path / "a.csv", [row()])
    declared = acts.Declared("3170201432", "みなとデイ", "312029", "みなと町9", ("15",))
    results = at_once(
        lambda: acts.office_declare(declared=declared, acting=ACTING), lambda: offices_import(files=[path], as_of=DAY)
    )
    assert not [result for result in results if isinstance(result, Exception)]
    office = Office.objects.get()
    assert (office.name, office.unlisted) == ("デイサービス みなとの風", False)


def test_a_correction_waits_for_the_merge_and_is_not_lost(tmp_path: Path) -> None:
    offices_import(files=[files.write(tmp_path / "a.csv", [row()])], as_of=DAY)
    office, started, corrected = Office.objects.get(), threading.Event(), threading.Event()

    def correct() -> None:
        started.set()
        acts.office_correct(office_id=office.pk, field="name", value="訂正", reason="本人から", acting=ACTING)
        corrected.set()
        connection.close()

    person = threading.Thread(target=correct)
    with transaction.atomic():
        lock_register()
        person.start()
        started.wait(5)
        assert not corrected.wait(0.5)
    person.join(10)
    offices_import(files=[files.write(tmp_path / "b.csv", [row(name="名簿")])], as_of=date(2026, 1, 5))
    office.refresh_from_db()
    assert office.name == "訂正"


def test_people_do_not_wait_for_each_other() -> None:
    def share() -> bool:
        with transaction.atomic():
            share_register()
            together.wait(5)
        return True

    together = threading.Barrier(2)
    assert at_once(share, share) == [True, True]


@pytest.mark.parametrize("after", ["1.csv", "2.csv"])
def test_a_database_that_goes_away_in_the_middle(tmp_path: Path, after: str) -> None:
    paths = [
        files.write(tmp_path / name, [row(), row("1")]) for name in ("1.csv", "2.csv", "3.csv")[: 1 + int(after[0])]
    ]
    importer = connection.cursor().connection.info.backend_pid

    def end_the_connection(words: str) -> None:
        if words.startswith(after):
            other = connections.create_connection("default")
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [importer])
            other.close()

    with pytest.raises(ImportFailed, match=r"データベースとの接続が切れました。何も取り込んでいません。"):
        offices_import(files=paths, as_of=DAY, tell=end_the_connection)
    connection.close()
    assert not Office.objects.exists()
    assert not ImportRun.objects.exists()
    assert not list((tmp_path / "rejects").glob("*"))
