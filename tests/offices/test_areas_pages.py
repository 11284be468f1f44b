"""Areas on the operator's pages, and an administrator's help for colleagues of the same area."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from accounts.queries import account_events, has_second_factor
from careplan_portal.lib.acting import SYSTEM, Acting
from offices.models import Area, OfficeEvent
from offices.queries import colleagues_of, municipalities_named
from offices.services.areas import (
    administrator_set,
    area_save,
    colleague_second_factor_reset,
    officer_assign,
    officer_remove,
)
from offices.services.reference import load_reference
from offices.services.refusal import OfficeRefused
from tests.factories import make_user
from tests.licenses.staff import answers, seen_by, sign_in

pytestmark = pytest.mark.django_db
SETUP = Acting(None, SYSTEM, "試験の準備")
YONAGO, SAKAIMINATO, MATSUE = "312029", "312045", "322016"


@pytest.fixture(autouse=True)
def _places(settings, db) -> None:
    settings.PORTAL_TODAY = date(2026, 4, 3)
    load_reference()


@pytest.fixture
def area() -> Area:
    return area_save(code="west", name="西部", municipalities=[YONAGO, SAKAIMINATO], acting=SETUP)


def officer(area: Area | None = None, *, administers: bool = False, key: bool = False):
    user = make_user(Role.OFFICER)
    if area is not None:
        officer_assign(area_id=area.pk, user_id=user.pk, acting=SETUP)
        administrator_set(area_id=area.pk, user_id=user.pk, administers=administers, acting=SETUP)
    if key:
        Authenticator.objects.create(user=user, type="webauthn", data={"name": "鍵", "credential": {}})
    return user


def acting(user) -> Acting:
    return Acting(user.pk, user.role, "会って確かめた")


def reset(user, by):
    return colleague_second_factor_reset(user_id=user.pk, acting=acting(by))


def test_an_administrator_lets_a_colleague_start_again_and_the_person_is_told(
    client, area, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    admin, colleague = officer(area, administers=True), officer(area, key=True)
    client.force_login(colleague, backend="django.contrib.auth.backends.ModelBackend")
    with django_capture_on_commit_callbacks(execute=True):
        reset(colleague, admin)
    assert not has_second_factor(colleague)
    assert client.get("/me/").status_code == 302  # signed out everywhere
    event = account_events(colleague)[0]
    assert (event.kind, event.by, event.by_role, event.reason) == (
        "second_factor_reset", admin, "officer", "会って確かめた",
    )  # fmt: skip
    assert mailoutbox[0].to == [colleague.email]
    assert str(admin) in mailoutbox[0].body


def test_nobody_else_may(area) -> None:
    elsewhere = area_save(code="east", name="東部", municipalities=[MATSUE], acting=SETUP)
    colleague = officer(area, key=True)
    strangers = [
        officer(area),  # an officer, not an administrator
        officer(elsewhere, administers=True),  # another area's
        make_user(Role.HELPDESK), make_user(Role.OFFICE_STAFF), make_user(Role.AUDITOR),
    ]  # fmt: skip
    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            reset(colleague, stranger)
    admin = officer(area, administers=True)
    for person in (admin, make_user(Role.OPERATOR), make_user(Role.OFFICE_STAFF), officer(elsewhere)):
        with pytest.raises(PermissionDenied):
            reset(person, admin)
    assert has_second_factor(colleague)


def test_whoever_leaves_the_area_or_the_role_administers_nothing(area) -> None:
    admin, colleague = officer(area, administers=True), officer(area, key=True)
    assert list(colleagues_of(admin)) == [colleague]
    officer_remove(area_id=area.pk, user_id=admin.pk, acting=SETUP)
    assert list(colleagues_of(admin)) == []
    assert not area.administrators.exists()
    with pytest.raises(OfficeRefused, match="担当者にして"):
        administrator_set(area_id=area.pk, user_id=admin.pk, administers=True, acting=SETUP)
    officer_assign(area_id=area.pk, user_id=admin.pk, acting=SETUP)
    administrator_set(area_id=area.pk, user_id=admin.pk, administers=True, acting=SETUP)
    type(admin).objects.filter(pk=admin.pk).update(role=Role.AUDITOR)
    with pytest.raises(PermissionDenied):
        reset(colleague, admin)


def test_the_page_of_colleagues(client, area) -> None:
    admin, colleague, far = officer(area, administers=True), officer(area, key=True), officer(key=True)
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get("/areas/colleagues/").content.decode()
    assert colleague.email in html
    assert far.email not in html
    assert client.post(f"/areas/colleagues/{far.pk}/reset/", {"reason": "x"}).status_code == 404
    refused = client.post(f"/areas/colleagues/{colleague.pk}/reset/", {"reason": ""})
    assert refused.status_code == 422
    assert f'href="#id_{colleague.pk}_reason"' in refused.text
    assert refused.text.count(f'id="id_{colleague.pk}_reason_error"') == 1
    assert refused.text.count("data-error>") == 1, "at nobody else's field"
    assert "1か所を直してください" in refused.content.decode()
    assert has_second_factor(colleague)
    assert client.post(f"/areas/colleagues/{colleague.pk}/reset/", {"reason": "会った"}).status_code == 302
    assert not has_second_factor(colleague)


def test_an_officer_without_the_duty_reads_whom_to_ask(client, area) -> None:
    admin, plain = officer(area, administers=True), officer(area)
    client.force_login(plain, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get("/areas/colleagues/").content.decode()
    assert str(admin) in html
    assert "やり直せるようにする</button>" not in html


def test_the_operators_way(client, area) -> None:
    sign_in(client)
    new = {"code": "east", "name": "東部", "municipalities": "島根県松江市\n312011", "reason": "新しい契約"}
    assert client.post("/areas/new/", new)["Location"] == "/areas/east/"
    east = Area.objects.get(code="east")
    assert set(east.municipalities.values_list("pk", flat=True)) == {MATSUE, "312011"}
    person = officer()
    assert (
        client.post("/areas/east/officers/", {"officer-email": "nobody@example.jp", "officer-reason": "x"}).status_code
        == 422
    )
    add = {"officer-email": person.email.upper(), "officer-reason": "着任"}
    assert client.post("/areas/east/officers/", add).status_code == 302
    reason = f"change-{person.pk}-reason"
    for do, administers in (("appoint", True), ("dismiss", False)):
        assert client.post(f"/areas/east/officers/{person.pk}/", {"do": do, reason: "交代"}).status_code == 302
        assert east.administrators.filter(pk=person.pk).exists() is administers
    assert client.post(f"/areas/east/officers/{person.pk}/", {"do": "erase", reason: "x"}).status_code == 403
    empty = client.post(f"/areas/east/officers/{person.pk}/", {"do": "remove", reason: ""})
    assert empty.status_code == 422
    said = empty.content.decode()  # at its own field, in the form that is open again
    assert f'href="#id_{reason}"' in said
    assert f"{person}さんの担当を変える理由を入れてください。" in said
    assert '<details class="more mt-12" open>' in said
    client.post(f"/areas/east/officers/{person.pk}/", {"do": "remove", reason: "異動"})
    assert not east.officers.exists()
    change = {"area-name": "島根の東", "area-municipalities": "松江市", "area-reason": "訂正"}
    assert client.post("/areas/east/change/", change).status_code == 302
    east.refresh_from_db()
    assert east.name == "島根の東"
    kinds = set(OfficeEvent.objects.filter(area=east).values_list("kind", flat=True))
    assert kinds >= {"area_changed", "officer_assigned", "admin_appointed", "admin_dismissed", "officer_removed"}
    assert "着任" in client.get("/areas/east/").content.decode()


def test_lines_that_name_no_one_place_are_told_and_nothing_is_lost(client, area) -> None:
    sign_in(client)
    words = "ないない市\n府中市"
    answer = client.post("/areas/new/", {"code": "x", "name": "場所", "municipalities": words, "reason": "x"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "見つからないか、同じ名前がいくつもあります：ないない市、府中市" in html
    assert "ないない市\n府中市</textarea>" in html


def test_places_are_named_by_code_name_or_prefecture() -> None:
    assert municipalities_named("312029\n鳥取県境港市\n松江市\n\n") == ([YONAGO, SAKAIMINATO, MATSUE], [])
    whole, unknown = municipalities_named("鳥取県\n011011")
    assert len(whole) == 19
    assert unknown == ["011011"]  # a ward belongs to its city


def test_who_may_open_what(client, area) -> None:
    assert answers(client, "/areas/") == seen_by(Role.OPERATOR, Role.AUDITOR)
    assert answers(client, "/areas/west/") == seen_by(Role.OPERATOR, Role.AUDITOR)
    assert answers(client, "/areas/new/") == seen_by(Role.OPERATOR)
    assert answers(client, "/areas/colleagues/") == seen_by(Role.OFFICER)
    assert answers(client, "/areas/west/officers/", "post") == seen_by(Role.OPERATOR, ok=422)
