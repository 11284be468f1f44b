"""What the search knows about words; seeded by data files, changed by editors."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class WordGroup(models.Model):
    """Words that mean the same in questions about this programme. ``loaded``: what the data file said when it was
    last loaded, so that its changes can be told from those of people."""

    name = models.CharField("名前", max_length=40, unique=True)
    words = ArrayField(models.CharField(max_length=60), verbose_name="ことば")
    loaded = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "同じ意味のことば"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Spelling(models.Model):
    wrong = models.CharField("この書き方を", max_length=60, unique=True)
    right = models.CharField("こう読む", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "書き方のちがい"
        ordering = ["wrong"]

    def __str__(self) -> str:
        return f"{self.wrong} → {self.right}"


class OutsideText(models.Model):
    """A question that the FAQ does not answer, or a word that it never deals with."""

    class Kind(models.TextChoices):
        QUESTION = "question", "質問"
        WORD = "word", "ことば"

    kind = models.CharField("種類", max_length=10, choices=Kind)
    text = models.CharField("内容", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "扱わない質問とことば"
        ordering = ["kind", "text"]
        constraints = [models.UniqueConstraint(fields=["kind", "text"], name="outside_text_once")]

    def __str__(self) -> str:
        return self.text
