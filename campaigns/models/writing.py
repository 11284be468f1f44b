"""A filing while somebody is still writing it (docs/adr/0016)."""

from typing import Any

from django.conf import settings
from django.db import models


class FilingDraft(models.Model):
    """What was typed so far, found by an address that cannot be guessed, so that back, reload, a
    session's end, a lost connection or the next day lose nothing. Sending keeps the row without
    what was typed, so that the second click finds the filing it made."""

    key = models.CharField(max_length=32, unique=True, editable=False)
    # What makes a filing the same filing: see FreePassApplication.form_key.
    form_key = models.UUIDField(unique=True, editable=False)
    business_number = models.CharField("事業所番号", max_length=10)
    # A member's own draft: only this person sees it and sends it. Empty for visitors.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    claims: Any = models.JSONField("申し出のライセンス", default=dict)
    answers: Any = models.JSONField("入力", default=dict)
    kept_until = models.DateField("保存の最後の日")
    application = models.OneToOneField("campaigns.FreePassApplication", models.PROTECT, null=True, related_name="draft")

    class Meta:
        verbose_name = verbose_name_plural = "書きかけの申請"
        indexes = [models.Index(fields=["kept_until"], name="draft_kept_until")]

    def __str__(self) -> str:
        return self.business_number
