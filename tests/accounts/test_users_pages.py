import pytest

from accounts import queries
from accounts.enums import Role, SubjectKind
from accounts.models import AccessRecord, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(operator, signed_in):
    return signed_in(operator)


def test_the_list_searches_and_leaves_out_the_inactive(desk, person) -> None:
    person(Role.OFFICER, "saka@example.jp", "境 港子")
    gone = person(Role.AUDITOR, "gone@example.jp", "去った 人")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    html = desk.get("/users/").content.decode()
    assert "境 港子" in html
    assert "去った 人" not in html
    assert "去った 人" in desk.get("/users/", {"inactive": "on"}).content.decode()
    found = desk.get("/users/", {"q": "境"}).content.decode()
    assert "境 港子" in found
    assert "当てはまる人はいません" in desk.get("/users/", {"role": "helpdesk"}).content.decode()


def test_adding_somebody_sends_the_mail(desk, mailoutbox, django_capture_on_commit_callbacks) -> None:
    data = {"name": "山本 一", "email": "yama@example.jp", "role": "officer", "reason": "着任"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post("/users/new/", data)
    user = User.objects.get(email="yama@example.jp")
    assert answer["Location"] == f"/users/{user.pk}/"
    assert mailoutbox[0].to == ["yama@example.jp"]
    assert [event.kind for event in queries.account_events(user)] == ["invited", "created"]


def test_an_offices_person_is_not_made_here(desk) -> None:
    """Such a person would belong to no office; the page says how they come."""
    assert 'value="office_staff"' not in desk.get("/users/new/").content.decode()
    data = {"name": "山本 一", "email": "yama@example.jp", "role": "office_staff", "reason": "着任"}
    assert desk.post("/users/new/", data).status_code != 302
    assert not User.objects.filter(email="yama@example.jp").exists()


def test_mistakes_are_shown_and_nothing_is_lost(desk, operator) -> None:
    answer = desk.post("/users/new/", {"name": "山本 一", "email": operator.email, "role": "officer", "reason": ""})
    html = answer.content.decode()
    assert "1か所を直してください" in html
    assert 'value="山本 一"' in html
    answer = desk.post("/users/new/", {"name": "山本 一", "email": operator.email, "role": "officer", "reason": "着任"})
    assert "すでに登録されています" in answer.content.decode()
    assert User.objects.count() == 1


def test_a_person_is_shown_with_events_and_the_look_is_recorded(desk, operator, helpdesk) -> None:
    html = desk.get(f"/users/{helpdesk.pk}/").content.decode()
    assert "作った" in html
    record = AccessRecord.objects.get()
    assert (record.user, record.subject_kind, record.subject_key) == (operator, SubjectKind.ACCOUNT, str(helpdesk.pk))


def test_role_and_other_changes_say_why(desk, helpdesk) -> None:
    assert desk.post(f"/users/{helpdesk.pk}/role/", {"role-role": "auditor"}).status_code == 422
    assert desk.post(f"/users/{helpdesk.pk}/act/", {"do": "deactivate"}).status_code == 422
    assert desk.post(f"/users/{helpdesk.pk}/role/", {"role-role": "auditor", "role-reason": "異動"}).status_code == 302
    for do in ("invite", "sessions", "second-factor", "deactivate", "reactivate"):
        assert desk.post(f"/users/{helpdesk.pk}/act/", {"do": do, "act-reason": "確かめ"}).status_code == 302
    assert desk.post(f"/users/{helpdesk.pk}/act/", {"do": "erase", "act-reason": "x"}).status_code == 403
    helpdesk.refresh_from_db()
    assert helpdesk.role == Role.AUDITOR
    assert helpdesk.is_active


def test_the_operator_finds_no_way_to_change_oneself(desk, operator) -> None:
    assert "役割を変える" not in desk.get(f"/users/{operator.pk}/").content.decode()
    data = {"role-role": "auditor", "role-reason": "x"}
    assert desk.post(f"/users/{operator.pk}/role/", data).status_code == 403


def test_auditors_read_and_change_nothing(person, helpdesk, signed_in) -> None:
    client = signed_in(person(Role.AUDITOR))
    html = client.get(f"/users/{helpdesk.pk}/").content.decode()
    assert "役割を変える" not in html
    assert client.post(f"/users/{helpdesk.pk}/act/", {"do": "deactivate", "act-reason": "x"}).status_code == 403
    assert client.get("/users/new/").status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.HELPDESK, Role.OFFICER])
def test_others_see_no_people_and_no_records(person, signed_in, role) -> None:
    client = signed_in(person(role))
    for path in ("/users/", "/records/", "/users/new/"):
        assert client.get(path).status_code == 403
    page = client.get("/users/")
    assert "このページは、いまのサインインでは開けません" in page.content.decode()


def test_ones_own_name(person, signed_in) -> None:
    user = person()
    client = signed_in(user)
    assert "1か所を直してください" in client.post("/me/", {"name": " "}).content.decode()
    client.post("/me/", {"name": "新しい名前"})
    user.refresh_from_db()
    assert user.name == "新しい名前"
    assert queries.account_events(user)[0].kind == "name_changed"
