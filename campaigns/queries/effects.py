"""What a change of a campaign would do, counted over all offices; and what was changed before."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from campaigns.enums import Length, OncePer, ScopePolicy
from campaigns.models import Campaign, CampaignChange, FreePassApplication
from campaigns.queries.answers import provisional_applications, situation_of
from campaigns.rules import Situation
from campaigns.rules.effects import Effect, Offer, effect
from careplan_portal.lib.dates import Period
from licenses.enums import ReservationState
from licenses.models import LicenseReservation
from licenses.queries import policy
from licenses.queries.grouped import license_groups
from licenses.rules import FREE_PASS, BadRecord, Policy, first_renewal_mode, plan
from offices.enums import IN_SCOPE
from offices.models import Office


@dataclass(frozen=True, slots=True)
class Preview:
    """The effect, the promises that stand whatever is changed, and the most that paid renewals lose."""

    effect: Effect
    reserved: int
    provisional: int
    most_yen: int


def offer_of(campaign: Campaign | None) -> Offer:
    """A campaign as the rules see it; None and one that was never saved: no offer."""
    if campaign is None or campaign.opens_on is None:
        return Offer(None)
    return Offer(Period(campaign.opens_on, campaign.closes_on), campaign.scope_policy == ScopePolicy.REFUSE)


def campaign_preview(before: Campaign | None, after: Offer, today: date) -> Preview:
    """What the change would do to all offices that are open on `today`. A handful of queries, whatever
    their number."""
    fees = policy()
    found = effect(_situations(fees, today), offer_of(before), after, fees, today)
    paying = sum(row.count for row in found.rows if row.gains and row.label.startswith("有償"))
    return Preview(
        found,
        reserved=LicenseReservation.objects.filter(state=ReservationState.OPEN, kind=FREE_PASS).count(),
        provisional=provisional_applications().filter(campaign=before).count() if before else 0,
        most_yen=paying * fees.fee_on(today).yen,
    )


def _situations(fees: Policy, today: date) -> Iterator[tuple[Situation, int]]:
    for group in license_groups(today):
        try:
            stands = plan(group.facts, fees, today)
        except BadRecord:
            continue
        yield situation_of(stands, _in_scope(group.scope)), group.count
    without: Counter[bool | None] = Counter()
    rows = (
        Office.objects.open_on(today).filter(license=None).order_by().values_list("scope").annotate(count=Count("pk"))
    )
    for scope, count in rows:
        without[_in_scope(scope)] += count
    mode = first_renewal_mode(today)
    yield from ((Situation(None, mode, in_scope=in_scope), count) for in_scope, count in without.items())


def _in_scope(scope: str) -> bool | None:
    return scope in IN_SCOPE if scope else None


def campaigns_with_counts() -> list[Campaign]:
    """Every campaign, the newest window first, each with `filed`: its applications."""
    counted = dict(FreePassApplication.objects.order_by().values_list("campaign").annotate(count=Count("pk")))
    campaigns = list(Campaign.objects.order_by("-opens_on"))
    for campaign in campaigns:
        campaign.filed = counted.get(campaign.pk, 0)  # type: ignore[attr-defined]
    return campaigns


@dataclass(frozen=True, slots=True)
class Changed:
    """A change in words, with who, when and why."""

    change: CampaignChange
    what: list[str]


_LABELS = {
    "name": "名前", "opens_on": "受付の始まり", "closes_on": "受付の終わり", "length": "無料の長さ",
    "once_per": "使える回数", "scope_policy": "対象外のサービス", "proof_days": "事業所の確認の期限（日）",
    "is_tentative": "予定",
}  # fmt: skip
_WORDS = dict([*Length.choices, *OncePer.choices, *ScopePolicy.choices, ("True", "はい"), ("False", "いいえ")])


def campaign_history(campaign: Campaign | None = None, limit: int = 30) -> list[Changed]:
    """Changes of one campaign or of all, the latest first."""
    changes = CampaignChange.objects.select_related("actor", "campaign").order_by("-pk")
    if campaign is not None:
        changes = changes.filter(campaign=campaign)
    return [Changed(change, _told(change.before, change.after)) for change in changes[:limit]]


def _told(before: Any, after: Any) -> list[str]:
    if before is None:
        return [f"作った　{after['opens_on']}から{after['closes_on']}まで"]
    return [
        f"{label}　{_word(before.get(name))} → {_word(after.get(name))}"
        for name, label in _LABELS.items()
        if before.get(name) != after.get(name)
    ]


def _word(value: Any) -> str:
    return str(_WORDS.get(value, value))
