"""What the day on which a form on paper arrived decides: whether it can still be entered, and the answer of that day."""

from datetime import date

from django.conf import settings

from campaigns.queries.answers import OfficeAnswer, answer_from, campaign_on, offer_on, window_of
from campaigns.rules.arriving import why_not_arrived
from licenses.queries import standing_past
from offices.queries import has_service_in_scope


def arrival_problem(arrived_on: date, today: date) -> str:
    """Why a form that arrived on this day cannot be entered on `today`; empty when it can. Never so late that its
    proof would be overdue. Raises Campaign.DoesNotExist without a campaign."""
    campaign = campaign_on(arrived_on)
    days = min(settings.PAPER_DAYS, campaign.proof_days)
    return why_not_arrived(arrived_on, window_of(campaign), today, days)


def answer_on_arrival(office_id: int, arrived_on: date) -> OfficeAnswer:
    """The rules' answer about an office on the day on which its form arrived, whatever terms ended and began since;
    for a licence on which nobody acted since. Raises Campaign.DoesNotExist without a campaign."""
    campaign, fees = offer_on(arrived_on)
    stood = standing_past(office_id, arrived_on, fees)
    return answer_from(campaign, stood, has_service_in_scope(office_id, arrived_on), fees, arrived_on)
