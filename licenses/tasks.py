"""What the queue does for licences."""

from datetime import date

from celery import shared_task

from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from licenses import services
from licenses.queries import offices_using
from offices.services import uploads


@shared_task(name="licenses.tasks.import_check")
def import_check(job_id: int) -> bool:
    """Safe to run twice: the job is claimed by its state."""
    return uploads.import_check(job_id=job_id, today=clock.today(), licensed=offices_using)


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


@shared_task(name="licenses.tasks.bill_paper_make", autoretry_for=(OSError,), retry_backoff=30, max_retries=4)
def bill_paper_make(first: str, number: int) -> bool:
    """Safe to run twice: a volume that is drawn is left alone (licenses.services.bill_paper_make)."""
    return services.bill_paper_make(first=date.fromisoformat(first), number=number)


@shared_task(
    name="licenses.tasks.night_alarm_mail",
    autoretry_for=(OSError,),
    retry_backoff=30,
    max_retries=8,
    soft_time_limit=120,
)
def night_alarm_mail(alarm_id: int) -> int:
    """Safe to run twice: an alarm that was mailed is left alone."""
    return services.night_alarm_send(alarm_id=alarm_id)


@shared_task(
    name="licenses.tasks.night_proof_mail",
    autoretry_for=(OSError,),
    retry_backoff=30,
    max_retries=8,
    soft_time_limit=120,
)
def night_proof_mail(on: str) -> int:
    """Safe to run twice: a night whose proof was mailed is left alone."""
    return services.night_proof_send(on=date.fromisoformat(on), today=clock.today())


@shared_task(name="licenses.tasks.night_watch")
def night_watch() -> str:
    """Safe to run twice, and on two beats: a night has one alarm and one proof."""
    today = clock.today()
    services.night_mails_catch_up(today=today)
    return services.night_watch(today=today)


@shared_task(name="licenses.tasks.roll_over_again")
def roll_over_again(user_id: int | None, role: str, reason: str) -> str:
    """Safe to run twice: a run does what is due, and the second finds nothing."""
    today = clock.today()
    result = services.roll_over(on=today, acting=Acting(user_id, role, reason))
    services.night_watch(today=today)
    return result.proof
