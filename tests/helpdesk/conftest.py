"""The helpdesk's cast: a person of each role with a client of their own, and offices in every state."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from campaigns import rules
from campaigns.models import FreePassApplication
from campaigns.queries import office_answer
from campaigns.services import Applicant, application_file
from careplan_portal.lib.acting import HELPDESK, MEMBER, SYSTEM, VISITOR, Acting
from careplan_portal.lib.japan.kana import search_key
from faq.services import faq_load
from helpdesk.services.contacts import call_begin
from offices.models import Membership, Office
from tests.factories import make_office

TODAY = date(2026, 4, 3)


@pytest.fixture(autouse=True)
def _business_day(settings: Any) -> None:
    """Friday 3 April 2026, inside the campaign."""
    settings.PORTAL_TODAY = TODAY


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    def make(role: Role, email: str = "", name: str = "") -> User:
        address = email or f"{role.value}@example.jp"
        user, _ = User.objects.get_or_create(email=address, defaults={"role": role, "name": name or role.label})
        return user

    return make


@pytest.fixture
def desk(person: Callable[..., User]) -> User:
    return person(Role.HELPDESK, name="松本 葵")


@pytest.fixture
def client_of(person: Callable[..., User]) -> Callable[[Role], Client]:
    def sign_in(role: Role) -> Client:
        client = Client()
        client.force_login(person(role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def desk_client(desk: User) -> Client:
    client = Client()
    client.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def faq(db: None) -> None:
    faq_load(acting=Acting(None, SYSTEM, "試験"))


@pytest.fixture
def acting(desk: User) -> Acting:
    return Acting(desk.pk, HELPDESK)


@pytest.fixture
def office(db: None) -> Office:
    name = "デイサービス みなとの風"
    return make_office(name=name, business_number="3170201432", search_key=search_key(name), phone_digits="0859000123")


@pytest.fixture
def member(office: Office, person: Callable[..., User]) -> User:
    """山根さん, who has been the office's manager for a year."""
    user = person(Role.OFFICE_STAFF, "yamane@example.jp", "山根 涼子")
    Membership.objects.create(user=user, office=office, role="manager", joined_on=date(2025, 4, 15))
    return user


@pytest.fixture
def called(office: Office, acting: Acting) -> Callable[..., Any]:
    """A proved call about an office."""

    def begin(about: Office | None = None, proof: str = "two_facts", **fields: Any) -> Any:
        facts = ["address", "term_end"] if proof == "two_facts" else []
        wanted = {"name": "田中 一郎", "relation": "事務長", "phone": "", "consent": True, "facts": facts} | fields
        return call_begin(office_id=(about or office).pk, proof=proof, today=TODAY, acting=acting, **wanted)

    return begin


@pytest.fixture
def filed() -> Callable[..., FreePassApplication]:
    """An application as the public form makes it; provisional unless `proof` says how it was proved."""

    def file(office: Office, proof: str = "", today: date = TODAY, email: str = "tabuchi@example.jp") -> Any:
        answer = office_answer(office.pk, today)
        assert answer.assessment is not None
        assert answer.situation is not None
        return application_file(
            office_id=office.pk,
            applicant=Applicant("田淵 実", "0859-00-0177", email, "1", "1"),
            channel="visitor",
            shown=rules.fingerprint(answer.assessment, answer.situation),
            form_key=uuid4(),
            today=today,
            acting=Acting(None, MEMBER if proof else VISITOR, "試験"),
            proof=proof,
        )

    return file
