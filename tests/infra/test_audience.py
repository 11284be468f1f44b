import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views import View
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import audience


def function_view():
    @audience(Role.HELPDESK, Role.OPERATOR)
    def view(request):
        return HttpResponse("seen")

    return view


class _Page(View):
    def get(self, request):
        return HttpResponse("seen")


class _Api(APIView):
    def get(self, request):
        return Response("seen")


ROLES = (Role.HELPDESK, Role.OPERATOR)
VIEWS = {
    "function": function_view,
    "as_view() result": lambda: audience(*ROLES)(_Page.as_view()),
    "class": lambda: audience(*ROLES)(type("Page", (_Page,), {})).as_view(),
    "DRF as_view() result": lambda: audience(*ROLES)(_Api.as_view()),
    "DRF class": lambda: audience(*ROLES)(type("Api", (_Api,), {})).as_view(),
}


@pytest.fixture(params=VIEWS)
def view(request):
    return VIEWS[request.param]()


def ask(rf, view, user, path="/desk/"):
    request = rf.get(path)
    request.user = user
    return view(request)


@pytest.mark.parametrize("role", ROLES)
def test_the_roles_named_get_in(rf, view, role) -> None:
    assert ask(rf, view, User(email="a@example.jp", role=role)).status_code == 200


def test_anonymous_people_are_led_to_the_sign_in(rf, view) -> None:
    response = ask(rf, view, AnonymousUser())
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/desk/")


@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.OFFICER, Role.AUDITOR])
def test_other_roles_are_refused(rf, view, role) -> None:
    with pytest.raises(PermissionDenied):
        ask(rf, view, User(email="a@example.jp", role=role))


def test_being_a_superuser_is_no_role(rf, view) -> None:
    with pytest.raises(PermissionDenied):
        ask(rf, view, User(email="a@example.jp", role=Role.AUDITOR, is_superuser=True))


def test_somebody_switched_off_is_refused(rf, view) -> None:
    with pytest.raises(PermissionDenied):
        ask(rf, view, User(email="a@example.jp", role=Role.HELPDESK, is_active=False))


@pytest.mark.parametrize(("user", "status"), [(AnonymousUser(), 401), (User(role=Role.OFFICER), 403)])
def test_programs_are_told_as_a_problem(rf, view, user, status) -> None:
    response = ask(rf, view, user, "/api/v1/thing/")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == status


def test_no_role_at_all_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        audience()
