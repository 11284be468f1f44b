"""What stands around an office and can be read a moment later: the log, its people, inquiries, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.models import Inquiry
from helpdesk.queries.logbook import SHOWN, LogLine, last_spoken, log_of
from helpdesk.queries.screen import Screen
from notices.models import Notice
from notices.queries import notices_of_office
from offices.models import Membership
from offices.queries import members_now

NOTICES_SHOWN = 5
INQUIRIES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Around:
    log: Sequence[LogLine]
    last_spoken: LogLine | None
    members: Sequence[Membership]
    inquiries: Sequence[Inquiry]
    notices: Sequence[Notice]


def around(screen: Screen, user_id: int) -> Around:
    """As the person `user_id` sees it: what they wrote today was not said before."""
    office_id, today = screen.office.pk, screen.scene.today
    told = list(notices_of_office(office_id)[:SHOWN])
    log = log_of(office_id, told)
    asked = Inquiry.objects.filter(office_id=office_id).select_related("taken_by").order_by("-received_at")
    return Around(
        log,
        last_spoken(log, user_id, today),
        members_now.all(office_id, today),
        list(asked[:INQUIRIES_SHOWN]),
        told[:NOTICES_SHOWN],
    )


def own_facts(screen: Screen, beside: Around) -> frozenset[str]:
    """The facts in no public register that there are to compare with."""
    known = {
        "receipt": screen.applications, "applicant": screen.applications, "mail": beside.members or screen.applications,
        "term_end": screen.plan and screen.plan.current, "last_contact": beside.last_spoken,
    }  # fmt: skip
    return frozenset(name for name, fact in known.items() if fact)
