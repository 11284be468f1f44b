"""Register files that somebody gave on the screen, from the upload to the import."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import models

from offices.enums import ImportState


class ImportJob(models.Model):
    """Files that are first only read, then imported when a person says so. The files lie in a folder
    of their own that nothing serves, and are deleted when the job is over."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    as_of = models.DateField("いつ時点の名簿か")
    files = models.JSONField("ファイル")
    state = models.CharField("状態", max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="だれが")
    created_at = models.DateTimeField("受け取った時刻", auto_now_add=True)
    started_at = models.DateTimeField("始めた時刻", null=True, blank=True)
    finished_at = models.DateTimeField("終わった時刻", null=True, blank=True)
    preview = models.JSONField("試しに数えた結果", null=True, blank=True)
    counts = models.JSONField("取り込んだ結果", null=True, blank=True)
    problem = models.TextField("できなかった理由", blank=True)
    run = models.OneToOneField(
        "offices.ImportRun", models.PROTECT, null=True, blank=True, related_name="job", verbose_name="取り込み"
    )

    class Meta:
        verbose_name = verbose_name_plural = "画面からの取り込み"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.as_of}の名簿（{self.get_state_display()}）"

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "imports" / str(self.key)

    @property
    def paths(self) -> list[Path]:
        return [self.folder / str(one["name"]) for one in self.files]

    @property
    def gone_csv(self) -> Path:
        """The offices that the files lack, all of them; no uploaded file has such a name."""
        return self.folder / "preview" / "gone.csv"

    @property
    def found(self) -> dict[str, object] | None:
        """What is known: the result once there is one, before that what was counted."""
        return self.counts or self.preview
