"""Papers about a licence: what each says is kept, so that it can be checked later."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from licenses.enums import DocumentKind


class LicenseDocument(models.Model):
    """A paper of one kind about one term and one day. It is made once: `facts` is what it says, and
    only when that has changed is there another one. The file lies outside of what is served
    (`MEDIA_ROOT/documents`) and is handed out by a view that asks who may see it."""

    license = models.ForeignKey("licenses.License", models.PROTECT, related_name="documents")
    term = models.ForeignKey("licenses.LicenseTerm", models.PROTECT, related_name="documents")
    kind = models.CharField("書類", max_length=20, choices=DocumentKind)
    on = models.DateField("対象の日")
    code = models.CharField("証明番号", max_length=24, unique=True)
    facts: Any = models.JSONField("書いてあること")
    digest = models.CharField(max_length=64, editable=False)
    issued_on = models.DateField("発行日")
    requested_at = models.DateTimeField("求めた時刻")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField("だれとして", max_length=10)
    made_at = models.DateTimeField("できた時刻", null=True, blank=True)
    size = models.PositiveIntegerField("大きさ（バイト）", default=0)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "書類"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "term", "on", "digest"], name="document_made_once"),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | (Q(size__gt=0) & ~Q(sha256="")), name="document_made_has_file"
            ),
        ]
        indexes = [models.Index(fields=["requested_at"], condition=Q(made_at=None), name="document_unmade")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_there(self) -> bool:
        """Made, and its file not lost."""
        return self.made_at is not None and self.file.is_file()

    @property
    def is_taken_back(self) -> bool:
        """Whether it confirms a stop that is no longer on file."""
        if self.kind != DocumentKind.STOP_CONFIRMATION:
            return False
        on_file = self.term.stop_requested_on
        return on_file is None or on_file.isoformat() != self.facts.get("stop_requested_on")

    @property
    def file(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "documents" / f"{self.issued_on:%Y-%m}" / f"{self.code}.pdf"
