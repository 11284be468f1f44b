"""Whom to talk to next: telephone, order, what came of it, and taking a note back."""

from datetime import date

import pytest
from django.test import Client

from adoption.models import AreaCall, AreaCallUndoing
from adoption.queries.offices import service_names
from adoption.services.calls import call_undo
from careplan_portal.lib.acting import NIGHT
from offices.models import Office, OfficeService
from tests.adoption.conftest import YONAGO, open_office
from tests.adoption.test_pages import TODAY, officer, world
from tests.campaigns.my_pages import text

__all__ = ["officer", "world"]
URL = "/adoption/areas/yonago/next/"


@pytest.fixture
def second(world: dict[str, Office]) -> Office:
    """A second one that waits, as many partners within 10 km but none within 3."""
    office = open_office(YONAGO, ("43",), name="居宅介護支援 とおく", latitude=35.48, longitude=133.33)
    Office.objects.filter(pk=office.pk).update(unlisted=True, phone="080-1234-5678")
    return office


def test_the_register_s_telephone_stands_in_list_and_file(
    officer: Client, world: dict[str, Office], second: Office
) -> None:
    Office.objects.filter(pk=world["yonago"].pk).update(phone="0859-00-1111")
    for path in (URL, f"{URL[:-1]}.csv", f"{URL}?top=1"):
        body = officer.get(path).content.decode()
        assert "0859-00-1111" in body
        assert "080-1234-5678" not in body, "what somebody gave for an unlisted office is theirs"
    body = officer.get(URL).content.decode()
    assert body.index("ひなた") < body.index("とおく")
    said = text(officer.get(URL))
    assert "すぐ近く（3 km以内）で14か所、10 km以内のサービス14か所のうち" in said
    assert "3 km以内にはありませんが、10 km以内の" in said


def test_who_was_talked_to_drops_below_until_the_note_is_taken_back(
    officer: Client, world: dict[str, Office], second: Office
) -> None:
    first = world["yonago"]
    answer = officer.post(f"{URL}{first.business_number}/", {"way": "phone", "outcome": "thinking"}, follow=True)
    body = answer.content.decode()
    assert "この記録を取り消す" in body
    assert body.index("とおく<small") < body.index("声をかけた所（まだ使っていない）") < body.rindex("ひなた")
    top = officer.get(f"{URL}?top=1", headers={"HX-Request": "true"}).content.decode()
    assert "ひなた" not in top
    assert 'id="monday"' in top
    call = AreaCall.objects.get()
    undo = f"{URL}{first.business_number}/undo/"
    assert "の記録は変わっています" in officer.post(undo, {"call": "0"}, follow=True).content.decode()
    body = officer.post(undo, {"call": call.pk}, follow=True).content.decode()
    assert "に声をかけた記録を取り消しました" in body
    assert "声をかけた所（まだ使っていない）" not in body
    undoing = AreaCallUndoing.objects.get()
    assert (undoing.call, undoing.by.email, undoing.acting_as) == (call, "o@city.example", "officer")
    assert AreaCall.objects.count() == 1
    assert "の記録は変わっています" in officer.post(undo, {"call": call.pk}, follow=True).content.decode()
    assert "取り消す" not in officer.get(f"{URL}?noted={call.pk}").content.decode()
    assert (
        officer.post(f"/adoption/areas/matsue/next/{first.business_number}/undo/", {"call": call.pk}).status_code == 404
    )


def test_a_note_is_taken_back_by_somebody(world: dict[str, Office]) -> None:
    with pytest.raises(ValueError, match="somebody"):
        call_undo(call=AreaCall(), acting=NIGHT)


def test_the_list_follows_the_choice(officer: Client, world: dict[str, Office], second: Office) -> None:
    assert "ひなた" not in officer.get(f"{URL}?cut=11").content.decode()
    assert "ひなた" in officer.get(f"{URL}?cut=43").content.decode()
    assert officer.get(f"{URL}?cut=zz").status_code == 200


def test_an_office_that_left_the_register_keeps_its_last_services(world: dict[str, Office]) -> None:
    office = open_office(YONAGO, ("13", "43"))
    OfficeService.objects.filter(office=office).update(listed_until=date(2025, 4, 1))
    OfficeService.objects.filter(office=office, service_type="43").update(listed_until=date(2025, 3, 1))
    assert service_names([office.pk], TODAY) == {office.pk: ["訪問看護（2025-04-01まで名簿）"]}
    assert service_names([world["yonago"].pk], TODAY) == {world["yonago"].pk: ["居宅介護支援"]}
