"""The only writer of accounts, their events, and the records of who looked at what."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.http import int_to_base36

from accounts.enums import AccountEventKind, LookReason, Role, SubjectKind
from accounts.models import AccessRecord, AccountEvent, User
from accounts.notifications import invitation, second_factor_reset
from accounts.queries import DEMO_ADMINISTRATOR, DEMO_CLERK, demo_people
from careplan_portal.lib import clock
from careplan_portal.lib.acting import SYSTEM, Acting
from careplan_portal.lib.jobs import enqueue_on_commit
from careplan_portal.lib.prepared import PreparedInsert

# Looks of the request that runs now, written when it is over (see ``recording``); None outside a request.
_looks: ContextVar[list[AccessRecord] | None] = ContextVar("accounts_looks", default=None)


# accounts -----------------------------------------------------------------------------------


@transaction.atomic
def user_create(*, email: str, name: str, role: Role, acting: Acting, verified: bool = False) -> User:
    """A new person, without a password until they set one through ``invitation``.

    ``verified``: the address is known to be theirs. Raises ValidationError when the address is taken or none.
    """
    user = User(email=email.strip().lower(), name=name.strip(), role=role)
    user.is_staff = user.is_superuser = role == Role.OPERATOR
    user.set_unusable_password()
    user.full_clean()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    _event(user, AccountEventKind.CREATED, acting, role=role.value)
    return user


@transaction.atomic
def user_role_change(*, user: User, role: Role, acting: Acting) -> User:
    """Give a person another role and sign them out everywhere. Raises PermissionDenied for one's own role."""
    _not_oneself(user, acting)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.role == role:
        return user
    before, user.role = user.role, role
    user.is_staff = user.is_superuser = role == Role.OPERATOR
    user.save(update_fields=["role", "is_staff", "is_superuser"])
    _event(user, AccountEventKind.ROLE_CHANGED, acting, before=str(before), after=role.value)
    return user


@transaction.atomic
def user_active_change(*, user: User, active: bool, acting: Acting) -> User:
    """Let a person sign in, or not any more; nobody is deleted. Raises PermissionDenied for oneself."""
    _not_oneself(user, acting)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        kind = AccountEventKind.REACTIVATED if active else AccountEventKind.DEACTIVATED
        _event(user, kind, acting)
    return user


@transaction.atomic
def user_name_change(*, user: User, name: str, acting: Acting) -> User:
    """Write a name anew. Raises ValidationError when it is empty or too long."""
    before, user.name = user.name, name.strip()
    if not user.name:
        raise ValidationError({"name": "お名前を入れてください。"})
    user.clean_fields(exclude={"password"})
    user.save(update_fields=["name"])
    _event(user, AccountEventKind.NAME_CHANGED, acting, before=before)
    return user


@transaction.atomic
def user_second_factor_reset(*, user: User, acting: Acting) -> None:
    """Recovery for somebody who lost phone and keys: all of them are forgotten, all sessions end, and the next
    sign-in asks for new ones. The person is told by mail, so that nobody's is reset behind their back.
    Raises PermissionDenied for oneself."""
    _not_oneself(user, acting)
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    event = _event(user, AccountEventKind.SECOND_FACTOR_RESET, acting)
    transaction.on_commit(second_factor_reset(user, at=event.at, by=event.by).send, robust=True)


@transaction.atomic
def user_sessions_end(*, user: User, acting: Acting) -> None:
    """Sign a person out everywhere, at once."""
    _end_sessions(user)
    _event(user, AccountEventKind.SESSIONS_ENDED, acting)


@transaction.atomic
def user_invite(*, user: User, acting: Acting) -> None:
    """Have the mail sent with which a person makes their sign-in; asked for again, it comes once more.

    The queue sends it, so that a mail server that is away delays the mail and nothing else.
    """
    _event(user, AccountEventKind.INVITED, acting)
    enqueue_on_commit("accounts.tasks.invitation_send", user.pk)


def invitation_send(*, user_id: int) -> bool:
    """Send the mail of `user_invite`; False for somebody who may not sign in any more. Raises OSError when the mail
    server does not take it. Its link ends with its use, a newer sign-in, or after PASSWORD_RESET_TIMEOUT.
    """
    user = User.objects.get(pk=user_id)
    if not user.is_active:
        return False
    invitation(user, link=f"{settings.PORTAL_BASE_URL}{password_path(user=user)}").send()
    return True


