"""One office asking for the offer, and what happened to it (R16)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.enums import ApplicationEventKind, Channel, Effect, Proof
from campaigns.models.offer import Campaign


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
    # Of a form on paper the day on which it arrived; `filed_at` is when it was entered (docs/adr/0030).
    filed_on = models.DateField("申請の日")
    filed_at = models.DateTimeField("申請の時刻")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    applicant_name = models.CharField("申請する人", max_length=60)
    applicant_phone = models.CharField("電話", max_length=20)
    applicant_email = models.EmailField("メール", blank=True)
    terms_version = models.CharField("利用規約の版", max_length=20)
    privacy_version = models.CharField("個人情報の扱いの版", max_length=20)
    # What the licence's own dates gave on the day of filing. Empty where they do not allow what a
    # visitor stated: the two days are then as stated, and proof declines the filing, because only
    # then may the recorded dates be told.
    effect = models.CharField("適用のしかた", max_length=12, choices=Effect, blank=True)
    starts_on = models.DateField("無料の初日")
    ends_on = models.DateField("無料の最終日")
    answer: Any = models.JSONField("申請した日の答え")
    # A visitor's own statement of the licence and the answer that was given to it; null for members.
    claimed: Any = models.JSONField("申し出た内容と、その答え", null=True, blank=True)
    prove_by = models.DateField("事業所の確認の期限")
    proved_on = models.DateField("確認できた日", null=True, blank=True)
    proved_by = models.CharField("確認のしかた", max_length=10, choices=Proof, blank=True)
    withdrawn_on = models.DateField("取り下げた日", null=True, blank=True)
    expired_on = models.DateField("期限が過ぎた日", null=True, blank=True)
    superseded_on = models.DateField("ほかの申請が確認された日", null=True, blank=True)
    declined_on = models.DateField("登録の日付と合わなかった日", null=True, blank=True)
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
