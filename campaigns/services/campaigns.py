"""Changing a campaign: dated data with a record of who changed what, when and why (R1)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from campaigns.models import Campaign, CampaignChange
from careplan_portal.lib.acting import SYSTEM, Acting

FIELDS = (
    "name",
    "opens_on",
    "closes_on",
    "length",
    "once_per",
    "scope_policy",
    "proof_days",
    "is_tentative",
)


@transaction.atomic
def campaign_change(*, campaign: Campaign, today: date, acting: Acting, **values: Any) -> CampaignChange | None:
    """Save a new or changed campaign with its record; None when nothing differs.

    Reservations already accepted are untouched: they keep their promise (R1). Raises
    django.core.exceptions.ValidationError, with sentences for people, for a reversed window or
    one that overlaps another campaign's.
    """
    before = _as_json(Campaign.objects.get(pk=campaign.pk)) if campaign.pk else None
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign.full_clean()
    after = _as_json(campaign)
    if before == after:
        return None
    campaign.save()
    return CampaignChange.objects.create(
        campaign=campaign,
        before=before,
        after=after,
        recorded_on=today,
        actor_id=acting.user_id,
        acting_as=acting.role,
        reason=acting.reason,
    )


def _as_json(campaign: Campaign) -> dict[str, str]:
    return {name: str(value) for name, value in model_to_dict(campaign, FIELDS).items()}


def campaign_start(*, today: date) -> None:
    """What a new portal begins with: the window of answer 9, 予定. Nothing when there is a campaign."""
    if not Campaign.objects.exists():
        campaign_change(
            campaign=Campaign(),
            today=today,
            acting=Acting(None, SYSTEM, "2025年4月14日の通知と、説明会の質疑 9"),
            name="フリーパスキャンペーン",
            opens_on=date(2025, 6, 1),
            closes_on=date(2026, 5, 31),
        )
