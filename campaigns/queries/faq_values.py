"""An office's own dates for the FAQ, which knows no office: named by settings.FAQ_VALUES."""

from datetime import date
from typing import Any

from accounts.models import User
from campaigns.models import Campaign
from campaigns.queries.answers import OfficeAnswer, office_answer
from campaigns.rules import RESERVED
from campaigns.rules.assessing import RENEWS_FREE, RENEWS_PAID
from faq.queries import OfficeValues
from licenses.rules import FREE_PASS
from offices.models import Office
from offices.permissions import offices_of_member


def faq_values(*, user: Any, today: date, number: str = "") -> OfficeValues | None:
    """The dates of the one office that a person is a member of, or of that one of several with the business
    ``number``; None for everybody else, for several without a number, and for an office that is not theirs."""
    if not isinstance(user, User):
        return None
    offices = offices_of_member(user, today)
    found = list((offices.filter(business_number=number) if number else offices).order_by("pk")[:2])
    return office_faq_values(found[0], today) if len(found) == 1 else None


def faq_offices(*, user: Any, today: date) -> list[tuple[str, str]]:
    """Business number and name of the offices of a member of several, by name; empty for everybody else."""
    if not isinstance(user, User):
        return []
    offices = offices_of_member(user, today).order_by("name", "pk").values_list("business_number", "name")
    return list(offices) if len(offices) > 1 else []


def office_faq_values(office: Office, today: date) -> OfficeValues | None:
    """The dates of an office on a day, also for the helpdesk on the telephone; None when its record is set aside."""
    try:
        answer = office_answer(office.pk, today)
    except Campaign.DoesNotExist:
        return None
    if answer.assessment is None or answer.situation is None:
        return None
    return OfficeValues(office.name, _values(answer), _states(answer))


def _values(answer: OfficeAnswer) -> dict[str, date | int | None]:
    assessment, situation = answer.assessment, answer.situation
    assert assessment is not None
    assert situation is not None
    current, event = situation.current, assessment.next_event
    renews = event is not None and event.event in (RENEWS_PAID, RENEWS_FREE)
    return {
        "term_end": current.ends_on if current else None,
        "renewal_date": current.renewal_on if current else None,
        "last_stop_day": current.ends_on if current and not situation.stop_requested else None,
        "fee": event.fee_yen if event is not None and renews else None,
        "filing_from": assessment.apply_from,
        "filing_until": assessment.apply_until,
    }


def _states(answer: OfficeAnswer) -> frozenset[str]:
    situation = answer.situation
    assert situation is not None
    if situation.current is None:
        return frozenset()
    holds = {
        "free": situation.current.pricing == FREE_PASS,
        "paid": situation.current.pricing != FREE_PASS,
        "reserved": situation.free_pass == RESERVED,
        "stopping": situation.stop_requested,
        situation.renewal_mode: True,
    }
    return frozenset(name for name, true in holds.items() if true)
