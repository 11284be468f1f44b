"""Entries of the FAQ, their topics, and what was done to them."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from careplan_portal.lib import clock
from faq.enums import Audience, RevisionKind, State, Status
from faq.rules.placeholders import STATES

if TYPE_CHECKING:
    _EntryQuerySet = models.QuerySet["Entry"]
else:
    _EntryQuerySet = models.QuerySet

SLUG = RegexValidator(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "半角の小文字と数字を、ハイフンでつないでください。")


class Topic(models.Model):
    key = models.CharField("記号", max_length=30, primary_key=True, validators=[SLUG])
    title = models.CharField("話題", max_length=40)
    lead = models.CharField("説明", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("順番")

    class Meta:
        verbose_name = verbose_name_plural = "話題"
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.title


class EntryQuerySet(_EntryQuerySet):
    def published(self) -> EntryQuerySet:
        return self.filter(state=State.PUBLISHED)

    def for_visitors(self) -> EntryQuerySet:
        """Published ones that are not for the helpdesk alone."""
        return self.published().exclude(audience=[Audience.HELPDESK])

    def overdue(self, today: datetime.date) -> EntryQuerySet:
        """Published ones whose day of review has come."""
        return self.published().filter(review_on__lte=today)


class Entry(models.Model):
    """One answer. The columns hold what is published (or, before that, the first draft); ``draft`` holds a
    change that waits. ``loaded_digest`` says what the data file held when it was last loaded: an entry that
    people have changed since is left alone by the next load."""

    slug = models.CharField("アドレス", max_length=60, unique=True, validators=[SLUG])
    state = models.CharField("公開の状態", max_length=10, choices=State, default=State.DRAFT)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="entries", verbose_name="話題")
    position = models.PositiveIntegerField("番号")
    question = models.CharField("質問", max_length=120)
    short = models.CharField("短い答え", max_length=300)
    details = models.TextField("くわしく", blank=True)
    yours = models.CharField("事業所ごとの文", max_length=300, blank=True)
    yours_for = ArrayField(
        models.CharField(max_length=10, choices=list(STATES.items())),
        default=list,
        blank=True,
        verbose_name="その文を出す状態",
    )
    phone = models.TextField("電話で伝える", blank=True)
    paper = models.TextField("紙で渡す", blank=True)
    audience = ArrayField(models.CharField(max_length=15, choices=Audience), verbose_name="だれに")
    source_questions = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name="説明会の質問"
    )
    rules = ArrayField(models.CharField(max_length=4), default=list, blank=True, verbose_name="規則")
    related = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name="近い質問")
    asks = ArrayField(models.CharField(max_length=200), default=list, blank=True, verbose_name="聞かれ方")
    status = models.CharField("決まりぐあい", max_length=10, choices=Status, default=Status.SETTLED)
    as_of = models.DateField("いつの内容か")
    review_on = models.DateField("次に確かめる日")
    owner = models.CharField("担当", max_length=40)
    draft = models.JSONField("下書き", null=True, blank=True)
    loaded_digest = models.CharField(max_length=64, blank=True)

    objects = models.Manager.from_queryset(EntryQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "質問と答え"
        ordering = ["topic__position", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__len__gt=0),
                name="entry_has_audience",
                violation_error_message="だれに向けた答えかを選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=models.F("as_of")),
                name="entry_reviewed_after_as_of",
                violation_error_message="次に確かめる日は、内容の日より後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def staff_only(self) -> bool:
        return self.audience == [Audience.HELPDESK]


class Revision(models.Model):
    """What was done to an entry or to the search's words: who, when, why, and what it held then. Only grows."""

    kind = models.CharField("なにを", max_length=10, choices=RevisionKind)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="revisions", verbose_name="質問と答え"
    )
    subject = models.CharField("対象", max_length=80)
    content = models.JSONField("内容")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="だれが"
    )
    role = models.CharField("立場", max_length=20)
    reason = models.CharField("わけ", max_length=300, blank=True)
    recorded_at = models.DateTimeField("いつ", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "直した記録"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.subject} {self.get_kind_display()}"


class SearchStamp(models.Model):
    """One row: changes whenever the search would find something else, so every process knows to build anew. Not a
    counter: after a rolled back change the same number would come again for another content."""

    token = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = verbose_name_plural = "検索の版"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_search_stamp")]

    def __str__(self) -> str:
        return str(self.token)
