"""What people write about offices: declare, correct, close; areas. Each with its event."""

from datetime import date

import pytest
from django.db import InternalError, transaction

from accounts.enums import Role
from careplan_portal.lib.acting import OPERATOR, VISITOR, Acting
from offices.enums import EventKind
from offices.models import Area, Office, OfficeEvent
from offices.queries import (
    areas_of,
    corrections_of,
    events_of,
    has_service_in_scope,
    municipalities_of,
    office_services,
)
from offices.services import areas, offices
from offices.services.refusal import OfficeRefused
from tests.factories import make_office, make_user

pytestmark = pytest.mark.django_db
ACTING = Acting(None, OPERATOR, "電話で確認")
ON = date(2026, 4, 3)


def declared(**said) -> offices.Declared:
    facts = {
        "business_number": "31 0 02 0001 1",
        "name": "包括 みなと",
        "municipality": "312029",
        "address": "みなと町1",
        "services": ("46",),
        "phone": "０８５９－００－０１２３",
        "postal_code": "〒683-0000",
    }
    return offices.Declared(**facts | said)


def refused(act, code: str, field: str = "", /, **arguments) -> None:
    with pytest.raises(OfficeRefused) as caught:
        act(**arguments)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.text.endswith("。")


def test_an_office_that_the_register_lacks() -> None:
    office = offices.office_declare(declared=declared(), acting=Acting(None, VISITOR, "申請"))
    office.refresh_from_db()
    assert (office.business_number, office.unlisted, office.listed_from) == ("3100200011", True, None)
    assert (office.prefecture_id, office.scope, office.phone_digits) == ("310000", "yes", "0859000123")
    assert office.postal_code == "6830000"
    assert has_service_in_scope(office.pk, ON) is True
    assert [row.service_name for row in office_services(office.pk)] == ["介護予防支援"]
    event = OfficeEvent.objects.get()
    assert (event.kind, event.reason, event.details["created"]) == (EventKind.DECLARED, "申請", True)
    assert event.details["said"]["services"] == ["46"]


def test_declaring_again_keeps_what_is_known_and_remembers_what_was_said() -> None:
    offices.office_declare(declared=declared(phone=""), acting=ACTING)
    office = offices.office_declare(declared=declared(name="ちがう名前", services=("A2",)), acting=ACTING)
    office.refresh_from_db()
    assert (office.name, office.phone) == ("包括 みなと", "0859-00-0123")
    assert office.services.count() == 2
    assert OfficeEvent.objects.latest("pk").details["said"]["name"] == "ちがう名前"


def test_declaring_a_listed_office_changes_nothing_of_it() -> None:
    listed = make_office(business_number="3100200011", name="名簿の名前", listed_from=ON)
    office = offices.office_declare(declared=declared(), acting=ACTING)
    assert office.pk == listed.pk
    office.refresh_from_db()
    assert (office.name, office.unlisted, office.services.count()) == ("名簿の名前", False, 0)


def test_a_number_that_a_takeover_brought_is_filled_in() -> None:
    office = Office.objects.create(business_number="3100200011", name="", unlisted=True)
    offices.office_declare(declared=declared(), acting=ACTING)
    office.refresh_from_db()
    assert (office.name, office.municipality_id, office.prefecture_id) == ("包括 みなと", "312029", "310000")


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"business_number": "31"}, "length", "business_number"),
        ({"business_number": "31I0200011"}, "letter", "business_number"),
        ({"name": " "}, "empty", "name"),
        ({"address": ""}, "empty", "address"),
        ({"municipality": "999999"}, "unknown_municipality", "municipality"),
        ({"services": ()}, "empty", "services"),
        ({"services": ("99",)}, "unknown_service", "services"),
        ({"postal_code": "12"}, "postal_code", "postal_code"),
    ],
)
def test_what_cannot_be_declared(said: dict, code: str, field: str) -> None:
    refused(offices.office_declare, code, field, declared=declared(**said), acting=ACTING)
    assert not Office.objects.exists()


def test_correcting_twice_keeps_one_and_what_the_register_says() -> None:
    office = make_office(name="名簿の名前", listed_from=ON)
    for value in ("一回目", "二回目"):
        offices.office_correct(office_id=office.pk, field="name", value=value, reason="本人から", acting=ACTING)
    office.refresh_from_db()
    assert office.name == "二回目"
    assert [(one.value, one.listed_value) for one in corrections_of(office.pk)] == [("二回目", "名簿の名前")]
    assert office.corrections.count() == 2
    offices.correction_withdraw(correction_id=corrections_of(office.pk).get().pk, acting=ACTING)
    offices.correction_withdraw(correction_id=office.corrections.first().pk, acting=ACTING)
    office.refresh_from_db()
    assert office.name == "名簿の名前"
    assert [event.kind for event in events_of(office.pk)] == [
        EventKind.CORRECTION_WITHDRAWN,
        EventKind.CORRECTED,
        EventKind.CORRECTED,
    ]


