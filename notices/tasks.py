"""What the queue does for the outbox."""

from celery import shared_task

from notices import services


@shared_task(name="notices.tasks.outbox_send", soft_time_limit=600)
def outbox_send() -> dict[str, int]:
    """Safe to run twice, also at once: every mail is claimed (notices.services.sending)."""
    return services.outbox_send()


@shared_task(name="notices.tasks.returned_read", soft_time_limit=600)
def returned_read() -> dict[str, int]:
    """Safe to run twice: a mail that was read is marked as read, and reading one again changes nothing."""
    return services.returned_mailbox_read()
