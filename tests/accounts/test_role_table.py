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


def addresses() -> list[tuple[str, str, str]]:
    """Pages whose address needs no argument, by role."""
    listed = []
    for entry in entries():
        try:
            path = reverse(entry.name)
        except NoReverseMatch:
            continue
        if not path.startswith(("/api/", "/accounts/")):
            listed += [(path, role, entry.cells[role]) for role in COLUMNS if "GET" in entry.methods]
    return listed


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "role", "cell"), addresses())
def test_who_is_refused_is_refused(client, person, signed_in, path, role, cell) -> None:
    if role != VISITOR:
        signed_in(person(Role(role)))
    response = client.get(path)
    if cell:
        assert response.status_code not in (401, 403)
        assert not (response.status_code == 302 and "/accounts/login/" in response["Location"])
    elif role == VISITOR:
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]
    else:
        assert response.status_code == 403


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
