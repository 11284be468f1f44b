"""Who may see the helpdesk's pages, and that no page of it shows an office without a record of the look."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from accounts.permissions import PUBLIC
from helpdesk import urls
from helpdesk.services import contacts, inquiries
from tests.helpdesk.conftest import TODAY

pytestmark = pytest.mark.django_db

STAFF = {Role.HELPDESK, Role.OPERATOR}
STRANGERS = [Role.OFFICE_STAFF, Role.OFFICER, Role.AUDITOR]
# Show no office: figures, and days on which the helpdesk is closed.
WITHOUT_OFFICES = {"statistics", "calendar", "closing-day-withdraw"}
ACTS = ["apply", "stop", "stop_withdraw", "withdraw", "paid_renewal", "paid_start"]


@pytest.fixture
def world(office: Any, member: Any, acting: Any, filed: Any, faq: None) -> dict[str, Any]:
    """Something behind every address: an office, its filing, a promise, an inquiry."""
    application = filed(office)
    line = contacts.note_record(
        office_id=office.pk, text="約束", topics=["term"], follow_up_on=TODAY, today=TODAY, acting=acting
    )
    inquiry = inquiries.inquiry_receive(
        asked=inquiries.Asked("佐藤 花", "sato@example.jp", "", "stop", "質問", "1", uuid4(), office.pk),
        today=TODAY,
    )
    return {
        "number": office.business_number, "receipt": application.receipt_number, "pk": line.pk, "what": "stop",
        "inquiry": inquiry.number, "office": office,
    }  # fmt: skip


def addresses(world: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every URL of the app: its name, an address, its view."""
    for pattern in urls.urlpatterns:
        names = re.findall(r"<\w+:(\w+)>", str(pattern.pattern))
        values = {name: world.get(name, "x") for name in names}
        if pattern.name in ("inquiry-page", "inquiry-act"):
            values["number"] = world["inquiry"]
        yield pattern.name, reverse(f"helpdesk:{pattern.name}", kwargs=values), pattern.callback


def post_data(name: str, world: dict[str, Any]) -> dict[str, Any]:
    return {
        "note": {"text": "記録", "topic": "term"},
        "inquiry-act": {"do": "take"},
        "calendar": {"day": "2026-04-07", "reason": "研修"},
    }.get(name, {})


def test_every_page_but_the_public_form_is_for_the_helpdesk_and_operators(world) -> None:
    audiences = {name: view.audience for name, _address, view in addresses(world)}
    public = {name for name, audience in audiences.items() if audience == PUBLIC}
    assert public == {"inquiry", "inquiry-send", "inquiry-solved", "inquiry-done"}
    assert audiences.pop("inquiry-mine") == {Role.OFFICE_STAFF}
    assert all(audience == STAFF for name, audience in audiences.items() if name not in public)


@pytest.mark.parametrize("role", STRANGERS)
def test_strangers_are_refused_everywhere(world, client_of, role) -> None:
    client = client_of(role)
    for name, address, view in addresses(world):
        if view.audience == STAFF:
            for method in (client.get, client.post):
                assert method(address).status_code == 403, name
    assert not AccessRecord.objects.exists()


def test_the_offices_own_member_has_no_business_here(world, member) -> None:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/helpdesk/offices/{world['number']}/").status_code == 403


def test_visitors_are_led_to_the_sign_in(world, client) -> None:
    for name, address, view in addresses(world):
        if view.audience != PUBLIC:
            response = client.get(address)
            assert (response.status_code, response["Location"].startswith("/accounts/login/")) == (302, True), name
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("role", sorted(STAFF))
def test_whatever_shows_an_office_leaves_a_record(world, client_of, role) -> None:
    """Every address, by every method it takes: an answer that names the office has its record."""
    client, office = client_of(role), world["office"]
    shown = set()
    for name, address, view in addresses(world):
        if view.audience != STAFF:
            continue
        for method in (client.get, client.post):
            before = AccessRecord.objects.count()
            response = method(address, post_data(name, world) if method == client.post else {})
            assert response.status_code < 500, name
            body = response.content.decode()
            names_it = office.name in body or office.business_number in body or response.status_code == 302
            made = AccessRecord.objects.count() - before
            if names_it and response.status_code in (200, 302, 409, 422) and name not in WITHOUT_OFFICES | {"find"}:
                assert made >= 1, f"{name}: no record"
                shown.add(name)
            if name in WITHOUT_OFFICES:
                assert office.name not in body
    assert {"home", "office", "note", "call", "call-end", "act", "followed-up", "provisional", "prove",
            "provisional-withdraw", "queue", "inquiry-page", "inquiry-act"} <= shown  # fmt: skip


