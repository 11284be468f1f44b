"""The table of roles, proved: every address, every method, every role, one's own, another's and nobody's.

Each question is asked with an empty form, in a transaction that is rolled back, of a world where every address
leads somewhere (tests/accounts/world.py). A new address needs a line there only when its arguments are not an
office's number or an area's code.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.enums import TWO_FACTOR_ROLES, Role
from accounts.models import User
from careplan_portal.role_table import COLUMNS, VISITOR, Entry, entries
from tests.accounts import world as worlds

# Everything is asked: minutes on a quiet machine. So `bin/drill roles` runs it, and its name keeps it out of bin/test.
pytestmark = pytest.mark.django_db
WHOSE = (worlds.OWN, worlds.OTHER, worlds.NONE)
VERBS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
# Pages on which staff set up or show the second factor, and those that visitors may open.
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[worlds.World]:
    """Built once for all roles, and never committed."""
    from django.test import override_settings

    media = tmp_path_factory.mktemp("media")
    with (
        override_settings(PORTAL_TODAY=worlds.TODAY, MEDIA_ROOT=media, PORTAL_HOME=media),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        logging.disable(logging.CRITICAL)
        yield worlds.build()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


class Caller:
    """Somebody at a browser, always with the session that began it."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self.session = ""
        if user is not None:
            client = Client()
            client.force_login(user, backend=BACKEND)
            # The password was asked for again a moment ago, so the pages behind that question answer, too.
            session = client.session
            session["account_authentication_methods"] = [
                {"method": "password", "at": time.time(), "reauthenticated": True}
            ]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
            self.session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(self, method: str, path: str) -> Any:
        cache.clear()
        client = Client(raise_request_exception=False)
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        with transaction.atomic():
            response = client.post(path) if method == "POST" else client.generic(method, path)
            if response.streaming:
                b"".join(response.streaming_content)  # type: ignore[arg-type]
            transaction.set_rollback(True)
        return response


def address(world: worlds.World, entry: Entry, user: User | None, whose: str) -> str:
    """Where this entry's own, another's or nobody's thing is."""
    arguments = world.things(entry.name, whose)
    if entry.own and set(entry.own.values()) == {"passkey"}:
        arguments = world.passkey(user, whose)
    return reverse(entry.name, kwargs={name: arguments[name] for name in entry.parameters})


def questions(entry: Entry, column: str) -> tuple[str, ...]:
    """Whose thing is asked for. What visitors may open is opened by roles, too: once, unless something is theirs."""
    if not entry.parameters:
        return WHOSE[:1]
    return WHOSE[:1] if VISITOR in entry.audience and column != VISITOR and not entry.own else WHOSE


def asked(entry: Entry) -> bool:
    """All but what a test process cannot answer for: the admin's catch-all is asked by its pages."""
    return entry.name != "admin:"


@pytest.mark.slow
@pytest.mark.parametrize("column", COLUMNS)
def test_every_answer_is_the_tables(world: worlds.World, column: str) -> None:
    caller = Caller(world.people.get(column))
    wrong = {}
    for entry in filter(asked, entries()):
        for whose in questions(entry, column):
            status = caller.ask(entry.method, address(world, entry, caller.user, whose)).status_code
            if status != entry.answer(column, whose):
                wrong[f"{entry.name} {entry.method} {whose}"] = (entry.answer(column, whose), status)
    _keep(column, wrong)
    assert wrong == {}, "(table, answer): mend the page, or say so in careplan_portal/role_answers.py"


@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.OFFICER])
def test_to_whom_nothing_belongs_everything_is_anothers(world: worlds.World, role: Role) -> None:
    caller = Caller(world.nobodies[role.value])
    wrong = {}
    for entry in entries():
        what = entry.own.get(role.value)
        if what in (None, "passkey") or not entry.parameters:
            continue
        for whose in (worlds.OWN, worlds.OTHER):
            status = caller.ask(entry.method, address(world, entry, caller.user, whose)).status_code
            if status != entry.answer(role.value, worlds.OTHER):
                wrong[f"{entry.name} {entry.method} {whose}"] = status
    _keep(f"nobody-{role.value}", wrong)
    assert wrong == {}


@pytest.mark.parametrize("role", sorted(TWO_FACTOR_ROLES))
def test_nothing_opens_before_the_second_factor(world: worlds.World, settings: Any, role: Role) -> None:
    """What only they may see leads to it; the refusals stay what they are."""
    settings.TWO_FACTOR_REQUIRED = True
    caller = Caller(world.people[role.value])
    wrong = {}
    for entry in filter(asked, entries()):
        if VISITOR in entry.audience or entry.for_programs or role.value not in entry.audience or is_way_in(entry):
            continue
        response = caller.ask(entry.method, address(world, entry, caller.user, worlds.OWN))
        led = response.status_code == 302 and response["Location"] == "/me/second-factor/"
        if not led and not (entry.is_api and response.status_code == 403):
            wrong[f"{entry.name} {entry.method}"] = response.status_code
    assert wrong == {}


def is_way_in(entry: Entry) -> bool:
    """Pages about one's own sign-in: with them the second factor is set up or shown."""
    return entry.audience == frozenset(Role.values) and entry.route.startswith(("/accounts/", "/me/"))


@pytest.mark.parametrize("column", [VISITOR, Role.OPERATOR.value])
def test_a_method_without_a_line_is_not_allowed(world: worlds.World, column: str) -> None:
    """405 where somebody may ask at all; whoever may not is refused before, and so is what is not there for them."""
    caller = Caller(world.people.get(column))
    answered: dict[str, set[str]] = {}
    for entry in filter(asked, entries()):
        if not entry.name.startswith("admin:"):
            answered.setdefault(entry.name, set()).add(entry.method)
    wrong = {}
    for entry in {one.name: one for one in entries() if one.name in answered}.values():
        for method in sorted(VERBS - answered[entry.name]):
            status = caller.ask(method, address(world, entry, caller.user, worlds.OWN)).status_code
            fitting = (
                {405, entry.answer(column, worlds.OWN)} - {200, 302}
                if column in entry.audience
                else {302, 401, 403, 405}
            )
            if status not in fitting:
                wrong[f"{entry.name} {method}"] = status
    _keep(f"verbs-{column}", wrong)
    assert wrong == {}


def test_every_address_is_known_to_the_world(world: worlds.World) -> None:
    lost = []
    for entry in filter(asked, entries()):
        for whose in questions(entry, VISITOR):
            try:
                address(world, entry, world.people[Role.OPERATOR.value], whose)
            except (KeyError, NoReverseMatch) as missing:
                lost.append(f"{entry.name} ({whose}): {missing}"[:200])
    assert not lost, "say in tests/accounts/world.py where these lead:\n" + "\n".join(lost)


def _keep(name: str, wrong: dict[str, Any]) -> None:
    """For whoever writes the table anew: PORTAL_ROLE_ANSWERS=folder keeps what was answered otherwise."""
    folder = os.environ.get("PORTAL_ROLE_ANSWERS")
    if folder:
        from json import dumps
        from pathlib import Path

        (Path(folder) / f"{name}.json").write_text(dumps(wrong, indent=1))
