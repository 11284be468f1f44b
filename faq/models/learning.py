"""What people asked, and whether the answer helped. Nobody is named: visitor and network are keyed hashes that
hold for one day."""

from django.db import models

from faq.enums import AskedBy, FeedbackReason
from faq.models.entries import Entry


class Feedback(models.Model):
    """ "Did this help": one a visitor, entry and day; a second answer replaces the first."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="feedback", verbose_name="質問と答え")
    day = models.DateField("日")
    visitor = models.CharField(max_length=32)
    network = models.CharField(max_length=32)
    helped = models.BooleanField("分かった")
    reason = models.CharField("わけ", max_length=12, choices=FeedbackReason, blank=True)
    comment = models.CharField("ひとこと", max_length=400, blank=True)
    recorded_at = models.DateTimeField("いつ", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "答えの評価"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "day", "visitor"], name="feedback_once_a_day")]

    def __str__(self) -> str:
        return f"{self.entry_id} {'分かった' if self.helped else '分からない'}"


class AskedQuestion(models.Model):
    """A question as it was asked, long numbers and addresses masked; kept for a limited time."""

    text = models.CharField("質問", max_length=200)
    folded = models.CharField(max_length=200, db_index=True)
    asked_by = models.CharField("どこで", max_length=10, choices=AskedBy, default=AskedBy.WEB)
    tag = models.CharField("しるし", max_length=40, blank=True)
    settled = models.BooleanField("答えが見つかった")
    opened = models.ForeignKey(
        Entry, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="開いた答え"
    )
    day = models.DateField("日", db_index=True)
    visitor = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "聞かれたこと"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "visitor", "folded"],
                condition=models.Q(asked_by=AskedBy.WEB),
                name="asked_once_a_day_by_visitor",
            )
        ]

    def __str__(self) -> str:
        return self.text