def password_path(*, user: User) -> str:
    """The path of the page on which this person, and nobody else, sets a password: only for somebody who has
    just proved to be them (a mail, an invitation accepted, a code from a letter)."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": int_to_base36(user.pk), "key": key})


def account_event_record(*, user: User, kind: AccountEventKind, acting: Acting, **detail: Any) -> AccountEvent:
    """An event that happened elsewhere, in the sign-in itself or in another app that knows of accounts."""
    return _event(user, kind, acting, **detail)


@transaction.atomic
def demo_user(*, role: Role) -> User:
    """The demo's person of a role, made when it is not there yet. Refused outside the demo."""
    return _demo_person(demo_people()[role], role)


@transaction.atomic
def demo_clerk() -> User:
    """The demo's clerk of a corporation's many offices. Refused outside the demo."""
    return _demo_person(DEMO_CLERK, Role.OFFICE_STAFF)


@transaction.atomic
def demo_administrator() -> User:
    """The demo's administrator of an area, an officer. Refused outside the demo."""
    return _demo_person(DEMO_ADMINISTRATOR, Role.OFFICER)


def _demo_person(person: tuple[str, str], role: Role) -> User:
    if settings.PORTAL_ENV != "demo":
        raise ImproperlyConfigured("デモの利用者は、デモでだけ使えます。")
    email, name = person
    user = User.objects.filter(email=email).first()
    if user is None:
        user = user_create(email=email, name=name, role=role, acting=Acting(None, SYSTEM, "デモ"), verified=True)
    return user


def _event(user: User, kind: AccountEventKind, acting: Acting, **detail: Any) -> AccountEvent:
    return AccountEvent.objects.create(
        user=user,
        kind=kind,
        at=clock.now(),
        by_id=acting.user_id,
        by_role=acting.role,
        reason=acting.reason,
        detail=detail,
    )


def _not_oneself(user: User, acting: Acting) -> None:
    if acting.user_id == user.pk:
        raise PermissionDenied("自分の役割やサインインは、ほかの運営者に変えてもらってください。")


def sessions_forget(*, now: datetime.datetime) -> int:
    """Delete the sessions that ended before this moment of the wall's clock (what was typed waits in some of them,
    `lib/handback.py`); how many there were. Running twice deletes nothing more."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _end_sessions(user: User) -> None:
    user.session_stamp = F("session_stamp") + 1
    user.save(update_fields=["session_stamp"])
    user.refresh_from_db(fields=["session_stamp"])


# looks --------------------------------------------------------------------------------------


def access_record(
    *,
    user: User,
    subject_kind: SubjectKind,
    subject_key: str,
    reason: LookReason | str,
    request_id: str = "",
    at: datetime.datetime | None = None,
) -> AccessRecord:
    """Record that ``user`` looked at something. ``reason`` is a LookReason or a sentence.

    In a request the row is written after the view, in a transaction of its own, before the answer leaves: so it
    stays when what the person did is rolled back, and a look that cannot be recorded is not answered. Elsewhere
    (a command, a task) it is written at once. Raises ValueError without subject or reason.
    """
    if not subject_key or not reason:
        raise ValueError("an access record needs a subject and a reason")
    text = LookReason(reason).label if reason in LookReason.values else str(reason)
    record = AccessRecord(
        user=user, role=user.role, subject_kind=subject_kind, subject_key=subject_key, reason=text[:200],
        at=at or clock.now(), request_id=request_id or _request_id(),
    )  # fmt: skip
    waiting = _looks.get()
    if waiting is None:
        record.save()
    else:
        waiting.append(record)
    return record


_look_write = PreparedInsert(AccessRecord)


@contextmanager
def recording() -> Iterator[None]:
    """Holds the looks of a request back until it is over, and writes them then, whatever became of it."""
    token = _looks.set([])
    try:
        yield
    finally:
        waiting = _looks.get() or []
        _looks.reset(token)
        if len(waiting) == 1:
            _look_write.write(waiting[0])  # one statement, without a transaction around it
        elif waiting:
            AccessRecord.objects.bulk_create(waiting)


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
