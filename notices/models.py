"""One outbox: what is told, to whom it went, and what came back."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from notices.enums import Channel, Kind, State
from notices.rules import Content, Postal, Section

KEY_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


def draw_key() -> str:
    """What names a mail in its Message-ID and its return address; nobody can guess it."""
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(20))


class Notice(models.Model):
    """One thing told once: unique by kind, office and subject. Its deliveries say how it went out."""

    kind = models.CharField("種類", max_length=20, choices=Kind)
    office = models.ForeignKey(
        "offices.Office", models.PROTECT, null=True, related_name="notices", verbose_name="事業所"
    )
    subject = models.CharField("何について", max_length=60)
    title = models.CharField("件名", max_length=200)
    content: Any = models.JSONField("内容")
    postal: Any = models.JSONField("手紙の宛先", null=True)
    in_portal = models.BooleanField("事業所の画面に出す", default=False)
    secret = models.BooleanField("渡したら内容を消す", default=False)
    made_on = models.DateField("作った日")
    made_at = models.DateTimeField("作った日時")

    class Meta:
        verbose_name = verbose_name_plural = "お知らせ"
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "office", "subject"], name="notice_once", nulls_distinct=False),
        ]
        indexes = [
            models.Index(fields=["office", "-made_on"], name="notice_of_office", condition=Q(in_portal=True)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_plain(self) -> bool:
        """A mail of words only, without facts and headings."""
        return "text" in self.content

    @property
    def told(self) -> Content:
        """What it says; for a plain one its text as lead."""
        held = self.content
        if self.is_plain:
            return Content((held["text"],))
        link = held.get("link")
        return Content(
            lead=tuple(held["lead"]),
            link=(link[0], link[1]) if link else None,
            calm=tuple(held["calm"]),
            about=held["about"],
            facts=tuple((label, value) for label, value in held["facts"]),
            sections=tuple(Section(one["heading"], tuple(one["lines"])) for one in held["sections"]),
        )

    @property
    def letter_to(self) -> Postal | None:
        return Postal(**self.postal) if self.postal else None


class NoticeFile(models.Model):
    """The paper that goes with a notice's mails; taken away once they have gone."""

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="file")
    name = models.CharField("名前", max_length=100)
    data = models.BinaryField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "添付"

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One notice to one address, by mail or letter. `claimed_at` holds while a worker speaks to the mail
    server about it; `key` names the mail in its Message-ID and return address."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    channel = models.CharField("方法", max_length=6, choices=Channel)
    address = models.CharField("宛先", max_length=254, blank=True)
    key = models.CharField(max_length=20, unique=True, default=draw_key, editable=False)
    state = models.CharField("状態", max_length=11, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField("試した回数", default=0)
    next_try_at = models.DateTimeField("次に試す時刻")
    claimed_at = models.DateTimeField("渡しはじめた時刻", null=True)
    tried_at = models.DateTimeField("試した時刻", null=True)
    handed_over_at = models.DateTimeField("渡した時刻", null=True)
    ended_at = models.DateTimeField("戻ったか、あきらめた時刻", null=True)
    answer = models.CharField("相手の答え", max_length=300, blank=True)
    print_run = models.ForeignKey("notices.PrintRun", models.PROTECT, null=True, related_name="letters")

    class Meta:
        verbose_name = verbose_name_plural = "お知らせの発送"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel", "address"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state="handed_over") | Q(handed_over_at__isnull=False), name="delivery_handed_over_when"
            ),
            models.CheckConstraint(
                condition=Q(claimed_at__isnull=True) | Q(state="queued", channel="mail"), name="delivery_claimed_waits"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="delivery_mail_waits",
                condition=Q(state="queued", channel="mail", claimed_at=None),
            ),
            models.Index(fields=["claimed_at"], name="delivery_claimed", condition=Q(claimed_at__isnull=False)),
            models.Index(fields=["tried_at"], name="delivery_tried", condition=Q(channel="mail")),
            models.Index(fields=["id"], name="delivery_letter_waits", condition=Q(state="queued", channel="letter")),
            models.Index(fields=["-ended_at"], name="delivery_failed", condition=Q(state__in=["bounced", "given_up"])),
        ]

    def __str__(self) -> str:
        return f"{self.notice}（{self.get_channel_display()}）"


class Bounce(models.Model):
    """Something came back: the task for the helpdesk, open until somebody settles it with what they did.
    While one is open its mail address counts as not reachable."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="bounces")
    address = models.CharField("宛先", max_length=254)
    status = models.CharField("番号", max_length=9, blank=True)
    text = models.CharField("相手の答え", max_length=300, blank=True)
    on = models.DateField("戻った日")
    at = models.DateTimeField("戻った日時")
    # Nobody where a mail server told it.
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("片づけた日時", null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_reason = models.CharField("したこと", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "戻ったもの"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["delivery"], condition=Q(settled_at__isnull=True), name="bounce_open_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(settled_reason=""), name="bounce_settled_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["address"], name="bounce_open", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.on} {self.address}"


class PrintRun(models.Model):
    """Letters that were printed together, in the order of their ids."""

    made_on = models.DateField("刷った日")
    made_at = models.DateTimeField("刷った日時")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    count = models.PositiveSmallIntegerField("通数")

    class Meta:
        verbose_name = verbose_name_plural = "手紙の印刷"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.made_on} {self.count}通"


class PrintLog(models.Model):
    """Every time letters were printed, the first time and again: who, when, why. Only grows."""

    run = models.ForeignKey(PrintRun, models.PROTECT, related_name="log")
    letter = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="+")
    count = models.PositiveSmallIntegerField("通数")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("日時")
    reason = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "印刷の記録"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.count}通"


class LeadTimes(models.Model):
    """How many days before a term's last day people are told, from a day on. Only grows: of two rows for
    one day the later counts."""

    starts_on = models.DateField("この日から")
    days = ArrayField(models.PositiveSmallIntegerField(), verbose_name="何日前")
    reason = models.CharField("理由", max_length=200)
    recorded_on = models.DateField("記録した日")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "お知らせの時期"
        ordering = ["-starts_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.starts_on}から {self.days}"
