from typing import Any

from django.db import models
from django.db.models import Q


class RollOverRun(models.Model):
    """One night's roll-over and its proof. Unfinished when the process died under way: what it
    had committed stands, and the next run does the rest."""

    on = models.DateField("対象の日")
    started_at = models.DateTimeField("開始", auto_now_add=True)
    finished_at = models.DateTimeField("終了", null=True)
    counts: Any = models.JSONField("件数", default=dict)
    proof = models.TextField("照合", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "夜間処理"
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.on} {self.proof}"


class SetAside(models.Model):
    """A licence that the roll-over could not decide: listed with its reason, due until repaired."""

    license = models.ForeignKey("licenses.License", models.PROTECT, related_name="set_asides")
    code = models.CharField("理由の番号", max_length=30)
    text = models.CharField("理由", max_length=200)
    since = models.DateField("この日から")
    resolved_on = models.DateField("なおった日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "保留のライセンス"
        constraints = [
            models.UniqueConstraint(fields=["license"], condition=Q(resolved_on__isnull=True), name="set_aside_once"),
        ]

    def __str__(self) -> str:
        return f"{self.license}: {self.text}"
