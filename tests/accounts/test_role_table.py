"""Every address × method × role: the table is up to date, and the pages keep to it."""

import pytest
from django.core.management import call_command
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import audience
from careplan_portal import menu
from careplan_portal.role_answers import ANSWERS, OWN
from careplan_portal.role_table import ANOTHERS, COLUMNS, NOBODYS, entries, methods


def test_docs_roles_is_up_to_date() -> None:
    call_command("role_table", check=True)


def test_methods_are_read_from_the_views() -> None:
    found: dict[str, list[str]] = {}
    for entry in entries():
        found.setdefault(entry.name, []).append(entry.method)
    assert found["accounts:user-act"] == ["POST"]
    assert found["accounts:users"] == ["GET"]
    assert found["accounts:user-new"] == ["GET", "POST"]
    assert found["readyz"] == ["GET"]


def test_own_objects_are_stated() -> None:
    @audience(Role.OFFICE_STAFF, Role.HELPDESK, own={Role.OFFICE_STAFF: "office"})
    def view(request):
        return None

    assert view.own == {Role.OFFICE_STAFF: "office"}  # type: ignore[attr-defined]
    assert methods(view) == ("GET", "POST")
    with pytest.raises(TypeError, match="not in the audience"):
        audience(Role.HELPDESK, own={Role.OFFICER: "area"})


def test_an_address_without_a_stated_audience_is_an_error() -> None:
    silent = URLResolver(RegexPattern(r"^"), [path("silent/", lambda request: None, name="silent")])
    with pytest.raises(LookupError, match="silent states no audience"):
        entries(silent)


def test_every_exception_is_about_an_address_that_is_there() -> None:
    there = {f"{entry.name} {entry.method}" for entry in entries()}
    assert sorted(set(ANSWERS) - there) == []
    assert sorted(set(OWN) - {entry.name for entry in entries()}) == []


def test_refusals_follow_from_the_audience() -> None:
    by_name = {f"{entry.name} {entry.method}": entry for entry in entries()}
    office = by_name["campaigns:my-office GET"]
    assert [office.answer(column) for column in COLUMNS] == [302, 200, 403, 403, 403, 403]
    assert (office.answer("office_staff", ANOTHERS), office.answer("office_staff", NOBODYS)) == (404, 404)
    area = by_name["adoption:area GET"]
    assert [area.answer(column, ANOTHERS) for column in COLUMNS] == [302, 403, 200, 404, 200, 200]
    assert by_name["metrics GET"].answer("operator") == 401


@pytest.mark.django_db
@pytest.mark.parametrize("role", COLUMNS)
def test_the_menu_offers_nothing_that_is_refused(role) -> None:
    audiences = {entry.name: entry.audience for entry in entries() if entry.method == "GET"}
    for listed in (menu.MAIN, menu.DESK, menu.FOOT_USE, menu.FOOT_KNOW):
        for entry in listed:
            offered = not entry.roles or role in entry.roles
            if offered and menu.address(entry.url_name):
                assert role in audiences[entry.url_name], f"{entry.label} is offered to {role}"


@pytest.mark.django_db
def test_the_admin_is_for_operators(client, person, signed_in) -> None:
    assert client.get("/admin/")["Location"].startswith("/accounts/login/")
    for role in Role:
        client = signed_in(person(role))
        assert client.get("/admin/").status_code == (200 if role == Role.OPERATOR else 403), role
    client = signed_in(User.objects.get(role=Role.OPERATOR))
    assert client.get("/admin/login/")["Location"] == "/admin/"
