"""Importing the register on the screen."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AccessRecord
from offices.enums import ImportState
from offices.models import ImportJob, ImportRun, Office
from offices.services import uploads
from tests.factories import make_user
from tests.licenses.cases import D
from tests.licenses.staff import answers, seen_by, sign_in
from tests.offices import files

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")


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
    assert uploads.import_check(job_id=job.pk) is False
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
