"""Importing the register from the screen: keep the files, read them, import when told to, forget them.

Each step claims the job with a conditional update, so a second click, a second worker and a task that
is delivered twice find nothing to do. The import itself is one transaction: a worker that dies leaves
the register as it was, and `import_resume` starts over.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from careplan_portal.lib.jobs import enqueue_on_commit
from offices.enums import ImportSource, ImportState
from offices.models import ImportJob
from offices.services.importing import ImportFailed, ImportResult, offices_import
from offices.services.preview import ImportPreview, Licensed
from offices.services.refusal import OfficeRefused

log = structlog.get_logger(__name__)

# The check asks who holds a licence: its task belongs to the app that knows.
CHECK, RUN = "licenses.tasks.import_check", "offices.tasks.import_run"
# A step that has not ended for so long is taken for dead.
STUCK = timedelta(hours=1)
KEPT = timedelta(days=7)
# The states in which a step can stand still, with the state from which it begins again and its task.
STEPS = {
    ImportState.UPLOADED: (ImportState.UPLOADED, CHECK),
    ImportState.CHECKING: (ImportState.UPLOADED, CHECK),
    ImportState.WAITING: (ImportState.WAITING, RUN),
    ImportState.RUNNING: (ImportState.WAITING, RUN),
}
UNKNOWN = (
    "思わぬ誤りで止まりました。何も取り込んでいません。もう一度試して、また止まるときは開発の当番に知らせてください。"
)


@transaction.atomic
def import_upload(*, files: Sequence[UploadedFile[Any]], as_of: date, by: User) -> ImportJob:
    """Keep the files and have them read. Raises OfficeRefused when the disk does not take them."""
    job = ImportJob(as_of=as_of, by=by, files=[])
    try:
        job.folder.mkdir(parents=True, mode=0o700)
        job.files = [_keep(job.folder, at, file) for at, file in enumerate(files)]
    except OSError as error:
        shutil.rmtree(job.folder, ignore_errors=True)
        raise OfficeRefused(
            "disk", "ファイルを保存できませんでした。時間をおいて、もう一度送ってください。", "register"
        ) from error
    job.save()
    enqueue_on_commit(CHECK, job.pk)
    return job


def _keep(folder: Path, at: int, file: UploadedFile[Any]) -> dict[str, Any]:
    name = Path(str(file.name).replace("\\", "/")).name.replace("\0", "")
    path = folder / name
    if path.exists():
        path = folder / f"{at}-{name}"
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return {"name": path.name, "size": file.size}


def import_check(*, job_id: int, today: date, licensed: Licensed) -> bool:
    """Read the files and see what an import would do, counts and examples; nothing else is written.

    ``today`` is the day of the denominator and of the licences that ``licensed`` tells of. False when
    the job is not waiting to be read.
    """
    job = _claim(job_id, ImportState.UPLOADED, ImportState.CHECKING)
    if job is None:
        return False
    preview = ImportPreview(today, licensed, job.gone_csv)
    result = _run(job, preview)
    if result is not None:
        _end(job, ImportState.CHECKED, preview=result.as_json() | {"seen": preview.found})
    return True


def import_confirm(*, job_id: int) -> bool:
    """A person has seen the counts: import. False when it was said before, or is over."""
    with transaction.atomic():
        if _claim(job_id, ImportState.CHECKED, ImportState.WAITING) is None:
            return False
        enqueue_on_commit(RUN, job_id)
    return True


def import_run(*, job_id: int) -> bool:
    """Import the files and delete them."""
    job = _claim(job_id, ImportState.WAITING, ImportState.RUNNING)
    if job is None:
        return False
    before = job.found
    result = _run(job)
    if result is not None:
        _end(job, ImportState.DONE, counts=result.as_json(), run_id=result.run_id)
        _forget_rejects(before)
        shutil.rmtree(job.folder, ignore_errors=True)
    return True


def import_resume(*, job_id: int) -> bool:
    """Start a step again whose worker has died, or that no worker was told of. False while it may still be at work."""
    for state, (again, task) in STEPS.items():
        with transaction.atomic():
            late = imports_late().filter(pk=job_id, state=state)
            if late.update(state=again, started_at=timezone.now()):
                enqueue_on_commit(task, job_id)
                return True
    return False


def imports_resume() -> int:
    """Start again every step that stands still; returns how many. For the night: Redis may have lost its messages."""
    return sum(import_resume(job_id=pk) for pk in imports_late().values_list("pk", flat=True))


def imports_late() -> QuerySet[ImportJob]:
    """Jobs whose step did not end, or was not taken up, within `STUCK`."""
    began = Coalesce("started_at", "created_at")
    return ImportJob.objects.alias(began=began).filter(state__in=STEPS, began__lt=timezone.now() - STUCK)


def import_discard(*, job_id: int) -> bool:
    """Leave it: the files are deleted. False when it is under way or over."""
    job = _claim(job_id, ImportState.CHECKED, ImportState.DISCARDED)
    if job is None:
        return False
    _forget_rejects(job.preview)
    shutil.rmtree(job.folder, ignore_errors=True)
    return True


def imports_forget() -> int:
    """Discard what was read and never imported for a week; returns how many. Safe to run again."""
    old = ImportJob.objects.filter(state=ImportState.CHECKED, created_at__lt=timezone.now() - KEPT)
    return sum(import_discard(job_id=pk) for pk in old.values_list("pk", flat=True))


def progress_of(job: ImportJob) -> dict[str, Any]:
    """How far the step is: `done` files of `of`, and the last sentence. Empty when it is not known."""
    return cache.get(_key(job)) or {}


def _key(job: ImportJob) -> str:
    return f"import-progress-{job.pk}"


def _claim(job_id: int, state: ImportState, becomes: ImportState) -> ImportJob | None:
    claimed = ImportJob.objects.filter(pk=job_id, state=state).update(state=becomes, started_at=timezone.now())
    return ImportJob.objects.select_related("by").get(pk=job_id) if claimed else None


def _run(job: ImportJob, preview: ImportPreview | None = None) -> ImportResult | None:
    """What it did, or would do when a preview is wanted; None when it failed, which then stands on the job and the
    files are gone."""
    done = 0

    def tell(sentence: str) -> None:
        nonlocal done
        done += 1
        cache.set(_key(job), {"done": done, "of": len(job.files), "said": sentence}, timeout=7200)

    try:
        return offices_import(
            files=job.paths,
            as_of=job.as_of,
            by=job.by,
            source=ImportSource.SCREEN,
            dry_run=preview is not None,
            tell=tell,
            preview=preview,
        )
    except ImportFailed as error:
        _fail(job, str(error))
    except Exception:
        log.exception("import_failed", job=job.pk)
        _fail(job, UNKNOWN)
        raise
    finally:
        cache.delete(_key(job))
    return None


def _fail(job: ImportJob, text: str) -> None:
    _end(job, ImportState.FAILED, problem=text)
    shutil.rmtree(job.folder, ignore_errors=True)


def _end(job: ImportJob, state: ImportState, **values: Any) -> None:
    for name, value in {**values, "state": state, "finished_at": timezone.now()}.items():
        setattr(job, name, value)
    job.save(update_fields=[*values, "state", "finished_at"])


def _forget_rejects(counts: Any) -> None:
    """The list of rejected rows of the trial: the import wrote its own."""
    if counts and counts.get("rejects_file"):
        with suppress(OSError):
            Path(counts["rejects_file"]).unlink()
