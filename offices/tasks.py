"""What the queue does for the register."""

from celery import shared_task

from offices.services import uploads


@shared_task(name="offices.tasks.import_run")
def import_run(job_id: int) -> bool:
    """Safe to run twice: the job is claimed by its state, and importing again changes nothing."""
    return uploads.import_run(job_id=job_id)
