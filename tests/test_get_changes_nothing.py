"""A crawler opens every address as everybody: afterwards the database is as it was, and nothing was sent."""

import pytest
from django.core import mail
from django.test import Client

from accounts.enums import Role
from careplan_portal.role_table import VISITOR
from tests.crawling import TODAY, World, crawl, fixed_addresses, get_routes, route_of, snapshot

# Of these no object can be in a test without the other side: keys that a security token signed, a session that is
# half signed in, a link that works once.
NOT_OPENED = {
    "metrics", "account_confirm_email", "account_reset_password_from_key", "mfa_remove_webauthn", "mfa_edit_webauthn",
}  # fmt: skip


def is_of_admin(name: str) -> bool:
    """Its pages for adding and deleting are refused to everybody, and rows that a world lacks have none: the crawler
    opens what there is."""
    return name.partition(":")[0] == "admin"


@pytest.mark.slow
@pytest.mark.django_db
def test_get_changes_nothing_anywhere(settings, tmp_path) -> None:
    settings.PORTAL_TODAY, settings.MEDIA_ROOT, settings.PORTAL_HOME = TODAY, tmp_path, tmp_path
    world = World()
    addresses = [*world.addresses(), *fixed_addresses()]
    opened: dict[str, set[int]] = {}
    for role in (VISITOR, *Role):
        client = Client(raise_request_exception=True)
        if role != VISITOR:
            client.force_login(world.users[role], backend="django.contrib.auth.backends.ModelBackend")
        mail.outbox.clear()
        before = snapshot()
        seen = crawl(client, addresses)
        after = snapshot()
        assert {table for table in before if before[table] != after[table]} == set(), f"GET as {role} changed rows"
        assert mail.outbox == [], f"GET as {role} sent a mail"
        assert {path: status for path, status in seen.items() if status >= 500} == {}
        for path, status in seen.items():
            opened.setdefault(route_of(path), set()).add(status)
    missing = {
        f"{name} ({route})"
        for route, name in get_routes().items()
        if not {200, 301, 302} & opened.get(route, set()) and name not in NOT_OPENED and not is_of_admin(name)
    }
    assert {200} <= set().union(
        *(opened.get(route, set()) for route, name in get_routes().items() if is_of_admin(name))
    )
    assert not missing, "nobody could open these, give the crawler an address: " + ", ".join(sorted(missing))
