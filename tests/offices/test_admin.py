"""The operator's look at the register, and what is decided there."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.permissions import SECOND_FACTOR
from offices.enums import EventKind, VanishedState
from offices.models import Area, Office, OfficeCorrection, OfficeEvent, VanishedOffice
from tests.factories import make_user
from tests.offices.files import row

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    user = make_user(Role.OPERATOR, is_staff=True, is_superuser=True)
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR] = True
    session.save()
    return user


@pytest.fixture
def vanished(import_rows) -> VanishedOffice:
    import_rows([row(), row("3170402149", name="訪問 みさき")])
    import_rows([row()], as_of="2026-01-05")
    return VanishedOffice.objects.get()


def test_offices_are_searched_as_the_register_searches(client, operator, vanished) -> None:
    page = client.get("/admin/offices/office/", {"q": "ﾐｻｷ"})
    assert page.status_code == 200
    assert "訪問 みさき" in page.text
    assert "デイサービス みなとの風" not in page.text
    shown = client.get(f"/admin/offices/office/{vanished.office_id}/change/")
    assert "訪問 みさき" in shown.text
    for name in ("importrun", "officeevent", "municipality", "servicetype", "corporation", "vanishedoffice"):
        assert client.get(f"/admin/offices/{name}/").status_code == 200


def decide(client, vanished, action: str, **said: str):
    return client.post(
        "/admin/offices/vanishedoffice/", {"action": action, "_selected_action": [vanished.pk], **said}, follow=True
    )


def test_deciding_about_a_vanished_office(client, operator, vanished) -> None:
    assert "理由を入れてください" in decide(client, vanished, "close").text
    assert "1か所を決めました" in decide(client, vanished, "keep_open", reason="電話で確認").text
    decide(client, vanished, "close", reason="廃止届", closed_on="2026-01-31")
    vanished.refresh_from_db()
    assert vanished.state == VanishedState.CLOSED
    assert Office.objects.get(pk=vanished.office_id).closed_on == date(2026, 1, 31)
    event = OfficeEvent.objects.get(kind=EventKind.CLOSED)
    assert (event.by, event.reason) == (operator, "廃止届")


def test_correcting_and_withdrawing(client, operator, vanished) -> None:
    said = {"office": vanished.office_id, "field": "phone", "value": "123", "reason": "本人から"}
    assert "市外局番" in client.post("/admin/offices/officecorrection/add/", said).text
    client.post("/admin/offices/officecorrection/add/", said | {"value": "０８５９－００－９９９９"})
    correction = OfficeCorrection.objects.get()
    assert (correction.value, correction.listed_value, correction.by) == ("0859-00-9999", "0859-00-0123", operator)
    client.post("/admin/offices/officecorrection/", {"action": "withdraw", "_selected_action": [correction.pk]})
    assert Office.objects.get(pk=vanished.office_id).phone == "0859-00-0123"


def test_areas(client, operator) -> None:
    officer, stranger = make_user(Role.OFFICER), make_user()
    said = {"code": "seibu", "name": "西部", "municipalities": ["312029"], "officers": [officer.pk, stranger.pk]}
    assert "自治体担当者だけ" in client.post("/admin/offices/area/add/", said, follow=True).text
    area = Area.objects.get()
    assert list(area.officers.all()) == [officer]
    client.post(
        f"/admin/offices/area/{area.pk}/change/", said | {"officers": [], "municipalities": ["312029", "312045"]}
    )
    assert (area.officers.count(), area.municipalities.count()) == (0, 2)
    assert OfficeEvent.objects.filter(area=area).count() == 4
