"""What came in and what was said: contact log, inquiries, the helpdesk's own closing days."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from helpdesk.enums import CallerProof, ContactKind, Direction, InquiryEventKind, InquiryState, PassedTo, Topic


class ContactLog(models.Model):
    """One line of what was said or done with an office: who, when, why, for whom. Only grows.

    A call begins with a row that holds the caller, how they were proved, and their consent; the
    rows written in it name it as `call`. A follow-up is done when a later row is `about` it.
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="contacts", verbose_name="事業所")
    inquiry = models.ForeignKey(
        "helpdesk.Inquiry", models.PROTECT, null=True, related_name="contacts", verbose_name="問い合わせ"
    )
    kind = models.CharField("種類", max_length=13, choices=ContactKind, default=ContactKind.NOTE)
    text = models.TextField("内容", blank=True)
    topics = ArrayField(models.CharField(max_length=9, choices=Topic), default=list, verbose_name="話題")
    follow_up_on = models.DateField("次に連絡する日", null=True)
    about = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")
    call = models.ForeignKey("self", models.PROTECT, null=True, related_name="lines", verbose_name="通話")
    caller_name = models.CharField("相手の名前", max_length=60, blank=True)
    caller_relation = models.CharField("相手の立場", max_length=40, blank=True)
    caller_phone = models.CharField("折り返しの電話", max_length=20, blank=True)
    proof = models.CharField("確かめ方", max_length=9, choices=CallerProof, blank=True)
    facts = ArrayField(models.CharField(max_length=20), default=list, verbose_name="合った事実")
    consent = models.BooleanField("同意", default=False)
    data: Any = models.JSONField("くわしく", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="書いた人")
    at = models.DateTimeField("日時")
    recorded_on = models.DateField("記録した日")

    class Meta:
        verbose_name = verbose_name_plural = "対応記録"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["office", "-at"], name="contact_of_office"),
            models.Index(fields=["by", "-at"], name="contact_by", condition=Q(kind="call_began")),
            models.Index(fields=["follow_up_on"], name="contact_follow_up", condition=Q(follow_up_on__isnull=False)),
            models.Index(fields=["recorded_on"], name="contact_recorded_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="call_began") | (~Q(caller_name="") & ~Q(proof="")),
                name="contact_call_names_its_caller",
                violation_error_message="相手の名前と確かめ方が要ります。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="note") | ~Q(text=""),
                name="contact_note_has_text",
                violation_error_message="記録の内容を書いてください。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="act") | Q(call__isnull=False), name="contact_act_happens_in_a_call"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.get_kind_display()}"

    @property
    def topic_labels(self) -> list[str]:
        return [str(Topic(topic).label) for topic in self.topics]


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def open(self) -> "InquiryQuerySet":
        """Neither answered nor ended: what somebody still waits for."""
        return self.filter(answered_at=None, merged_into=None, closed_at=None)


class Inquiry(models.Model):
    """A question that came in through the form. Holds facts; `state` is derived from them."""

    number = models.CharField("受付番号", max_length=20, unique=True)
    # Drawn when the form is first shown: the second click is the same inquiry.
    form_key = models.UUIDField(unique=True, editable=False)
    name = models.CharField("お名前", max_length=60)
    email = models.EmailField("メールアドレス")
    phone = models.CharField("電話番号", max_length=20, blank=True)
    office = models.ForeignKey(
        "offices.Office", models.PROTECT, null=True, related_name="inquiries", verbose_name="事業所"
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="inquiries", verbose_name="サインインした人"
    )
    topic = models.CharField("話題", max_length=9, choices=Topic)
    body = models.TextField("内容")
    privacy_version = models.CharField("個人情報の扱いの版", max_length=20)
    received_at = models.DateTimeField("受け付けた日時")
    received_on = models.DateField("受け付けた日")
    due_at = models.DateTimeField("回答の期限")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当"
    )
    taken_at = models.DateTimeField("担当した日時", null=True)
    passed_to = models.CharField("確認先", max_length=12, choices=PassedTo, blank=True)
    passed_note = models.CharField("確認先の名前と内容", max_length=200, blank=True)
    passed_at = models.DateTimeField("確認を頼んだ日時", null=True)
    answered_at = models.DateTimeField("回答した日時", null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    closed_at = models.DateTimeField("終えた日時", null=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "問い合わせ"
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="inquiry_open_by_due",
                condition=Q(answered_at=None, merged_into=None, closed_at=None),
            ),
            models.Index(fields=["received_on"], name="inquiry_received_on"),
            models.Index(fields=["email"], name="inquiry_email"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="inquiry_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="inquiry_merged_into_another",
                violation_error_message="同じ問い合わせにはまとめられません。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        ends = (
            (self.merged_into_id, InquiryState.MERGED),
            (self.answered_at, InquiryState.ANSWERED),
            (self.closed_at, InquiryState.CLOSED),
            (self.passed_at, InquiryState.PASSED_ON),
            (self.taken_by_id, InquiryState.TAKEN),
        )
        return next((state for fact, state in ends if fact is not None), InquiryState.WAITING)

    @property
    def state_label(self) -> str:
        return str(InquiryState(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in (InquiryState.WAITING, InquiryState.TAKEN, InquiryState.PASSED_ON)


class InquiryMessage(models.Model):
    """What was written, in either direction. Only grows."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="messages")
    direction = models.CharField("向き", max_length=3, choices=Direction)
    text = models.TextField("内容")
    entries = ArrayField(models.CharField(max_length=80), default=list, verbose_name="使ったFAQ")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="書いた人"
    )
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "問い合わせのやりとり"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.at:%Y-%m-%d}"


class InquiryEvent(models.Model):
    """What happened to an inquiry: who, when, why. Only grows."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="events")
    kind = models.CharField("できごと", max_length=13, choices=InquiryEventKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="した人")
    acting_as = models.CharField("だれとして", max_length=10)
    reason = models.CharField("理由", max_length=200, blank=True)
    data: Any = models.JSONField(default=dict)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "問い合わせのできごと"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"

    @property
    def passed_to(self) -> str:
        """Whom it was passed on to, in words; empty for other events."""
        return dict(PassedTo.choices).get(self.data.get("to", ""), "")


class Solved(models.Model):
    """Somebody left the inquiry form because an entry answered them. Only grows; no person in it."""

    slug = models.CharField("FAQ", max_length=80)
    on = models.DateField("日")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "FAQで分かった"
        indexes = [models.Index(fields=["on"], name="solved_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.slug}"


class ClosingDay(models.Model):
    """A day on which the helpdesk is closed of its own, besides weekends and holidays. Taken back
    by a mark, not deleted."""

    day = models.DateField("日")
    reason = models.CharField("わけ", max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="決めた人")
    at = models.DateTimeField("決めた日時")
    withdrawn_at = models.DateTimeField("取り消した日時", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="取り消した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "窓口の休み"
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"],
                condition=Q(withdrawn_at__isnull=True),
                name="closing_day_once",
                violation_error_message="この日は、もう休みになっています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
