"""What the queue does for accounts."""

from celery import shared_task

from accounts.services import invitation_send as send


@shared_task(
    name="accounts.tasks.invitation_send",
    autoretry_for=(OSError,),
    retry_backoff=30,
    retry_backoff_max=3600,
    max_retries=20,
)
def invitation_send(user_id: int) -> bool:
    """Safe to run twice: the same mail comes once more. A mail server that is away (smtplib's errors are OSErrors) is
    asked again for most of a day."""
    return send(user_id=user_id)
