from django.db import models
from django.db.models import Q

from licenses.enums import BillKind


class FeeSchedule(models.Model):
    """The yearly fee of a paid term that starts on or after `starts_on`, in whole yen.

    Decided up to `decided_until` (inclusive); after it the last amount goes on and is shown
    with 未定 (R14, answers 13 and 53).
    """

    starts_on = models.DateField("この日から", unique=True)
    yen = models.PositiveIntegerField("年額（円）")
    decided_until = models.DateField("この日まで決まっている", null=True, blank=True)
    note = models.CharField("根拠", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "利用料"
        ordering = ["starts_on"]

    def __str__(self) -> str:
        return f"{self.starts_on}から {self.yen:,}円"


class BillLine(models.Model):
    """One line of a month's billing list: append-only; a correction is a new line."""

    term = models.ForeignKey("licenses.LicenseTerm", models.PROTECT, related_name="bill_lines")
    month = models.DateField("請求する月の1日")
    kind = models.CharField("種類", max_length=10, choices=BillKind)
    yen = models.IntegerField("金額（円）")
    recorded_on = models.DateField("記録した日")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        verbose_name = verbose_name_plural = "請求の明細"
        ordering = ["month", "id"]
        constraints = [
            models.UniqueConstraint(fields=["term", "kind"], name="one_line_per_term_and_kind"),
            models.CheckConstraint(condition=Q(month__day=1), name="billed_on_the_first"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.get_kind_display()} {self.yen:,}円"
