import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from accounts import queries, services
from accounts.enums import AccountEventKind, Role
from accounts.models import AccountEvent, User
from tests.accounts.conftest import PASSWORD, acting
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def kinds(user: User) -> list[str]:
    return list(queries.account_events(user).values_list("kind", flat=True))


def test_a_new_person_has_an_event_and_no_password(operator) -> None:
    user = services.user_create(
        email=" New@Example.JP ", name=" 新しい 人 ", role=Role.OFFICER, acting=acting(operator, "着任")
    )
    assert (user.email, user.name, user.has_usable_password(), user.is_staff) == (
        "new@example.jp",
        "新しい 人",
        False,
        False,
    )
    event = AccountEvent.objects.get(user=user)
    assert (event.kind, event.by, event.by_role, event.reason) == ("created", operator, Role.OPERATOR, "着任")
    assert event.detail == {"role": "officer"}


@pytest.mark.parametrize("email", ["OPERATOR@example.jp", "not an address", ""])
def test_an_address_taken_or_wrong_is_refused(operator, email) -> None:
    with pytest.raises(ValidationError):
        services.user_create(email=email, name="x", role=Role.OFFICER, acting=acting(operator))
    assert User.objects.count() == 1


def test_another_role_ends_every_session(operator, helpdesk, signed_in) -> None:
    client = signed_in(helpdesk)
    assert client.get("/me/").status_code == 200
    services.user_role_change(user=helpdesk, role=Role.AUDITOR, acting=acting(operator, "異動"))
    response = client.get("/me/")
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]
    helpdesk.refresh_from_db()
    assert helpdesk.role == Role.AUDITOR
    event = queries.account_events(helpdesk).first()
    assert event is not None
    assert (event.kind, event.detail, event.reason) == (
        AccountEventKind.ROLE_CHANGED, {"before": "helpdesk", "after": "auditor"}, "異動",
    )  # fmt: skip


def test_the_same_role_again_is_no_event(operator, helpdesk) -> None:
    before = kinds(helpdesk)
    services.user_role_change(user=helpdesk, role=Role.HELPDESK, acting=acting(operator))
    assert kinds(helpdesk) == before


def test_only_operators_may_enter_the_admin(operator, helpdesk) -> None:
    changed = services.user_role_change(user=helpdesk, role=Role.OPERATOR, acting=acting(operator))
    assert changed.is_staff
    back = services.user_role_change(user=helpdesk, role=Role.HELPDESK, acting=acting(operator))
    assert not back.is_staff
    assert not back.is_superuser


def test_nobody_changes_oneself(operator) -> None:
    me = acting(operator)
    for change in (
        lambda: services.user_role_change(user=operator, role=Role.AUDITOR, acting=me),
        lambda: services.user_active_change(user=operator, active=False, acting=me),
        lambda: services.user_second_factor_reset(user=operator, acting=me),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_somebody_made_inactive_is_out_at_once(operator, helpdesk, signed_in) -> None:
    client = signed_in(helpdesk)
    services.user_active_change(user=helpdesk, active=False, acting=acting(operator, "退職"))
    assert client.get("/me/").status_code == 302
    client.post("/accounts/login/", {"login": helpdesk.email, "password": PASSWORD})
    assert client.get("/me/").status_code == 302
    services.user_active_change(user=helpdesk, active=True, acting=acting(operator))
    assert kinds(helpdesk)[:2] == ["reactivated", "deactivated"]


def test_ending_all_sessions(helpdesk, signed_in) -> None:
    client = signed_in(helpdesk)
    assert client.post("/me/sessions-end/").status_code == 302
    assert client.get("/me/").status_code == 302
    assert "sessions_ended" in kinds(helpdesk)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_events_only_grow(operator, change) -> None:
    events = AccountEvent.objects.filter(user=operator)
    act = {"update": lambda: events.update(reason="別の理由"), "delete": events.get().delete}[change]
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        act()


def test_an_invitation_waits_for_a_mail_server_that_is_away(operator, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(OSError, match="refused"):
        services.invitation_send(user_id=operator.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert services.invitation_send(user_id=operator.pk)
    gone = make_user(Role.OFFICE_STAFF)
    services.user_active_change(user=gone, active=False, acting=acting(operator))
    assert not services.invitation_send(user_id=gone.pk)


def test_an_invitation_makes_a_sign_in(
    client, operator, mailoutbox, django_capture_on_commit_callbacks, settings
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        user = services.user_create(
            email="new@example.jp", name="新人", role=Role.OFFICE_STAFF, acting=acting(operator)
        )
        services.user_invite(user=user, acting=acting(operator))
    mail = mailoutbox[0]
    assert mail.to == ["new@example.jp"]
    path = re.search(rf"{settings.PORTAL_BASE_URL}(/\S+)", mail.body)[1]
    form = client.get(path, follow=True)
    assert "パスワードを決める" in form.content.decode()
    done = client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert done.wsgi_request.user == user
    assert kinds(user)[0] == "signed_in"
    client.logout()
    assert "このリンクは、もう使えません" in client.get(path, follow=True).content.decode()
    signed = client.post("/accounts/login/", {"login": "NEW@example.jp", "password": PASSWORD})
    assert signed.status_code == 302, signed.content.decode()
    assert client.session["_auth_user_id"] == str(user.pk)