@pytest.mark.parametrize("what", ACTS)
def test_every_act_page_is_a_look(world, desk_client, what) -> None:
    response = desk_client.get(f"/helpdesk/offices/{world['number']}/act/{what}/")
    assert response.status_code == 200
    record = AccessRecord.objects.get()
    assert (record.subject_kind, record.subject_key, record.role) == ("office", world["number"], "helpdesk")


def test_unknown_acts_and_offices_are_not_found(world, desk_client) -> None:
    for address in (
        "/helpdesk/offices/3170209999/",
        "/helpdesk/offices/x/",
        f"/helpdesk/offices/{world['number']}/act/x/",
    ):
        assert desk_client.get(address).status_code == 404


@pytest.mark.parametrize(
    "text",
    ["3170201432", "みなとの風", "0859-00-0123", "317020", "3170201423", "yamane@example.jp", "tabuchi@example.jp"],
)
@pytest.mark.parametrize("typing", [False, True])
def test_searching_leaves_a_record_of_what_was_sought(world, desk_client, text, typing) -> None:
    headers = {"HX-Request": "true"} if typing else {}
    response = desk_client.get("/helpdesk/find/", {"q": text}, headers=headers)
    if response.status_code == 302:  # a jump: the look is recorded by the page it leads to
        response = desk_client.get(response["Location"])
        assert AccessRecord.objects.filter(subject_kind="office", subject_key=world["number"]).count() == 1
        return
    assert world["office"].name in response.content.decode()
    record = AccessRecord.objects.get()
    assert (record.subject_kind, record.subject_key) == ("search", text)


def test_finding_nothing_shows_nothing(world, desk_client) -> None:
    desk_client.get("/helpdesk/find/", {"q": "どこにもない名前"})
    desk_client.get("/helpdesk/find/", {"q": ""})
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(
    ("why", "label"), [("inquiry", "問い合わせへの回答"), ("check", "台帳の確認"), ("", "電話対応"), ("x", "電話対応")]
)
def test_the_reason_of_a_look_is_kept_and_shown(world, desk_client, why, label) -> None:
    page = desk_client.get(f"/helpdesk/offices/{world['number']}/", {"why": why} if why else {})
    assert AccessRecord.objects.get().reason == label
    assert f"{label}）" in page.content.decode()


def test_a_look_stays_when_what_was_done_is_refused(world, desk_client) -> None:
    """An act that is refused writes nothing into the ledger; whoever looked has looked."""
    contact = desk_client.post(f"/helpdesk/offices/{world['number']}/call/", {
        "caller-name": "田中 一郎", "caller-proof": "call_back", "caller-consent": "on",
    })  # fmt: skip
    assert contact.status_code == 302
    before = AccessRecord.objects.count()
    response = desk_client.post(f"/helpdesk/offices/{world['number']}/act/stop/", {"shown": "x"})
    assert response.status_code == 422
    assert "いま有効な期間がないので" in response.content.decode()
    assert AccessRecord.objects.count() == before + 1


def test_the_office_sees_that_it_was_opened(world, desk_client) -> None:
    from accounts.queries import looks_at_office

    desk_client.get(f"/helpdesk/offices/{world['number']}/")
    look = looks_at_office(world["number"]).get()
    assert (look.role, look.reason, look.at.date() >= date(2026, 4, 2)) == ("helpdesk", "電話対応", True)
