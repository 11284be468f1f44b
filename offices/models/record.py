"""What happened to the register: imports, what they missed, corrections, events."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from offices.enums import CorrectableField, EventKind, ImportSource, VanishedState


class ImportRun(models.Model):
    """One finished import. It is the event of every office that it created; offices that it
    changed have an event of their own that names it."""

    files = models.JSONField("ファイル")
    as_of = models.DateField("いつ時点の名簿か")
    counts = models.JSONField("結果")
    source = models.CharField("入口", max_length=8, choices=ImportSource, default=ImportSource.COMMAND)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="だれが"
    )
    started_at = models.DateTimeField("はじめ")
    finished_at = models.DateTimeField("おわり")

    class Meta:
        verbose_name = verbose_name_plural = "取り込み"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.as_of}の名簿"


class ImportedService(models.Model):
    """The newest day for which a service has been imported, and how many columns the fullest file of
    that day had: an older or a poorer file cannot undo it."""

    service_key = models.CharField(max_length=60, primary_key=True)
    as_of = models.DateField()
    columns = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "取り込んだサービス"

    def __str__(self) -> str:
        return self.service_key


class VanishedOffice(models.Model):
    """An office that an import lacked though earlier imports of the same services had it. The
    import only proposes; a person decides whether it has closed."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="vanishings", verbose_name="事業所")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="vanished", verbose_name="取り込み")
    as_of = models.DateField("いつの名簿にないか")
    state = models.CharField("状態", max_length=10, choices=VanishedState, default=VanishedState.PENDING)
    decided_at = models.DateTimeField("決めた日時", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="決めた人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "名簿にない事業所"
        ordering = ["-as_of", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(state__in=["pending", "still_open"]),
                name="vanished_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.office)


class OfficeCorrection(models.Model):
    """A person knows better than the register. The value stands on the office until it is
    withdrawn, through every import; what the register says is kept beside it."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="corrections", verbose_name="事業所")
    field = models.CharField("項目", max_length=20, choices=CorrectableField)
    value = models.CharField("訂正した値", max_length=250, blank=True)
    listed_value = models.CharField("名簿の値", max_length=250, blank=True)
    search_key = models.TextField(blank=True, editable=False)
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="だれが"
    )
    at = models.DateTimeField("いつ")
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取り下げた人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "訂正"
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "field"], condition=Q(withdrawn_at__isnull=True), name="correction_once"
            ),
            models.CheckConstraint(condition=Q(field__in=CorrectableField.values), name="correction_field_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}：{self.value}"


class OfficeEvent(models.Model):
    """Who did what to an office or an area, when and why. Only grows."""

    office = models.ForeignKey(
        "offices.Office", models.PROTECT, null=True, blank=True, related_name="events", verbose_name="事業所"
    )
    area = models.ForeignKey(
        "offices.Area", models.PROTECT, null=True, blank=True, related_name="events", verbose_name="担当地域"
    )
    run = models.ForeignKey(
        ImportRun, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="取り込み"
    )
    kind = models.CharField("できごと", max_length=20, choices=EventKind)
    at = models.DateTimeField("いつ")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="だれが"
    )
    reason = models.CharField("理由", max_length=300, blank=True)
    details = models.JSONField("内容", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "事業所のできごと"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False) | Q(area__isnull=False), name="officeevent_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.office or self.area}"
