"""From a proved filing to a sign-in: stop, withdrawal and documents are for proved members (R16)."""
# Asked for by whoever filed, on the receipt page; not done unasked, because most never need it.

from datetime import date

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from accounts.services import user_create, user_invite
from campaigns.enums import Proof
from campaigns.models import FreePassApplication
from careplan_portal.lib.acting import Acting
from offices.enums import JoinedBy
from offices.services import members

JOINS = {Proof.LETTER: JoinedBy.LETTER, Proof.CALL_BACK: JoinedBy.CALL_BACK}


@transaction.atomic
def applicant_join(*, application: FreePassApplication, today: date, acting: Acting) -> User | None:
    """Make whoever filed a member of the office, once a letter or a call has proved it; somebody
    without a sign-in gets the mail with which to make one, again each time it is asked for. None
    where there is nobody to join: not proved so, no address, or one whose sign-in has another role.
    """
    if not may_join(application):
        return None
    how = JOINS[Proof(application.proved_by)]
    user = User.objects.filter(email=application.applicant_email.lower()).first()
    if user is not None and user.role != Role.OFFICE_STAFF:
        return None
    if user is None:
        user = user_create(
            email=application.applicant_email,
            name=application.applicant_name,
            role=Role.OFFICE_STAFF,
            acting=acting,
        )
    if not user.has_usable_password():
        user_invite(user=user, acting=acting)
    members.member_add(office_id=application.office_id, user_id=user.pk, how=how, today=today, acting=acting)
    return user


def may_join(application: FreePassApplication) -> bool:
    """Whether a proof that joins stands behind the application, and a mail can reach its applicant."""
    return bool(application.applicant_email) and application.proved_by in JOINS