def test_an_address_takes_its_coordinates_along() -> None:
    office = make_office(address="鳥取県米子市1", latitude=35.4, longitude=133.3, listed_from=ON)
    office.services.create(service_key="150", name="デイ", full_address="鳥取県米子市1", latitude=35.4, longitude=133.3)
    correction = offices.office_correct(
        office_id=office.pk, field="address", value="鳥取県境港市2", reason="移転", acting=ACTING
    )
    office.refresh_from_db()
    assert (office.address, office.latitude) == ("鳥取県境港市2", None)
    offices.correction_withdraw(correction_id=correction.pk, acting=ACTING)
    office.refresh_from_db()
    assert (office.address, office.latitude) == ("鳥取県米子市1", 35.4)


@pytest.mark.parametrize(
    ("field", "value", "code", "where"),
    [
        ("name", " ", "empty", "value"),
        ("name", "長" * 101, "too_long", "value"),
        ("phone", "123", "phone", "value"),
        ("postal_code", "123", "postal_code", "postal_code"),
        ("municipality", "米子市", "unknown_municipality", "municipality"),
    ],
)
def test_what_cannot_be_a_correction(field: str, value: str, code: str, where: str) -> None:
    office = make_office()
    refused(
        offices.office_correct, code, where, office_id=office.pk, field=field, value=value, reason="r", acting=ACTING
    )
    refused(
        offices.office_correct,
        "empty",
        "reason",
        office_id=office.pk,
        field="name",
        value="x",
        reason="",
        acting=ACTING,
    )


def test_closing_and_taking_it_back() -> None:
    office, successor = make_office(), make_office()
    offices.office_close(office_id=office.pk, closed_on=ON, successor_id=successor.pk, acting=ACTING)
    office.refresh_from_db()
    assert (office.closed_on, office.successor) == (ON, successor)
    assert list(Office.objects.in_scope_on(ON)) == [successor]
    assert Office.objects.in_scope_on(date(2026, 4, 2)).count() == 2
    refused(offices.office_close, "closed_already", office_id=office.pk, closed_on=ON, acting=ACTING)
    offices.office_reopen(office_id=office.pk, acting=ACTING)
    refused(offices.office_reopen, "open_already", office_id=office.pk, acting=ACTING)
    kinds = [event.kind for event in events_of(office.pk)]
    assert kinds == [EventKind.REOPENED, EventKind.SUCCESSOR_LINKED, EventKind.CLOSED]


def test_closing_needs_a_reason_and_somebody_else_to_carry_on() -> None:
    office = make_office()
    refused(offices.office_close, "empty", "reason", office_id=office.pk, closed_on=ON, acting=Acting(None, OPERATOR))
    refused(offices.successor_link, "itself", "successor", office_id=office.pk, successor_id=office.pk, acting=ACTING)


def test_events_only_grow() -> None:
    office = make_office()
    offices.office_close(office_id=office.pk, closed_on=ON, acting=ACTING)
    event = OfficeEvent.objects.get()
    for change in (lambda: OfficeEvent.objects.update(reason="x"), event.delete):
        with pytest.raises(InternalError, match="only grows"), transaction.atomic():
            change()


def test_areas_and_their_officers() -> None:
    officer = make_user(Role.OFFICER)
    area = areas.area_save(code="seibu", name="西部広域", municipalities=["312029", "312045"], acting=ACTING)
    areas.officer_assign(area_id=area.pk, user_id=officer.pk, acting=ACTING)
    areas.officer_assign(area_id=area.pk, user_id=officer.pk, acting=ACTING)
    assert list(areas_of(officer)) == [area]
    assert [place.code for place in municipalities_of(areas_of(officer))] == ["312029", "312045"]
    areas.area_save(code="seibu", name="西部", municipalities=["312029"], acting=ACTING)
    areas.officer_remove(area_id=area.pk, user_id=officer.pk, acting=ACTING)
    areas.officer_remove(area_id=area.pk, user_id=officer.pk, acting=ACTING)
    assert not areas_of(officer).exists()
    kinds = list(OfficeEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        EventKind.AREA_CHANGED,
        EventKind.OFFICER_ASSIGNED,
        EventKind.AREA_CHANGED,
        EventKind.OFFICER_REMOVED,
    ]
    assert OfficeEvent.objects.get(kind=EventKind.OFFICER_ASSIGNED).details == {"user": officer.pk}


@pytest.mark.parametrize("codes", [[], ["011029"], ["999999"]])
def test_an_area_is_made_of_municipalities(codes: list[str]) -> None:
    refused(
        areas.area_save, "municipalities", "municipalities", code="x", name="x", municipalities=codes, acting=ACTING
    )
    assert not Area.objects.exists()


def test_only_officers_look_after_areas() -> None:
    area = areas.area_save(code="x", name="x", municipalities=["312029"], acting=ACTING)
    refused(areas.officer_assign, "other_role", "user", area_id=area.pk, user_id=make_user().pk, acting=ACTING)
