"""Every address × method × role: the table is up to date, and the pages keep to it."""

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from accounts.enums import Role
from accounts.permissions import audience
from careplan_portal import menu
from careplan_portal.role_table import COLUMNS, VISITOR, entries, methods


def test_docs_roles_is_up_to_date() -> None:
    call_command("role_table", check=True)


def test_methods_are_read_from_the_views() -> None:
    by_name = {entry.name: entry for entry in entries()}
    assert by_name["accounts:user-act"].methods == ("POST",)
    assert by_name["accounts:users"].methods == ("GET",)
    assert by_name["accounts:user-new"].methods == ("GET", "POST")
    assert by_name["readyz"].methods == ("GET",)


def test_own_objects_are_stated() -> None:
    @audience(Role.OFFICE_STAFF, Role.HELPDESK, own={Role.OFFICE_STAFF: "office"})
    def view(request):
        return None

    assert view.own == {Role.OFFICE_STAFF: "office"}  # type: ignore[attr-defined]
    assert methods(view) == ("GET", "POST")
    with pytest.raises(TypeError, match="not in the audience"):
        audience(Role.HELPDESK, own={Role.OFFICER: "area"})


def addresses(role: str) -> list[tuple[str, str]]:
    """Pages whose address needs no argument, and what the table says of them for a role."""
    listed = []
    for entry in entries():
        try:
            path = reverse(entry.name)
        except NoReverseMatch:
            continue
        for_people = entry.cells[role] != "token" and not path.startswith(("/api/", "/accounts/"))
        if "GET" in entry.methods and for_people:
            listed.append((path, entry.cells[role]))
    return listed


def refused(response) -> str:
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "sign-in"
    return "403" if response.status_code in (401, 403) else ""


@pytest.mark.django_db
@pytest.mark.parametrize("role", COLUMNS)
def test_who_is_refused_is_refused(client, person, signed_in, role) -> None:
    if role != VISITOR:
        signed_in(person(Role(role)))
    no = "sign-in" if role == VISITOR else "403"
    asked = addresses(role)
    answers = {path: refused(client.get(path)) for path, _cell in asked}
    assert answers == {path: "" if cell else no for path, cell in asked}


@pytest.mark.django_db
@pytest.mark.parametrize("role", COLUMNS)
def test_the_menu_offers_nothing_that_is_refused(role) -> None:
    cells = {entry.name: entry.cells for entry in entries()}
    for listed in (menu.MAIN, menu.DESK, menu.FOOT_USE, menu.FOOT_KNOW):
        for entry in listed:
            offered = not entry.roles or role in entry.roles
            if offered and menu.address(entry.url_name):
                assert cells[entry.url_name][role], f"{entry.label} is offered to {role}"


@pytest.mark.django_db
def test_the_admin_is_for_operators(client, person, signed_in) -> None:
    assert "/accounts/login/" in client.get("/admin/", follow=True).redirect_chain[-1][0]
    for role in Role:
        client = signed_in(person(role))
        assert client.get("/admin/", follow=True).status_code == (200 if role == Role.OPERATOR else 403), role
