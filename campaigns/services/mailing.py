"""What whoever filed and the office's members are told of an application: into the outbox, each once."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from campaigns import documents
from campaigns.enums import ApplicationEventKind as Kind
from campaigns.enums import Channel
from campaigns.models import FreePassApplication
from campaigns.notifications.applications import (
    KINDS,
    RECEIPT,
    REMINDER,
    application_notice,
    members_asked,
    turned_free,
)
from campaigns.queries import application_with_all, mails_missing, receipt_of, reminders_due
from campaigns.queries.noticing import notice_addresses
from campaigns.services.recording import event_record, notice_enqueue
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.dates import day_after
from licenses.queries import made_free
from notices.queries import was_told
from notices.rules import Attachment
from notices.services import notice_queue
from offices.queries import members_of


def application_notify(*, application_id: int, kind: str, today: date, with_paper: bool = True) -> bool:
    """Hand a notice of an application to the outbox, with the acknowledgement's paper; True when it is new.

    The paper is made first, outside a transaction, because that is slow. Twice, also at once, is one notice.
    """
    application = application_with_all(application_id)
    if was_told(KINDS[kind], application.receipt_number) or _is_past(application, kind, today):
        return False
    receipt = receipt_of(application, today)
    paper = None
    if kind == RECEIPT and with_paper:
        paper = Attachment(f"{application.receipt_number}.pdf", documents.receipt_pdf(receipt))
    to = _addresses(application, today)
    outgoing = application_notice(receipt, kind, to=to, attachment=paper, turned=_turned(application))
    return notice_queue(outgoing=outgoing, today=today)


def _turned(application: FreePassApplication) -> str:
    """The sentence about the paid term that this filing made free, empty where it did not."""
    event = made_free(application.office_id, application.starts_on) if application.proved_on else None
    return turned_free(event.term, event.data["before"]["fee_yen"]) if event and event.term else ""


def _addresses(application: FreePassApplication, today: date) -> list[str]:
    """Who filed, and every member who gets the office's notices. What the licence's own dates gave for a form on paper
    is told to no address that stands on it before identity is proved (docs/adr/0017, 0030)."""
    members = notice_addresses([application.office_id], today).get(application.office_id, ())
    waits = application.channel == Channel.PAPER and application.proved_on is None
    filed = [application.applicant_email] if application.applicant_email and not waits else []
    return list(dict.fromkeys(address.lower() for address in (*filed, *members)))


def _is_past(application: FreePassApplication, kind: str, today: date) -> bool:
    """A reminder after its deadline would only confuse."""
    return kind == REMINDER and (application.proved_on is not None or today > application.prove_by)


def identity_reminders_queue(*, today: date) -> int:
    """Queue the reminder of every provisional filing whose deadline is near; returns how many. A
    missed night delays them; a second run finds none to queue."""
    due = list(reminders_due(today))
    for application in due:
        notice_enqueue(application, REMINDER)
    return len(due)


def application_notices_catch_up(*, today: date) -> int:
    """Queue acknowledgements and proofs that never came to the outbox (a broker that was away); returns
    how many."""
    count = 0
    for kind, late in mails_missing(today - timedelta(days=settings.NOTICE_DAYS), today):
        notice_enqueue(late, kind)
        count += 1
    return count


def application_notices_make(*, today: date) -> int:
    """Make here and now what of today's filings, proofs and deadlines is not told yet; returns how many. For a demo's
    year, of which each day is over before a worker sees it; without the papers, which nobody will open."""
    late = [*mails_missing(today, day_after(today)), *((REMINDER, one) for one in reminders_due(today))]
    return sum(
        application_notify(application_id=application.pk, kind=kind, today=today, with_paper=False)
        for kind, application in late
    )


@transaction.atomic
def members_ask(*, application_id: int, today: date, acting: Acting) -> int:
    """Ask the office's members to confirm a filing, once a day at most; returns how many were asked.
    Who they are is not told to whoever filed."""
    application = application_with_all(application_id)
    FreePassApplication.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.events.filter(kind=Kind.MEMBERS_ASKED, recorded_on=today).exists():
        return 0
    people = [member.user.email for member in members_of(application.office_id, today)]
    if people:
        event_record(application, Kind.MEMBERS_ASKED, today, acting, people=len(people))
        notice = members_asked(receipt_of(application, today), people, today.isoformat())
        notice_queue(outgoing=notice, today=today)
    return len(people)
