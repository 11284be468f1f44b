"""The loaded FAQ, and a fixed cast: a visitor, an office's member, the helpdesk, an operator, an auditor."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib.acting import SYSTEM, Acting
from faq.models import Entry
from faq.services import faq_load

LOADING = Acting(None, SYSTEM, "読み込みの試験")
WRITING = Acting(None, SYSTEM, "試験")


@pytest.fixture
def loaded(db: None) -> None:
    faq_load(acting=LOADING)


@pytest.fixture
def entry(loaded: None) -> Entry:
    return Entry.objects.get(slug="stop-fee-zero")


@pytest.fixture
def client_of(db: None) -> Callable[[Role], Client]:
    def sign_in(role: Role) -> Client:
        user, _ = User.objects.get_or_create(
            email=f"{role.value}@example.jp", defaults={"role": role, "name": role.label}
        )
        client = Client()
        client.force_login(user)
        return client

    return sign_in
