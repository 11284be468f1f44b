"""Where allauth asks what this portal wants, and what it tells of sign-ins becomes events."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.contrib.auth.signals import user_logged_in
from django.db.models import Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts import services
from accounts.enums import AccountEventKind, Role
from accounts.permissions import SECOND_FACTOR
from accounts.queries import has_second_factor
from careplan_portal.lib.acting import Acting

# where a person's work begins; the first that exists, else the start page
HOMES: dict[str, tuple[str, ...]] = {
    Role.OFFICE_STAFF: ("campaigns:my",),
    Role.HELPDESK: ("helpdesk:home", "helpdesk:queue"),
    Role.OFFICER: ("adoption:mine", "adoption:index"),
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

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home(request.user.role)  # type: ignore[union-attr]


def throttled_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose failures axes counts together: the address that was tried, whatever its case and the form's field."""
    given = {**request.POST.dict(), **(credentials or {})}
    name = given.get("email") or given.get("username") or given.get("login") or ""
    return str(name).strip().lower()


def connect() -> None:
    """Called once, when the app is ready."""
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


def _signed_in(sender: type[Model], user: Any, **_: Any) -> None:
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
