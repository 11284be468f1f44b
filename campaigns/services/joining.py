"""From a proved filing to a sign-in: stop, withdrawal and documents are for proved members (R16)."""
# Asked for by whoever filed, on the receipt page; not done unasked, because most never need it.

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.services import user_invite
from campaigns.enums import ApplicationEventKind, Proof
from campaigns.models import FreePassApplication
from campaigns.queries import JOINS, applicant_of, joining_of
from campaigns.rules.joining import AGAIN, OPEN, WHY_NOT_JOINING
from campaigns.services.recording import event_record
from careplan_portal.lib.acting import Acting
from offices.services import members


@transaction.atomic
def applicant_join(*, application: FreePassApplication, today: date, acting: Acting) -> User:
    """Make whoever filed a member of the office, once, after a letter or a call has proved it; somebody
    without a password gets the mail with which to make a sign-in, again each time it is asked for.

    Raises offices.services.members.Refused, with a sentence: not proved so, a member who signs in already, somebody
    whose membership ended since the proof, an address whose sign-in has another role or may not be used.
    """
    application = FreePassApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    state = joining_of(application, today)
    if state == AGAIN:
        return _mail_again(application, acting)
    if state != OPEN:
        raise members.Refused(state, WHY_NOT_JOINING[state])
    joined = members.proved_member_add(
        office_id=application.office_id, email=application.applicant_email, name=application.applicant_name,
        how=JOINS[Proof(application.proved_by)], today=today, acting=acting,
    )  # fmt: skip
    event_record(application, ApplicationEventKind.JOINED, today, acting, user=joined.user_id)
    return joined.user


def _mail_again(application: FreePassApplication, acting: Acting) -> User:
    user = applicant_of(application)
    assert user is not None
    user_invite(user=user, acting=acting)
    return user
