"""What is known of whoever filed, for the question whether they may join by it."""

from datetime import date

from accounts.models import User
from campaigns.enums import ApplicationEventKind, Proof
from campaigns.models import ApplicationEvent, FreePassApplication
from campaigns.rules.joining import NOT_PROVED, Applicant, joining
from offices.enums import JoinedBy
from offices.models import Membership

JOINS = {Proof.LETTER: JoinedBy.LETTER, Proof.CALL_BACK: JoinedBy.CALL_BACK}
"""How who was proved joins; other proofs are of a member, or by an operator."""


def joining_of(application: FreePassApplication, today: date) -> str:
    """Whether its applicant may join the office by it on `today` (campaigns.rules.joining)."""
    if not application.applicant_email or application.proved_by not in JOINS:
        return NOT_PROVED
    used = _used_by(application)
    person = _person(application, used)
    if person is None:
        return joining(Applicant(application.proved_on, used=used is not None))
    rows = list(Membership.objects.filter(office=application.office_id, user=person).values_list("ended_on", flat=True))
    return joining(
        Applicant(
            application.proved_on,
            used=used is not None,
            is_member=any(ended_on is None or ended_on > today for ended_on in rows),
            has_password=person.has_usable_password(),
            ended_on=max((ended_on for ended_on in rows if ended_on is not None), default=None),
        )
    )


def applicant_of(application: FreePassApplication) -> User | None:
    """Who filed: who joined by it, whatever their address is now, else whose address it is; None without a sign-in."""
    return _person(application, _used_by(application))


def _person(application: FreePassApplication, used: int | None) -> User | None:
    return User.objects.filter(**({"pk": used} if used else {"email": application.applicant_email.lower()})).first()


def _used_by(application: FreePassApplication) -> int | None:
    joined = ApplicationEvent.objects.filter(application=application, kind=ApplicationEventKind.JOINED)
    return joined.values_list("data__user", flat=True).first()
