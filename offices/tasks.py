"""What the queue does for the register."""

from celery import shared_task

from offices.services import uploads


@shared_task(name="offices.tasks.import_check")
def import_check(job_id: int) -> bool:
    """Safe to run twice: the job is claimed by its state."""
    return uploads.import_check(job_id=job_id)


@shared_task(name="offices.tasks.import_run")
def import_run(job_id: int) -> bool:
    """Safe to run twice: the job is claimed by its state, and importing again changes nothing."""
    return uploads.import_run(job_id=job_id)
