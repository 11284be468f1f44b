from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class Programme(models.Model):
    """The whole (事業): one row. After `ends_on`, if set, no term opens (R15)."""

    ends_on = models.DateField("最後の日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "事業"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_programme")]

    def __str__(self) -> str:
        return f"{self.ends_on}まで" if self.ends_on else "終わりの日なし"


class PolicyEvent(models.Model):
    """A change of fees or of the programme's end: append-only, who, when, why, before, after."""

    subject = models.CharField("対象", max_length=20)
    before: Any = models.JSONField("前", null=True)
    after: Any = models.JSONField("後", null=True)
    recorded_on = models.DateField("記録した日")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField("だれとして", max_length=10)
    reason = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "取り決めの変更"
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.recorded_on} {self.subject}"
