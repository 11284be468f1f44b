"""Mails to whoever filed, each handed over once (docs/concurrency.md, 5, 7 and 8)."""

from datetime import date, timedelta

from django.db import transaction

from campaigns import documents, notifications
from campaigns.enums import ApplicationEventKind as Kind
from campaigns.models import FreePassApplication
from campaigns.queries import application_with_all, mails_missing, receipt_of, reminders_due
from campaigns.services.recording import PROOF_MAIL, RECEIPT_MAIL, REMINDER_MAIL, event_record, mail_enqueue
from careplan_portal.lib.acting import NIGHT, Acting
from offices.queries import members_of

# A mail that could not be handed over for so long is not sent any more; the page says it all.
STALE_DAYS = 7
DONE = {RECEIPT_MAIL: Kind.RECEIPT_MAILED, PROOF_MAIL: Kind.PROOF_MAILED, REMINDER_MAIL: Kind.REMINDED}


def application_mail_send(*, application_id: int, kind: str, today: date) -> bool:
    """Hand one mail to the mail server, unless it was before; True when it was now.

    The paper is made first, outside the transaction. The row's lock then lets one worker at a time
    pass, and the event says that it is done; only a kill between server and commit repeats a mail.
    """
    application = application_with_all(application_id)
    if _is_done(application, kind) or _is_stale(application, kind, today):
        return False
    receipt = receipt_of(application, today)
    pdf = documents.receipt_pdf(receipt) if kind == RECEIPT_MAIL else b""
    message = notifications.application_mail(receipt, kind, pdf=pdf)
    with transaction.atomic():
        FreePassApplication.objects.select_for_update(of=("self",)).get(pk=application_id)
        if _is_done(application, kind):
            return False
        message.send()
        event_record(application, DONE[kind], today, NIGHT)
    return True


def _is_stale(application: FreePassApplication, kind: str, today: date) -> bool:
    """A reminder after its deadline, or word of something long past, would only confuse."""
    if kind == REMINDER_MAIL:
        return application.proved_on is not None or today > application.prove_by
    since = application.proved_on if kind == PROOF_MAIL and application.proved_on else application.filed_on
    return (today - since).days > STALE_DAYS


def _is_done(application: FreePassApplication, kind: str) -> bool:
    return application.events.filter(kind=DONE[kind]).exists()


def identity_reminders_queue(*, today: date) -> int:
    """Queue the reminder of every provisional filing whose deadline is near; returns how many. A
    missed night delays them; the event of each mail keeps a second run from repeating it."""
    due = list(reminders_due(today))
    for application in due:
        mail_enqueue(application, REMINDER_MAIL)
    return len(due)


def application_mails_catch_up(*, today: date) -> int:
    """Queue acknowledgements and proofs that were never handed over (a broker that was away); returns
    how many. The event of each mail keeps it from going twice."""
    count = 0
    for kind, late in mails_missing(today - timedelta(days=STALE_DAYS), today):
        mail_enqueue(late, kind)
        count += 1
    return count


@transaction.atomic
def members_ask(*, application_id: int, today: date, acting: Acting) -> int:
    """Ask the office's members to confirm a filing, once a day at most; returns how many were asked.
    Who they are is not told to whoever filed."""
    application = application_with_all(application_id)
    FreePassApplication.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.events.filter(kind=Kind.MEMBERS_ASKED, recorded_on=today).exists():
        return 0
    people = [member.user for member in members_of(application.office_id, today)]
    if people:
        event_record(application, Kind.MEMBERS_ASKED, today, acting, people=len(people))
    for message in notifications.members_asked(receipt_of(application, today), people):
        transaction.on_commit(message.send)
    return len(people)
