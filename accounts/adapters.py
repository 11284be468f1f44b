"""Where allauth asks what this portal wants, and what it tells of sign-ins becomes events."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models import Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.crypto import salted_hmac

from accounts import services
from accounts.enums import AccountEventKind, Role
from accounts.permissions import SECOND_FACTOR
from accounts.queries import has_second_factor
from careplan_portal.lib import clock, handback
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.http import client_ip

CODE_WRONG = (
    "確かめられませんでした。いまアプリに出ている数字、まだ使っていない予備のコード、加えてあるパスキーの"
    "どれかを使ってください。"
)

# where a person's work begins; the first that exists, else the start page
HOMES: dict[str, tuple[str, ...]] = {
    Role.OFFICE_STAFF: ("campaigns:my",),
    Role.HELPDESK: ("helpdesk:home", "helpdesk:queue"),
    Role.OFFICER: ("adoption:areas", "adoption:index"),
    Role.OPERATOR: ("licenses:nights", "accounts:users"),
    Role.AUDITOR: ("accounts:records",),
}


def home(role: str) -> str:
    """The page a role begins with."""
    for name in HOMES.get(role, ()):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: people come by an invitation or by proving an office (R16)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "このサインインは、いまは使えません。ヘルプデスクにお電話ください。",
        "email_password_mismatch": "メールアドレスかパスワードが合いません。もう一度入れてください。",
        "email_taken": "このメールアドレスは、もう使われています。ほかのアドレスを入れてください。",
        "duplicate_email": "このメールアドレスは、もう登録してあります。",
        "enter_current_password": "いまのパスワードが合いません。もう一度入れてください。",
        "incorrect_password": "パスワードが合いません。もう一度入れてください。",
        "incorrect_code": CODE_WRONG,
        "invalid_password_reset": "メールのリンクの期限が切れたか、もう使われています。もう一度、メールを送ってください。",
        "same_as_current": "いまと同じです。ほかのものを入れてください。",
        "too_many_login_attempts": "まちがいが続きました。5分ほど待ってから、もう一度お試しください。",
        "rate_limited": "短い時間に、何度も送られました。しばらく待ってから、もう一度お試しください。",
    }

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Links in mails begin with the portal's own address, whatever host name the request claimed."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.PORTAL_BASE_URL}{path}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        path = reverse("account_confirm_email", kwargs={"key": emailconfirmation.key})
        return f"{settings.PORTAL_BASE_URL}{path}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same caller's address as everywhere in the portal: only our own proxies are believed."""
        return client_ip(request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home(request.user.role)  # type: ignore[union-attr]


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: our words, our name on the key, and no secret in the clear in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": CODE_WRONG,
        "unverified_email": "先に、メールアドレスを確かめてください。「わたしの設定」から確認のメールを送れます。",
        "cannot_delete_authenticator": "これは外せません。先に、ほかの方法を加えてください。",
        "cannot_generate_recovery_codes": "先に、パスキーか認証アプリを加えてください。",
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's own word
        return f"パスキー{1 + Authenticator.objects.filter(user=user, type=type).count()}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.SERVICE_NAME}

    def build_totp_svg(self, url: str) -> str:
        """Drawn into the page itself: the security policy takes no picture from an address that is not a file."""
        return str(segno.make(url, error="m").svg_inline(scale=5, light="#fff"))

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Keys from SECRET_KEY and, after it was changed, from SECRET_KEY_FALLBACKS."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (salted_hmac("accounts.second_factor", "", secret=secret, algorithm="sha256") for secret in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(digest.digest())) for digest in digests])


def throttled_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose failures axes counts together: the address that was tried, whatever its case and the form's field."""
    given = {**request.POST.dict(), **(credentials or {})}
    name = given.get("email") or given.get("username") or given.get("login") or ""
    return str(name).strip().lower()


def connect() -> None:
    """Called once, when the app is ready."""
    # Django's own notes the wall's clock; people are shown the business day's (in a demo another one).
    user_logged_in.disconnect(dispatch_uid="update_last_login")
    user_logged_in.connect(_signed_in, dispatch_uid="accounts_signed_in")
    authenticator_used.connect(_factor_shown, dispatch_uid="accounts_factor_shown")
    authenticator_added.connect(_factor_added, dispatch_uid="accounts_factor_added")
    authenticator_removed.connect(_factor_removed, dispatch_uid="accounts_factor_removed")
    email_changed.connect(_email_changed, dispatch_uid="accounts_email_changed")
    for signal in (password_changed, password_set):
        signal.connect(_password_changed, dispatch_uid="accounts_password_changed")
    password_reset.connect(_password_reset, dispatch_uid="accounts_password_reset")


def _record(user: Any, kind: AccountEventKind, **detail: Any) -> None:
    services.account_event_record(user=user, kind=kind, acting=Acting(user.pk, user.role), **detail)


def _signed_in(sender: type[Model], request: HttpRequest, user: Any, **_: Any) -> None:
    handback.keep_only(request.session, user.pk)
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
    _record(user, AccountEventKind.SIGNED_IN)


def _factor_shown(sender: type[Model], request: HttpRequest, **_: Any) -> None:
    request.session[SECOND_FACTOR] = True


def _factor_added(sender: type[Model], request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        request.session[SECOND_FACTOR] = True
    _record(user, AccountEventKind.SECOND_FACTOR_ADDED, type=authenticator.type)


def _factor_removed(sender: type[Model], request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    if not has_second_factor(user):
        request.session.pop(SECOND_FACTOR, None)
    _record(user, AccountEventKind.SECOND_FACTOR_REMOVED, type=authenticator.type)


def _email_changed(sender: type[Model], user: Any, to_email_address: Any, **_: Any) -> None:
    _record(user, AccountEventKind.EMAIL_CHANGED, after=to_email_address.email)


def _password_changed(sender: type[Model], user: Any, **_: Any) -> None:
    _record(user, AccountEventKind.PASSWORD_CHANGED)


def _password_reset(sender: type[Model], user: Any, **_: Any) -> None:
    # The link came by mail, so the address is theirs: an invited person need not prove it a second time.
    EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=False).update(verified=True)
    _record(user, AccountEventKind.PASSWORD_CHANGED, by_mail=True)
