from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from campaigns.enums import ApplicationEventKind, Channel, Effect, Length, OncePer, Proof, ScopePolicy


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


class FreePassApplication(models.Model):
    """One office asking for the Free Pass (R16: filing comes first, identity is proved after).

    Holds facts only; `rules.application_state` derives how it stands.
    """

    receipt_number = models.CharField("受付番号", max_length=20, unique=True)
    # Drawn when the form is first shown: the second click, tab or resend is the same filing.
    form_key = models.UUIDField(unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="applications")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="applications")
    channel = models.CharField("受け付け方", max_length=8, choices=Channel)
    filed_on = models.DateField("申請の日")
    filed_at = models.DateTimeField("申請の時刻")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    applicant_name = models.CharField("申請する人", max_length=60)
    applicant_phone = models.CharField("電話", max_length=20)
    applicant_email = models.EmailField("メール")
    terms_version = models.CharField("利用規約の版", max_length=20)
    privacy_version = models.CharField("個人情報の扱いの版", max_length=20)
    effect = models.CharField("適用のしかた", max_length=12, choices=Effect)
    starts_on = models.DateField("無料の初日")
    ends_on = models.DateField("無料の最終日")
    answer: Any = models.JSONField("申請した日の答え")
    prove_by = models.DateField("事業所の確認の期限")
    proved_on = models.DateField("確認できた日", null=True, blank=True)
    proved_by = models.CharField("確認のしかた", max_length=10, choices=Proof, blank=True)
    withdrawn_on = models.DateField("取り下げた日", null=True, blank=True)
    expired_on = models.DateField("期限が過ぎた日", null=True, blank=True)
    superseded_on = models.DateField("ほかの申請が確認された日", null=True, blank=True)
    reservation = models.OneToOneField(
        "licenses.LicenseReservation", models.PROTECT, null=True, related_name="application"
    )
    reason = models.CharField("運営が認めた理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "フリーパス申請"
        ordering = ["-filed_at"]
        indexes = [
            models.Index(
                fields=["prove_by"],
                condition=Q(proved_on=None, withdrawn_on=None, expired_on=None, superseded_on=None),
                name="application_provisional",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_number


class ApplicationEvent(models.Model):
    """What happened to an application: append-only."""

    application = models.ForeignKey(FreePassApplication, models.PROTECT, related_name="events")
    kind = models.CharField("できごと", max_length=10, choices=ApplicationEventKind)
    recorded_on = models.DateField("記録した日")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField("だれとして", max_length=10)
    reason = models.CharField("理由", max_length=200, blank=True)
    data: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "申請の記録"
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.recorded_on} {self.get_kind_display()}"
