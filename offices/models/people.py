"""Who belongs to which office, and who is invited."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from offices.enums import MembershipRole


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date) -> "MembershipQuerySet":
        """Members on the day ``on``. Who was taken out has no access from that moment, so the day of
        ``ended_on`` itself is not theirs any more."""
        return self.filter(joined_on__lte=on).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))


class Membership(models.Model):
    """A person acts for an office from ``joined_on`` on, until ``ended_on``, the day on which it was
    ended, at once. A clerk of a corporation or an agent has many."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="利用者"
    )
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="memberships", verbose_name="事業所")
    role = models.CharField("役割", max_length=8, choices=MembershipRole, default=MembershipRole.STAFF)
    joined_on = models.DateField("はじめの日")
    ended_on = models.DateField("おわりの日", null=True, blank=True)
    receives_notices = models.BooleanField("お知らせを受け取る", default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "メンバー"
        ordering = ["office", "joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office"],
                condition=Q(ended_on__isnull=True),
                name="membership_once",
                violation_error_message="この人は、すでにこの事業所のメンバーです。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("joined_on")),
                name="membership_ends_after_start",
                violation_error_message="おわりの日は、はじめの日以後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}・{self.office}"


class Invitation(models.Model):
    """Somebody of an office invites a colleague by mail. The link in the mail is signed and names
    this row; it works from then up to and including ``expires_on``, once."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="invitations", verbose_name="事業所")
    email = models.EmailField("メールアドレス")
    name = models.CharField("お名前", max_length=100)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="招いた人")
    invited_at = models.DateTimeField("招いた日時")
    expires_on = models.DateField("使える最後の日")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受けた人"
    )
    withdrawn_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "招待"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_one_end"
            ),
            models.UniqueConstraint(
                fields=["office", "email"],
                condition=Q(accepted_by__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
                violation_error_message="この人には、もう招待を送っています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}・{self.office}"
