"""Proof that whoever filed belongs to the office: the letter with its code (R16)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.enums import ReturnedWhy


class LetterRun(models.Model):
    """Letters that were printed together, the first time or again with new codes. Only grows."""

    made_on = models.DateField("刷った日")
    made_at = models.DateTimeField("刷った時刻")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    count = models.PositiveSmallIntegerField("通数")
    # Why letters were printed once more; empty the first time.
    reason = models.CharField("刷り直したわけ", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "確認の手紙の印刷"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.made_on} {self.count}通"


class IdentityLetter(models.Model):
    """One printed letter with one code, for one application or for several of one corporation.

    The code itself stands on the paper only; here is what it can be compared with. A newer letter
    for the same application takes the place of the older one.
    """

    applications = models.ManyToManyField("campaigns.FreePassApplication", related_name="letters")
    salt = models.CharField(max_length=32, editable=False)
    code_digest = models.CharField(max_length=64, editable=False)
    addressee = models.CharField("あて名", max_length=150)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("住所", max_length=400)
    made_on = models.DateField("作った日")
    made_at = models.DateTimeField("作った時刻")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    voided_on = models.DateField("使えなくした日", null=True, blank=True)
    used_on = models.DateField("コードが入れられた日", null=True, blank=True)
    # Null: printed before runs were kept.
    run = models.ForeignKey(LetterRun, models.PROTECT, null=True, related_name="letters")
    returned_on = models.DateField("戻ってきた日", null=True, blank=True)
    returned_why = models.CharField("戻ってきたわけ", max_length=8, choices=ReturnedWhy, blank=True)
    returned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "確認の手紙"
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["made_on"], condition=Q(voided_on=None, used_on=None), name="letter_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True, returned_why="")
                | Q(returned_on__isnull=False) & ~Q(returned_why=""),
                name="letter_returned_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_on} {self.addressee}"


class CodeGuess(models.Model):
    """Wrong codes for one business number, existing or not, so that nothing can be told from it."""

    business_number = models.CharField("事業所番号", max_length=10, unique=True)
    wrong = models.PositiveSmallIntegerField("まちがえた回数", default=0)
    paused_until = models.DateTimeField("ここまで休む", null=True, blank=True)
    last_at = models.DateTimeField("最後に試した時刻")

    class Meta:
        verbose_name = verbose_name_plural = "コードの入力"

    def __str__(self) -> str:
        return self.business_number
