"""Who belongs to which office."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from offices.enums import MembershipRole


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date) -> "MembershipQuerySet":
        """Members on the day ``on``; the day somebody leaves is the last one."""
        return self.filter(joined_on__lte=on).filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on))


class Membership(models.Model):
    """A person acts for an office from ``joined_on`` to ``ended_on``, both inclusive. A clerk of
    a corporation or an agent has many."""

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
