"""Things that live elsewhere, each with its addresses in time."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from links.enums import Kind, LinkEventKind, Place


class Link(models.Model):
    """One thing that somebody else keeps: client software, a guide, a video. Where it is stands in ``addresses``."""

    key = models.SlugField("見出し（英字）", max_length=40, unique=True)
    kind = models.CharField("種類", max_length=10, choices=Kind)
    name = models.CharField("名前", max_length=60)
    about = models.CharField("何があるか", max_length=200)
    publisher = models.CharField("だれが出しているか", max_length=60, blank=True)
    places = ArrayField(
        models.CharField(max_length=10, choices=Place), verbose_name="出すページ", default=list, blank=True
    )
    order = models.PositiveSmallIntegerField("並び", default=100)
    checked_on = models.DateField("開くことを確かめた日", null=True, blank=True)
    withdrawn_at = models.DateTimeField("出さないことにした日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ほかの場所にあるもの"
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.name


class LinkAddress(models.Model):
    """Where a thing is from ``starts_on`` on; an empty ``url`` says that nobody knows. Only grows: the newest
    row of the latest day that has come counts."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="addresses", verbose_name="もの")
    url = models.URLField("アドレス", max_length=300, blank=True)
    starts_on = models.DateField("この日から")
    recorded_at = models.DateTimeField("記録した日時")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="記録した人"
    )
    reason = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "アドレス"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(url="") | models.Q(url__regex=r"^https?://"),
                name="link_address_is_a_page",
                violation_error_message="http:// か https:// で始まるアドレスを入れてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.url or '未確認'}"


class LinkEvent(models.Model):
    """Who did what to an entry, when and why. Only grows."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="events", verbose_name="もの")
    kind = models.CharField("できごと", max_length=10, choices=LinkEventKind)
    at = models.DateTimeField("日時")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="した人")
    by_role = models.CharField("した人の役割", max_length=20)
    reason = models.CharField("理由", max_length=200, blank=True)
    detail: Any = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "ほかの場所にあるもののできごと"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
