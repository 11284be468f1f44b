"""What the queue does for licences."""

from celery import shared_task

from licenses import services


@shared_task(
    name="licenses.tasks.document_make",
    autoretry_for=(OSError, RuntimeError, ValueError),
    retry_backoff=5,
    max_retries=4,
    soft_time_limit=120,
)
def document_make(document_id: int) -> bool:
    """Safe to run twice: a paper that is made is left alone (licenses.services.document_make)."""
    return services.document_make(document_id=document_id)
