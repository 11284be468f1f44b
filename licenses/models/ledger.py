"""The ledger: who may use the system, from when until when, and how that came about."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import RawSQL

from licenses.enums import Closing, EventKind, Origin, Pricing, RenewalMode, ReservationState

# SQL twin of rules.plan(...).status: the licence's last term that has started by the day, and,
# where that term's end is not recorded yet, what the rules make of it (R9, R10, R15).
# `renewal` is the licence's latest renewal date by that day; terms that follow one from
# 29 February start on 1 March (R2).
STATUS_SQL = """(
SELECT CASE
  WHEN t.id IS NULL THEN 'none'
  WHEN t.ends_on >= d.day THEN CASE t.pricing WHEN 'free_pass' THEN 'active_free' ELSE 'active_paid' END
  WHEN t.closing = 'stopped' THEN 'stopped'
  WHEN t.closing <> '' THEN 'lapsed'
  WHEN t.stop_requested_on IS NOT NULL OR o.closed_on <= n.first_renewal THEN 'stopped'
  WHEN r.kind IS NULL AND l.renewal_mode = 'manual' THEN 'lapsed'
  WHEN p.ends_on < n.first_renewal THEN 'stopped'
  WHEN y.years = 0 THEN CASE r.kind WHEN 'free_pass' THEN 'active_free' ELSE 'active_paid' END
  WHEN l.renewal_mode = 'manual' AND r.kind = 'paid' THEN
    CASE WHEN o.closed_on <= n.second_renewal THEN 'stopped' ELSE 'lapsed' END
  WHEN o.closed_on <= n.renewal OR p.ends_on < n.renewal THEN 'stopped'
  ELSE 'active_paid' END
FROM (SELECT %s::date AS day) d
CROSS JOIN licenses_license l
JOIN offices_office o ON o.id = l.office_id
LEFT JOIN licenses_programme p ON true
LEFT JOIN LATERAL (
  SELECT * FROM licenses_licenseterm WHERE license_id = l.id AND starts_on <= d.day
  ORDER BY starts_on DESC LIMIT 1) t ON true
LEFT JOIN licenses_licensereservation r ON r.license_id = l.id AND r.state = 'open'
LEFT JOIN LATERAL (
  SELECT t.ends_on + 1 AS first_renewal,
    t.ends_on + 1 + CASE WHEN to_char(t.ends_on + 1, 'MMDD') = '0229' THEN 1 ELSE 0 END AS yearly
  ) a ON true
LEFT JOIN LATERAL (SELECT extract(year FROM age(d.day, a.yearly))::int AS years) y ON true
LEFT JOIN LATERAL (
  SELECT a.first_renewal,
    (a.yearly + make_interval(years => 1))::date AS second_renewal,
    (a.yearly + make_interval(years => y.years))::date AS renewal) n ON true
WHERE l.id = licenses_license.id)"""


def status_on(on: date) -> RawSQL:
    """The column of ``LicenseQuerySet.with_status``, also for a row that has its licence joined."""
    return RawSQL(STATUS_SQL, (on,), output_field=models.CharField())


class LicenseQuerySet(models.QuerySet["License"]):
    def with_status(self, on: date) -> "LicenseQuerySet":
        """Annotates `status` as it stands on the day `on`, whether or not the night has run.

        SQL twin of `rules.plan(facts, policy, on).status`, for `on` not earlier than the last
        recorded act.
        """
        return self.annotate(status=status_on(on))


class License(models.Model):
    """The right to use, one per office (R8: the Free Pass is used up per business number)."""

    office = models.OneToOneField("offices.Office", models.PROTECT, related_name="license")
    first_licensed_on = models.DateField("最初の利用開始日", null=True, blank=True)
    renewal_mode = models.CharField("更新のしかた", max_length=6, choices=RenewalMode)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LicenseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ライセンス"
        constraints = [
            models.CheckConstraint(condition=Q(renewal_mode__in=RenewalMode.values), name="license_mode_known"),
        ]

    def __str__(self) -> str:
        return str(self.office)


def _days(starts_on: str, ends_on: str) -> Func:
    return Func(
        F(starts_on),
        F(ends_on),
        RangeBoundary(inclusive_lower=True, inclusive_upper=True),
        function="DATERANGE",
        output_field=DateRangeField(),
    )


class LicenseTerm(models.Model):
    """One year of a licence, both ends inclusive (R2). `closing` is empty until what happened
    at its end is recorded; `stop_requested_on` is the stop filed in this term (R10)."""

    license = models.ForeignKey(License, models.PROTECT, related_name="terms")
    starts_on = models.DateField("はじめの日")
    ends_on = models.DateField("おわりの日")
    pricing = models.CharField("区分", max_length=9, choices=Pricing)
    fee_yen = models.PositiveIntegerField("利用料（円）")
    origin = models.CharField("始まり方", max_length=8, choices=Origin)
    stop_requested_on = models.DateField("停止の届けの日", null=True, blank=True)
    closing = models.CharField("おわり方", max_length=7, choices=Closing, blank=True, default="")
    closing_reason = models.CharField("おわった理由", max_length=20, blank=True, default="")
    recorded_on = models.DateField("記録した日")

    class Meta:
        verbose_name = verbose_name_plural = "有効期間"
        ordering = ["license", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="term_not_reversed",
                violation_error_message="おわりの日が、はじめの日より前です。",
            ),
            models.CheckConstraint(
                condition=Q(pricing=Pricing.PAID) | Q(pricing=Pricing.FREE_PASS, fee_yen=0),
                name="free_pass_costs_nothing",
                violation_error_message="フリーパスの期間の利用料は0円です。",
            ),
            models.CheckConstraint(
                condition=Q(stop_requested_on__isnull=True)
                | Q(stop_requested_on__gte=F("starts_on"), stop_requested_on__lte=F("ends_on")),
                name="stop_filed_within_term",
                violation_error_message="利用停止の届けは、その期間のあいだだけ出せます。",
            ),
            ExclusionConstraint(
                name="terms_never_overlap",
                expressions=[
                    ("license", RangeOperators.EQUAL),
                    (_days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="ほかの期間と重なっています。",
            ),
            models.UniqueConstraint(
                fields=["license"],
                condition=Q(pricing=Pricing.FREE_PASS),
                name="one_free_pass_per_number",
                violation_error_message="この事業所番号は、フリーパスをもう使っています。",
            ),
            models.UniqueConstraint(fields=["license"], condition=Q(closing=""), name="one_open_end_per_license"),
        ]
        indexes = [
            # The roll-over's question: which ends lie before the day and are not recorded?
            models.Index(fields=["ends_on"], condition=Q(closing=""), name="term_due"),
            models.Index(fields=["starts_on"], name="term_starts_on"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} - {self.ends_on}"


class LicenseReservation(models.Model):
    """What the next term will be, when filed before it starts (次回予約)."""

    license = models.ForeignKey(License, models.PROTECT, related_name="reservations")
    kind = models.CharField("内容", max_length=9, choices=Pricing)
    renewal_on = models.DateField("更新日")
    filed_on = models.DateField("予約した日")
    can_withdraw = models.BooleanField("取り下げできる", default=True)
    state = models.CharField("状態", max_length=9, choices=ReservationState, default=ReservationState.OPEN)
    ended_on = models.DateField("おわった日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "次回予約"
        constraints = [
            models.UniqueConstraint(
                fields=["license"],
                condition=Q(state=ReservationState.OPEN),
                name="one_open_reservation",
                violation_error_message="次回の予約は、もうあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.renewal_on} {self.get_kind_display()}"


class LicenseEvent(models.Model):
    """What happened to a licence: append-only, the database refuses update and delete.

    `effective_on` is the day it counts for, `recorded_on` the business day on which it was
    recorded, so a past day can be told as known then and as known now.
    """

    license = models.ForeignKey(License, models.PROTECT, related_name="events")
    term = models.ForeignKey(LicenseTerm, models.PROTECT, null=True, related_name="+")
    kind = models.CharField("できごと", max_length=21, choices=EventKind)
    effective_on = models.DateField("数える日")
    recorded_on = models.DateField("記録した日")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField("だれとして", max_length=10)
    reason = models.CharField("理由", max_length=200, blank=True)
    run = models.ForeignKey("licenses.RollOverRun", models.PROTECT, null=True, related_name="+")
    data: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "ライセンスの記録"
        indexes = [
            models.Index(fields=["license", "recorded_on"], name="event_of_license"),
            models.Index(fields=["kind", "effective_on"], name="event_by_kind"),
            models.Index(fields=["run"], condition=Q(run__isnull=False), name="event_of_run"),
        ]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.get_kind_display()}"
