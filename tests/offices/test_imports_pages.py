"""Importing the register on the screen."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AccessRecord
from careplan_portal.lib.acting import Acting
from licenses.models import License, LicenseTerm
from licenses.queries import offices_using
from offices.enums import ImportState
from offices.models import ImportJob, ImportRun, Office, VanishedOffice
from offices.queries import offices_in_scope
from offices.services import preview, uploads
from offices.services.offices import office_keep_open
from tests.factories import make_user
from tests.licenses.cases import D
from tests.licenses.staff import answers, seen_by, sign_in
from tests.offices import files

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")
KNOWS = Acting(None, "operator", "電話で確かめた")


@pytest.fixture(autouse=True)
def _where(settings, tmp_path):
    settings.PORTAL_TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path / "media"


def file(*rows, name="jigyosho.csv", text=None):
    return SimpleUploadedFile(name, (text or files.content(rows or [files.row()])).encode())


def sending(*given, as_of="2025-12-31"):
    day = dict(zip(("as_of_year", "as_of_month", "as_of_day"), as_of.split("-"), strict=True))
    return {"register": list(given) or [file()], **day}


@pytest.fixture
def upload(client, django_capture_on_commit_callbacks):
    """Send files as the page does; the queue does its part at once."""

    def send(*given, **other):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/imports/upload/", sending(*given, **other))
        assert answer.status_code == 302, answer.context["form"].errors
        return ImportJob.objects.latest("pk")

    return send


@pytest.fixture
def confirm(client, django_capture_on_commit_callbacks):
    def send(job, **data):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse("offices:import-confirm", args=[job.pk]), data or {"seen": "on"})

    return send


def page(client, job):
    return client.get(reverse("offices:import", args=[job.pk])).content.decode()


def test_who_sees_and_who_acts(client):
    job = ImportJob.objects.create(as_of=TODAY, files=[], by=make_user(Role.OPERATOR), state=ImportState.DONE)
    for path in ("/imports/", f"/imports/{job.pk}/"):
        assert answers(client, path) == seen_by(Role.OPERATOR, Role.AUDITOR)
    for path in ("upload/", f"{job.pk}/confirm/", f"{job.pk}/discard/", f"{job.pk}/resume/"):
        got = answers(client, f"/imports/{path}", "post")
        assert got.pop("operator") in (302, 422)
        assert set(got.values()) == {302, 403}
        assert got["auditor"] == 403


def test_an_upload_is_only_counted(client, upload):
    sign_in(client)
    job = upload(file(files.row(), files.row("31702014")))
    assert job.state == ImportState.CHECKED
    assert (job.preview["offices_created"], job.preview["rejected"]) == (1, 1)
    assert not Office.objects.exists()
    assert not ImportRun.objects.exists()
    said = page(client, job)
    assert "まだ取り込んでいません" in said
    assert "1事業所が新しく、0事業所が変わります。" in said
    rejects = client.get(reverse("offices:import-rejects", args=[job.pk]))
    assert "31702014" in b"".join(rejects.streaming_content).decode("utf-8-sig")
    assert AccessRecord.objects.filter(subject_kind="export").exists()


@pytest.fixture
def register(import_rows):
    """Seven offices as of December: two will be missing, one changes its telephone, one moves."""
    rows = [files.row(f"31702{at:05d}", name=f"みなと{at}") for at in range(7)]
    import_rows(rows, as_of="2025-12-01")
    return rows


def licensed(number, pricing="paid"):
    license = License.objects.create(office=Office.objects.get(business_number=number), renewal_mode="manual")
    LicenseTerm.objects.create(
        license=license, starts_on=D("2025-07-01"), ends_on=D("2026-06-30"), pricing=pricing, origin="first",
        fee_yen=21000, recorded_on=D("2025-07-01"),
    )  # fmt: skip


def newer(rows):
    """As the register of the end of the year: without the first and the fourth, and with others changed."""
    kept = [dict(row) for at, row in enumerate(rows) if at not in (0, 3)]
    kept[0]["電話番号"] = "0859-00-9999"
    kept[1] |= {"都道府県コード又は市町村コード": "312011", "市区町村名": "鳥取市", "FAX番号": ""}
    return [*kept, files.row("3170299999", name="<新しい>事業所"), files.row("3170299998", service=files.FACILITY)]


def test_a_preview_names_what_vanishes_those_with_a_licence_first(client, register, upload):
    sign_in(client)
    licensed(register[3]["事業所番号"])
    job = upload(file(*newer(register)), as_of="2025-12-31")
    assert not VanishedOffice.objects.exists()
    seen = job.preview["seen"]
    assert [(one["number"], one["name"], one["place"], one["licensed"]) for one in seen["gone"]] == [
        ("3170200003", "みなと3", "米子市", True),
        ("3170200000", "みなと0", "米子市", False),
    ]
    said = page(client, job)
    assert "1か所に、いま有効なライセンスがあります" in said
    assert said.index("みなと3") < said.index("みなと0")


def test_a_preview_tells_the_denominator_and_the_facts_before_and_after(client, register, upload):
    sign_in(client)
    job = upload(file(*newer(register)), as_of="2025-12-31")
    seen = job.preview["seen"]
    # What vanishes stays in the figures; a facility is outside the data standard.
    assert (seen["on"], seen["in_scope"]) == ("2026-04-03", [7, 8])
    assert offices_in_scope(TODAY).count() == 7
    facts = {one["number"]: one["fields"] for one in seen["changed"]}
    assert facts["3170200001"] == {"phone": ["0859-00-0123", "0859-00-9999"]}
    assert facts["3170200002"]["municipality"] == ["米子市", "鳥取市"]
    assert facts["3170200002"]["fax"] == ["0859-00-0124", ""]
    assert len(facts) == job.preview["offices_updated"] == 2
    assert dict(seen["changed_fields"]) == {"phone": 1, "municipality": 1, "fax": 1}
    assert [one["number"] for one in seen["created"]] == ["3170299998", "3170299999"]
    said = page(client, job)
    assert "電話番号：0859-00-0123 → 0859-00-9999" in said
    assert "FAX番号：0859-00-0124 → （空）" in said
    assert "&lt;新しい&gt;事業所" in said
    assert "1か所増えます。" in said
    assert "データ連携の対象外" in said


def test_a_preview_shows_the_first_and_its_file_has_all(client, import_rows, upload, monkeypatch):
    rows = [files.row(f"31702{at:05d}", name="=長い名前" * 12) for at in range(25)]
    import_rows(rows, as_of="2025-12-01")
    licensed(rows[22]["事業所番号"])
    monkeypatch.setattr(preview, "CHUNK", 4)
    sign_in(client)
    job = upload(file(files.row("3170299999")))
    assert len(job.preview["seen"]["gone"]) == 20
    assert "25か所のうち、はじめの20か所" in page(client, job)
    answer = client.get(reverse("offices:import-gone-csv", args=[job.pk]))
    lines = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert lines[1][:2] == ["3170200022", "31 7 02 0002 2"]
    assert (lines[1][2][0], lines[1][4], lines[2][4], len(lines)) == ("'", "あり", "なし", 26)
    assert [line[0] for line in lines[2:4]] == ["3170200000", "3170200001"]
    assert AccessRecord.objects.filter(subject_kind="export", subject_key__startswith="名簿にない").count() == 1
    client.post(reverse("offices:import-discard", args=[job.pk]))
    assert client.get(reverse("offices:import-gone-csv", args=[job.pk])).status_code == 404


def test_a_preview_says_what_was_missing_before_and_what_other_services_list(client, import_rows, upload):
    rows = [files.row(f"31702{at:05d}") for at in range(4)]
    elsewhere = files.row(rows[2]["事業所番号"], service=files.CARE)
    import_rows([*rows, elsewhere], as_of="2025-11-01")
    import_rows(rows[2:], as_of="2025-12-01")
    office_keep_open(office_id=Office.objects.get(business_number=rows[1]["事業所番号"]).pk, acting=KNOWS)
    sign_in(client)
    job = upload(file(rows[3]), as_of="2025-12-31")
    assert [one["note"] for one in job.preview["seen"]["gone"]] == ["pending", "still_open", "elsewhere"]
    said = page(client, job)
    assert all(
        word in said for word in ("まだ決めていない", "開いていると確かめた", "ほかのサービスの名簿には載っている")
    )


def test_a_preview_of_the_same_register_says_that_nothing_changes(client, register, upload):
    sign_in(client)
    job = upload(file(*register), as_of="2025-12-01")
    said = page(client, job)
    for words in (
        "いまの事業所は、どれもこの名簿にあります",
        "内容の変わる事業所は、ありません",
        "新しい事業所は、ありません",
    ):
        assert words in said
    assert not job.gone_csv.exists()
    assert "gone.csv" not in said


def test_an_import_read_before_previews_named_offices_is_shown_without_them(client, register, upload, confirm):
    sign_in(client)
    job = upload(file(*newer(register)), as_of="2025-12-31")
    del job.preview["seen"]
    job.save()
    assert "何が変わるかを確かめました" in page(client, job)
    assert confirm(job).status_code == 302


def test_confirming_imports_once_and_deletes_the_files(client, upload, confirm):
    operator = sign_in(client)
    job = upload()
    folder = job.folder
    assert folder.is_dir()
    assert confirm(job, seen="").status_code == 422
    assert not Office.objects.exists()
    for _ in range(2):
        assert confirm(job).status_code == 302
    job.refresh_from_db()
    assert job.state == ImportState.DONE
    assert (job.run.by, job.run.source, ImportRun.objects.count()) == (operator, "screen", 1)
    assert not folder.exists()
    assert Office.objects.get().name == files.OFFICE["事業所名"]
    assert "1事業所を新しく載せ" in page(client, job)
    listed = client.get("/imports/").content.decode()
    assert f"/imports/{job.pk}/" in listed


def test_several_files_of_one_name_and_odd_names_are_kept_apart(client, upload):
    sign_in(client)
    job = upload(file(name="a.csv"), file(files.row("3170201440"), name="a.csv"), file(name="../../evil.csv"))
    assert job.preview["files"] == 3
    assert job.preview["offices_created"] == 2
    names = [one["name"] for one in job.files]
    assert len(set(names)) == 3
    assert all(Path(name).name == name for name in names)


def test_a_damaged_file_says_so_and_is_gone(client, upload):
    sign_in(client)
    job = upload(file(text="何か,ちがう\r\n1,2\r\n"))
    assert job.state == ImportState.FAILED
    assert "何も取り込んでいません" in page(client, job)
    assert not job.folder.exists()


def test_leaving_it_deletes_the_files(client, upload):
    sign_in(client)
    job = upload()
    for _ in range(2):
        client.post(reverse("offices:import-discard", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == ImportState.DISCARDED
    assert not job.folder.exists()
    assert uploads.import_confirm(job_id=job.pk) is False


def test_what_nobody_imports_is_forgotten_after_a_week(client, upload):
    sign_in(client)
    job = upload()
    assert uploads.imports_forget() == 0
    ImportJob.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert uploads.imports_forget() == 1
    assert uploads.imports_forget() == 0
    assert not job.folder.exists()


def test_a_step_whose_worker_died_can_be_started_again(client, upload, django_capture_on_commit_callbacks):
    sign_in(client)
    job = upload()
    ImportJob.objects.update(state=ImportState.RUNNING, started_at=timezone.now())
    assert uploads.import_resume(job_id=job.pk) is False
    ImportJob.objects.update(started_at=timezone.now() - timedelta(hours=2))
    assert "はじめからやり直す" in page(client, job)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("offices:import-resume", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == ImportState.DONE


@pytest.mark.parametrize(("state", "ends"), [("uploaded", "checked"), ("waiting", "done")])
def test_a_step_that_no_worker_was_told_of_is_found_by_the_night(
    client, upload, state, ends, django_capture_on_commit_callbacks
):
    """The broker lost its messages: the job waits for somebody who never comes."""
    sign_in(client)
    job = upload()
    ImportJob.objects.update(state=state, started_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.imports_resume() == 0
    ImportJob.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert "はじめからやり直す" in page(client, job)
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.imports_resume() == 1
    job.refresh_from_db()
    assert job.state == ends


def test_two_imports_of_one_person_at_once_have_each_their_own_record(client, upload):
    sign_in(client)
    first, second = upload(), upload()
    for job in (first, second):
        assert uploads.import_confirm(job_id=job.pk)
    assert uploads.import_run(job_id=second.pk)
    assert uploads.import_run(job_id=first.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert None not in (first.run_id, second.run_id)
    assert first.run_id > second.run_id


def test_a_task_that_comes_twice_finds_nothing_to_do(client, upload):
    sign_in(client)
    job = upload()
    assert uploads.import_check(job_id=job.pk, today=TODAY, licensed=offices_using) is False
    assert uploads.import_run(job_id=job.pk) is False


def test_progress_is_told_while_files_are_read(client, upload, monkeypatch):
    sign_in(client)
    said = []
    real = uploads.cache.set
    monkeypatch.setattr(uploads.cache, "set", lambda key, value, **more: (said.append(value), real(key, value, **more)))
    upload(file(name="a.csv"), file(name="b.csv"))
    told = [value for value in said if isinstance(value, dict) and "of" in value]
    assert [(value["done"], value["of"]) for value in told] == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (sending(file(name="list.xlsx")), "CSVではありません"),
        (sending(SimpleUploadedFile("a.csv", b"")), "中身が空"),
        (sending(as_of="2026-04-04"), "より後の日です"),
        ({**sending(), "register": []}, "ファイルを選んで"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(client, given, word):
    sign_in(client)
    answer = client.post("/imports/upload/", given)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_pages_are_thrifty(client, upload, confirm, django_assert_max_num_queries):
    sign_in(client)
    job = upload()
    confirm(job)
    with django_assert_max_num_queries(11):
        client.get("/imports/")
    with django_assert_max_num_queries(7):
        page(client, job)


def test_an_auditor_has_no_buttons(client, upload):
    sign_in(client)
    job = upload()
    sign_in(client, Role.AUDITOR)
    for path in ("/imports/", f"/imports/{job.pk}/"):
        assert "<button" not in client.get(path).content.decode().split("<main")[1]
