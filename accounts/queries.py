"""Everything that is read about people and about who looked at what."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.enums import Role, SubjectKind
from accounts.models import AccessRecord, AccountEvent, User
from careplan_portal.lib.clock import TOKYO
from careplan_portal.lib.prepared import prepared


def users(*, search: str = "", role: str = "", active: bool | None = None) -> QuerySet[User]:
    """People by a part of name or address, role, and whether they may sign in; by role and name."""
    found = User.objects.order_by("role", "name", "id")
    if search:
        found = found.filter(Q(name__icontains=search) | Q(email__icontains=search))
    if role:
        found = found.filter(role=role)
    return found if active is None else found.filter(is_active=active)


def user_id_of_session(key: str) -> int | None:
    """Whose session this key was, also when it has ended: from its row, which stays until a night clears it, else from
    the list of a person's sign-ins. None for a session that its owner ended by signing out, and for unknown keys."""
    row = Session.objects.filter(session_key=key).first() if key else None
    user_id = row.get_decoded().get(SESSION_KEY) if row is not None else None
    if user_id is not None:
        return int(user_id)
    return UserSession.objects.filter(session_key=key).values_list("user_id", flat=True).first() if key else None


def account_events(user: User) -> QuerySet[AccountEvent]:
    """What happened to an account, the latest first."""
    return AccountEvent.objects.filter(user=user).select_related("by")


def looks(
    *,
    subject_kind: SubjectKind | str = "",
    subject_key: str = "",
    user_id: int | None = None,
    who: str = "",
    role: str = "",
    reason: str = "",
    first: datetime.date | None = None,
    last: datetime.date | None = None,
) -> QuerySet[AccessRecord]:
    """Who looked at what, the latest first; ``who`` is a part of a name or address, ``reason`` a part of it;
    ``first`` and ``last`` are days in Japan, both inclusive."""
    found = AccessRecord.objects.select_related("user")
    if subject_kind:
        found = found.filter(subject_kind=subject_kind)
    if subject_key:
        found = found.filter(subject_key=subject_key)
    if user_id:
        found = found.filter(user_id=user_id)
    if who:
        found = found.filter(user__in=User.objects.filter(Q(name__icontains=who) | Q(email__icontains=who)))
    if role:
        found = found.filter(role=role)
    if reason:
        found = found.filter(reason__icontains=reason)
    if first:
        found = found.filter(at__gte=_begin(first))
    return found.filter(at__lt=_begin(last + datetime.timedelta(days=1))) if last else found


def looks_at_office(business_number: str) -> QuerySet[AccessRecord]:
    """Who opened an office's page: shown to its members without names, only role, time and reason."""
    return looks(subject_kind=SubjectKind.OFFICE, subject_key=business_number)


@dataclass(frozen=True, slots=True)
class LooksOfDay:
    """How often people of one role opened an office on one day, and their reasons, the commonest first."""

    day: datetime.date
    role: str
    count: int
    reasons: Sequence[str]

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


_counted = prepared(
    lambda number: (
        looks_at_office(number)
        .annotate(day=TruncDate("at", tzinfo=TOKYO))
        .values_list("day", "role", "reason")
        .annotate(n=Count("pk"))
        .order_by("-day", "role", "-n", "reason")
    )
)


def looks_by_day(business_number: str) -> list[LooksOfDay]:
    """What an office is told of the looks at it: by day (the latest first) and role, without names or times."""
    return [
        LooksOfDay(day, role, sum(row[3] for row in rows), [row[2] for row in rows])
        for (day, role), found in groupby(_counted.all(business_number), key=itemgetter(0, 1))
        if (rows := list(found))
    ]


def has_second_factor(user: User) -> bool:
    """Whether an authenticator or passkey is set up (recovery codes alone do not count)."""
    from allauth.mfa.models import Authenticator

    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def without_second_factor(people: Iterable[User]) -> set[int]:
    """The keys of those who have neither authenticator nor passkey: one statement for all of them."""
    from allauth.mfa.models import Authenticator

    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    wanted = {person.pk for person in people}
    having = Authenticator.objects.filter(user__in=wanted, type__in=kinds).values_list("user_id", flat=True)
    return wanted - set(having)


DEMO_CLERK = ("clerk@demo.example", "門脇 文")
"""The demo's second member: in the office of a corporation with many offices."""
DEMO_ADMINISTRATOR = ("administrator@demo.example", "木下 望")
"""The demo's second officer: the administrator of the first one's area."""


def demo_people() -> dict[Role, tuple[str, str]]:
    """Address and name of the demo's sign-ins, one a role. All of them are invented."""
    names = {
        Role.OFFICE_STAFF: "山根 涼子",
        Role.HELPDESK: "松本 葵",
        Role.OFFICER: "田淵 実",
        Role.OPERATOR: "井上 修",
        Role.AUDITOR: "奥田 尚",
    }
    return {role: (f"{role.value.replace('_', '-')}@demo.example", name) for role, name in names.items()}


def _begin(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=TOKYO)
