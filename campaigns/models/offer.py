"""The offer: campaigns as dated data, with a record of every change (R1)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from campaigns.enums import Length, OncePer, ScopePolicy


class Campaign(models.Model):
    """An offer with a window, both ends inclusive (R1). Every change leaves a CampaignChange."""

    name = models.CharField("名前", max_length=60)
    opens_on = models.DateField("受付の初日")
    closes_on = models.DateField("受付の最終日")
    length = models.CharField("無料の長さ", max_length=10, choices=Length, default=Length.ONE_YEAR)
    once_per = models.CharField("使える回数", max_length=15, choices=OncePer, default=OncePer.BUSINESS_NUMBER)
    scope_policy = models.CharField(
        "対象外のサービスだけの事業所", max_length=6, choices=ScopePolicy, default=ScopePolicy.WARN
    )
    proof_days = models.PositiveSmallIntegerField("事業所の確認の期限（日）", default=30)
    is_tentative = models.BooleanField("予定（変わることがある）", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "キャンペーン"
        ordering = ["opens_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="campaign_not_reversed",
                violation_error_message="最終日が初日より前です。",
            ),
            ExclusionConstraint(
                name="campaign_windows_never_overlap",
                expressions=[
                    (
                        Func(
                            F("opens_on"),
                            F("closes_on"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message="受付の期間が、ほかのキャンペーンと重なっています。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignChange(models.Model):
    """Who changed what of a campaign, when and why: append-only (R1)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="changes")
    before: Any = models.JSONField("前", null=True)
    after: Any = models.JSONField("後")
    recorded_on = models.DateField("記録した日")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField("だれとして", max_length=10)
    reason = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "キャンペーンの変更"
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.recorded_on} {self.campaign}"
