from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from licenses.enums import AlarmKind


class RollOverRun(models.Model):
    """One night's roll-over and its proof. Unfinished when the process died under way: what it
    had committed stands, and the next run does the rest."""

    on = models.DateField("対象の日")
    started_at = models.DateTimeField("開始", auto_now_add=True)
    finished_at = models.DateTimeField("終了", null=True)
    counts: Any = models.JSONField("件数", default=dict)
    proof = models.TextField("照合", blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField("だれとして", max_length=10, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    mailed_at = models.DateTimeField("証明のメールを渡した時刻", null=True, blank=True)
    mailed_to = models.PositiveSmallIntegerField("メールの数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "夜間処理"
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["on"], name="run_of_night")]

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


class NightAlarm(models.Model):
    """A night without a run, or with a proof that does not hold: told once, open until it is mended
    by a later run or closed by a person with a reason."""

    on = models.DateField("どの夜", unique=True)
    kind = models.CharField("種類", max_length=10, choices=AlarmKind)
    text = models.TextField("内容")
    raised_at = models.DateTimeField("知らせた時刻")
    mailed_at = models.DateTimeField("メールを渡した時刻", null=True, blank=True)
    mailed_to = models.PositiveSmallIntegerField("メールの数", default=0)
    ended_at = models.DateTimeField("終わった時刻", null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField("終わった理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "夜間処理の警報"
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"
