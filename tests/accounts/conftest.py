"""A fixed cast: one person a role, and a stranger."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts import services
from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib.acting import SYSTEM, Acting

PASSWORD = "correct horse battery"
SETUP = Acting(None, SYSTEM, "試験の準備")


@pytest.fixture
def person(db) -> Callable[..., User]:
    def make(role: Role = Role.OFFICE_STAFF, email: str = "", name: str = "", *, verified: bool = True) -> User:
        user = services.user_create(
            email=email or f"{role.value}@example.jp",
            name=name or role.label,
            role=role,
            acting=SETUP,
            verified=verified,
        )
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def operator(person) -> User:
    return person(Role.OPERATOR)


@pytest.fixture
def helpdesk(person) -> User:
    return person(Role.HELPDESK)


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def acting(user: User, reason: str = "理由") -> Acting:
    return Acting(user.pk, user.role, reason)
