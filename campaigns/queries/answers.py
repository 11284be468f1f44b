"""The offer of a day and what it answers an office; applications by their number, key and office."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from campaigns import rules
from campaigns.models import Campaign, FreePassApplication
from campaigns.rules import Assessment, Situation
from careplan_portal.lib.dates import Period
from careplan_portal.lib.prepared import prepared
from licenses.queries import Standing, policy_beside, policy_columns, standing
from licenses.rules import FREE_PASS, PAID, BadRecord, Plan, Policy
from offices.queries import has_service_in_scope


@dataclass(frozen=True, slots=True)
class OfficeAnswer:
    """The rules' answer about an office on a day, with what it was made from. `assessment` is
    None, and `problem` says why, when the licence's record is set aside."""

    campaign: Campaign
    standing: Standing
    situation: Situation | None
    assessment: Assessment | None
    problem: str = ""


def _by_nearness(day: Any) -> QuerySet[Campaign]:
    order = Case(
        When(opens_on__lte=day, closes_on__gte=day, then=Value(0)),
        When(opens_on__gt=day, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return Campaign.objects.annotate(nearness=order, **policy_columns()).order_by("nearness", "opens_on")


_campaigns = prepared(_by_nearness)


def offer_on(day: date) -> tuple[Campaign, Policy]:
    """The campaign of ``campaign_on`` with fees and the programme's end, in one statement."""
    campaign = campaign_on(day)
    return campaign, policy_beside(campaign)


def campaign_on(day: date) -> Campaign:
    """The campaign that a question on `day` is about: the one whose window holds the day, else
    the next to open, else the last that closed. Raises Campaign.DoesNotExist when there is none.
    """
    campaigns = _campaigns.all(day)
    if not campaigns:
        raise Campaign.DoesNotExist("no campaign is on file")
    return campaigns[0] if campaigns[0].opens_on > day or campaigns[0].closes_on >= day else campaigns[-1]


def window_of(campaign: Campaign) -> Period:
    """The days on which one can apply (R1), both inclusive."""
    return Period(campaign.opens_on, campaign.closes_on)


def situation_of(plan: Plan, in_scope: bool | None) -> Situation:
    """What the Free Pass rules need to know of a licence that `plan` brought up to the day."""
    reservation = plan.facts.reservation
    reserved = reservation.kind if reservation else None
    return Situation(
        current=plan.current,
        renewal_mode=plan.facts.renewal_mode,
        renewal_filed=reserved == PAID,
        stop_requested=plan.is_stopping,
        free_pass=_free_pass(plan),
        in_scope=in_scope,
    )


def _free_pass(plan: Plan) -> str:
    if any(term.pricing == FREE_PASS for term in plan.facts.terms):
        return rules.GRANTED
    reservation = plan.facts.reservation
    if reservation is not None and reservation.kind == FREE_PASS:
        return rules.RESERVED
    return rules.UNUSED


def office_answer(office_id: int, today: date) -> OfficeAnswer:
    """May this office have the Free Pass: asked for a filing, the my-office page, the helpdesk.

    Raises Campaign.DoesNotExist when no campaign is on file.
    """
    campaign, fees = offer_on(today)
    return answer_from(
        campaign, standing(office_id, today, fees=fees), has_service_in_scope(office_id, today), fees, today
    )


def answer_from(campaign: Campaign, stands: Standing, in_scope: bool | None, fees: Policy, today: date) -> OfficeAnswer:
    """The answer made from what was already read: for lists of many offices."""
    if stands.plan is None:
        return OfficeAnswer(campaign, stands, None, None, stands.problem)
    situation = situation_of(stands.plan, in_scope)
    try:
        assessment = rules.assess(situation, window_of(campaign), fees, today)
    except BadRecord as bad:
        return OfficeAnswer(campaign, stands, situation, None, bad.text)
    return OfficeAnswer(campaign, stands, situation, assessment)


def application_facts(application: FreePassApplication) -> rules.ApplicationFacts:
    """What the rules need to know of an application to say how it stands; reads its reservation."""
    reservation = application.reservation
    opened = application.proved_on is not None and (reservation is None or reservation.state == "used")
    return rules.ApplicationFacts(
        proved_on=application.proved_on,
        withdrawn_on=application.withdrawn_on,
        expired_on=application.expired_on,
        superseded_on=application.superseded_on,
        declined_on=application.declined_on,
        opened=opened,
        released=reservation is not None and reservation.state == "released",
    )


def application_state(application: FreePassApplication) -> str:
    """How the application stands, one of the states of ``campaigns.rules.applying``."""
    return rules.application_state(application_facts(application))


def application_by_receipt(text: str) -> FreePassApplication | None:
    """The application of a 受付番号 in any spelling; None when it is not one or there is none."""
    try:
        number = rules.receipt_parse(text)
    except rules.NotAReceiptNumber:
        return None
    return (
        FreePassApplication.objects.filter(receipt_number=number)
        .select_related("office", "reservation", "campaign")
        .first()
    )


def application_by_key(form_key: UUID) -> FreePassApplication | None:
    """What a form has filed already; None when it has not."""
    return FreePassApplication.objects.filter(form_key=form_key).first()


def applications_of(office_id: int) -> QuerySet[FreePassApplication]:
    """An office's applications, newest first."""
    return (
        FreePassApplication.objects.filter(office_id=office_id)
        .select_related("reservation", "campaign")
        .order_by("-filed_at")
    )


filed_for = prepared(applications_of)


def provisional_applications() -> QuerySet[FreePassApplication]:
    """Filed, identity not yet proved, not ended: the nearest deadline first."""
    return (
        FreePassApplication.objects.filter(proved_on=None, withdrawn_on=None, expired_on=None, superseded_on=None)
        .select_related("office", "campaign")
        .order_by("prove_by", "pk")
    )
