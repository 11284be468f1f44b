from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts.enums import AccountEventKind, Role, SubjectKind


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        defaults = {"is_staff": True, "is_superuser": True, "role": Role.OPERATOR}
        return self.create_user(email, password, **(defaults | fields))

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person who signs in, by e-mail address (kept in lower case, so that it is one whatever its case)."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(
        "メールアドレス",
        unique=True,
        error_messages={"unique": "このメールアドレスはすでに登録されています。"},
    )
    name = models.CharField("氏名", max_length=100, blank=True)
    role = models.CharField("役割", max_length=20, choices=Role, default=Role.OFFICE_STAFF)

    session_stamp = models.PositiveIntegerField("サインインの世代", default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "利用者"
        verbose_name_plural = "利用者"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this with what each session was begun with: whoever's role changes is signed out
        everywhere, and so is everybody whose stamp was raised. No service can forget it."""
        salt = "accounts.models.User.session_auth_hash"
        value = f"{self.password}|{self.role}|{self.session_stamp}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


class AccountEvent(models.Model):
    """What happened to an account: who, when, why. Only grows."""

    user = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="利用者", related_name="account_events")
    kind = models.CharField("できごと", max_length=30, choices=AccountEventKind)
    at = models.DateTimeField("日時")
    by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="した人", null=True, related_name="+")
    by_role = models.CharField("した人の役割", max_length=20)
    reason = models.CharField("理由", max_length=200, blank=True)
    detail = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = "利用者のできごと"
        verbose_name_plural = "利用者のできごと"
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["user", "-at"], name="accountevent_user_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"


class AccessRecord(models.Model):
    """Who looked at what, when and why. Only grows; written even when what the person did was rolled back."""

    # accessrecord_user_at finds by person, too; a look is written at every page of an office.
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name="見た人", related_name="access_records", db_index=False
    )
    role = models.CharField("見た人の役割", max_length=20, choices=Role)
    subject_kind = models.CharField("見たもの", max_length=20, choices=SubjectKind)
    subject_key = models.CharField("見たものの番号", max_length=100)
    reason = models.CharField("理由", max_length=200)
    at = models.DateTimeField("日時")
    request_id = models.CharField("処理番号", max_length=64, blank=True)

    class Meta:
        verbose_name = "閲覧の記録"
        verbose_name_plural = "閲覧の記録"
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["subject_kind", "subject_key", "-at"], name="accessrecord_subject_at"),
            models.Index(fields=["user", "-at"], name="accessrecord_user_at"),
            models.Index(fields=["-at"], name="accessrecord_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="accessrecord_has_reason"),
            models.CheckConstraint(condition=~models.Q(subject_key=""), name="accessrecord_has_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_kind_display()} {self.subject_key} {self.at:%Y-%m-%d %H:%M}"
