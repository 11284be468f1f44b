"""When whoever managed an office is gone: a caller who was called back becomes the manager."""

from datetime import date
from typing import Any

import pytest
from django.core import mail

from accounts.enums import Role
from accounts.models import User
from helpdesk.models import ContactLog
from helpdesk.services import behalf
from licenses.services import Refused
from notices.models import Delivery
from offices.models import Membership, Office, OfficeEvent
from offices.queries import members_of
from tests.factories import make_office
from tests.helpdesk.conftest import TODAY
from tests.helpdesk.test_pages import page_of, part_of, words_of

pytestmark = pytest.mark.django_db
NEW = {"name": "田中 一郎", "email": "Tanaka@Example.jp"}


@pytest.fixture
def appoint(acting: Any) -> Any:
    def appoint(call: ContactLog, **fields: Any) -> ContactLog:
        wanted = NEW | {"phone": "", "today": TODAY, "acting": acting} | fields
        return behalf.manager_add_for_caller(call_id=call.pk, **wanted)

    return appoint


def roles(office: Office) -> dict[str, str]:
    return {member.user.email: str(member.role) for member in members_of(office.pk, TODAY)}


def address(office: Office) -> str:
    return f"/helpdesk/offices/{office.business_number}/act/manager/"


def refused(code: str, act: Any, *arguments: Any, **fields: Any) -> None:
    before = User.objects.count(), Membership.objects.count(), ContactLog.objects.count(), OfficeEvent.objects.count()
    with pytest.raises(Refused) as caught:
        act(*arguments, **fields)
    assert caught.value.code == code
    assert caught.value.text.endswith("。")
    assert before == (
        User.objects.count(), Membership.objects.count(), ContactLog.objects.count(), OfficeEvent.objects.count()
    )  # fmt: skip


def test_who_was_called_back_becomes_the_manager_and_the_old_contacts_hear_of_it(
    office, member, desk, called, filed, appoint, django_capture_on_commit_callbacks
) -> None:
    filed(office, email="tabuchi@example.jp")
    call = called(proof="call_back")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        line = appoint(call)
    assert roles(office) == {"tanaka@example.jp": "manager", member.email: "staff"}
    sent = {message.to[0]: message for message in mail.outbox}
    assert set(sent) == {"tanaka@example.jp", member.email, "tabuchi@example.jp"}
    assert len(mail.outbox) == 3
    assert "パスワードを決めてください" in sent["tanaka@example.jp"].body
    for old in (member.email, "tabuchi@example.jp"):
        assert "田中 一郎さんを、この事業所の管理者に加えました。" in sent[old].body
        assert "お心当たりがないとき" in sent[old].body
    assert (line.kind, line.call, line.text) == ("act", call, "管理者として招待する：田中 一郎")
    assert line.topics == ["account"]
    event = OfficeEvent.objects.get(kind="member_added")
    assert (event.by, event.details["how"]) == (desk, "call_back")
    assert "田中 一郎さん（事務長）の電話での依頼。登録の電話に折り返した" in event.reason


def test_a_second_click_changes_and_sends_nothing(
    office, member, called, appoint, django_capture_on_commit_callbacks
) -> None:
    call = called(proof="call_back")
    with django_capture_on_commit_callbacks(execute=True):
        assert appoint(call) == appoint(call)
    assert len(mail.outbox) == 2
    assert ContactLog.objects.filter(kind="act").count() == 1


def test_without_an_old_contact_a_letter_goes_to_the_office(office, called, appoint) -> None:
    appoint(called(proof="call_back"))
    assert roles(office) == {"tanaka@example.jp": "manager"}
    assert ContactLog.objects.get(kind="letter_needed").office == office
    assert Delivery.objects.get(notice__kind="act_by_telephone").channel == "letter"


def test_somebody_with_a_password_gets_no_mail_to_make_one(
    office, called, appoint, person, django_capture_on_commit_callbacks
) -> None:
    user = person(Role.OFFICE_STAFF, "tanaka@example.jp")
    user.set_password("かえるの-うた-2026")
    user.save()
    with django_capture_on_commit_callbacks(execute=True):
        appoint(called(proof="call_back"))
    assert roles(office) == {"tanaka@example.jp": "manager"}
    assert mail.outbox == []


def test_who_was_removed_comes_back_this_way(office, member, called, appoint) -> None:
    Membership.objects.filter(user=member).update(ended_on=date(2026, 4, 1))
    appoint(called(proof="call_back"), email=member.email)
    assert roles(office) == {member.email: "manager"}


def test_who_is_left_when_the_manager_is_gone_becomes_the_manager(office, member, called, appoint, person) -> None:
    left = person(Role.OFFICE_STAFF, "nokotta@example.jp")
    Membership.objects.create(office=office, user=left, joined_on=TODAY, role="staff")
    appoint(called(proof="call_back"), email=left.email)
    assert roles(office) == {left.email: "manager", member.email: "staff"}
    changed = OfficeEvent.objects.filter(kind="member_changed")
    assert {(event.details["user"], event.details["after"]) for event in changed} == {
        (left.pk, "manager"), (member.pk, "staff"),
    }  # fmt: skip


def test_who_cannot_become_the_manager(office, member, called, appoint, person) -> None:
    person(Role.HELPDESK, "staff@example.jp")
    out = person(Role.OFFICE_STAFF, "out@example.jp")
    User.objects.filter(pk=out.pk).update(is_active=False)
    refused("not_called_back", appoint, called())
    call = called(proof="call_back")
    refused("other_role", appoint, call, email="staff@example.jp")
    refused("inactive", appoint, call, email="out@example.jp")
    refused("manager_already", appoint, call, email=member.email)
    refused("no_consent", appoint, called(proof="call_back", consent=False))


def test_which_offices_cannot_get_one(called, appoint) -> None:
    refused("closed", appoint, called(make_office(closed_on=TODAY), proof="call_back"))
    refused("no_phone", appoint, called(make_office(phone=""), proof="call_back"))
    unlisted = make_office(unlisted=True, phone="0859-00-0456")
    refused("no_phone", appoint, called(unlisted, proof="call_back"))
    line = appoint(called(unlisted, proof="call_back"), phone="0859-00-0177")
    assert line.data["called"] == "0859-00-0177"


# the page --------------------------------------------------------------------------------------


def test_two_facts_are_not_enough_and_the_page_says_what_to_do(desk_client, faq, office, called) -> None:
    called()
    assert "管理者として招待する" in page_of(desk_client, office)
    page = words_of(desk_client.get(address(office)))
    for said in ("2つの事実は、やめた人も知っています", "0859-00-0123", "手紙のコードを入れてもらう"):
        assert said in page
    assert 'name="email"' not in desk_client.get(address(office)).text
    sent = desk_client.post(address(office), NEW | {"consent": "on"})
    assert "2つの事実は、やめた人も知っています" in sent.text
    assert roles(office) == {}
    proved = {"caller-name": "田中 一郎", "caller-proof": "call_back", "caller-consent": "on", "then": "manager"}
    assert desk_client.post(f"/helpdesk/offices/{office.business_number}/call/", proved)["Location"] == address(office)
    assert 'name="email"' in desk_client.get(address(office)).text


def test_a_failed_check_of_the_caller_stays_on_the_page_of_the_act(desk_client, faq, office) -> None:
    answer = desk_client.post(f"/helpdesk/offices/{office.business_number}/call/", {"then": "manager"})
    assert answer.status_code == 422
    assert "<h1>管理者として招待する</h1>" in answer.text
    assert '<input type="hidden" name="then" value="manager">' in answer.text


def test_the_page_says_what_it_leads_to_and_does_it(desk_client, faq, office, member, called) -> None:
    called(proof="call_back", consent=False)
    page = desk_client.get(address(office))
    words = words_of(page)
    for said in (
        "きょうから、この事業所の管理者になります",
        "いまの管理者（山根 涼子さん）は職員になり、これからも手続きできます",
        "前からの連絡先（1件）にメールでお知らせします",
    ):
        assert said in words
    assert 'name="name" value="田中 一郎"' in page.text
    assert 'name="phone"' not in page.text
    missing = desk_client.post(address(office), NEW)
    assert missing.status_code == 422
    assert "同意をもらい、印を付けてください" in missing.text
    assert desk_client.post(address(office), {"consent": "on"}).status_code == 422
    known = desk_client.post(address(office), NEW | {"consent": "on", "email": member.email})
    assert known.status_code == 422
    assert "もう管理者です" in known.text
    done = desk_client.post(address(office), NEW | {"consent": "on"}, follow=True)
    assert "田中 一郎さんを管理者にしました。" in done.text
    assert roles(office)["tanaka@example.jp"] == "manager"
    assert "管理者として招待する：田中 一郎" in part_of(desk_client, office).text


def test_an_unlisted_office_asks_for_the_published_telephone(desk_client, faq, called) -> None:
    office = make_office(unlisted=True, phone="0859-00-0456")
    called(office, proof="call_back")
    assert 'name="phone"' in desk_client.get(address(office)).text
    assert desk_client.post(address(office), NEW).status_code == 422
    assert desk_client.post(address(office), NEW | {"phone": "0859000177"}).status_code == 302


def test_a_closed_office_has_no_button(desk_client, faq, called) -> None:
    office = make_office(closed_on=TODAY)
    called(office, proof="call_back")
    assert address(office) not in page_of(desk_client, office)
    page = desk_client.get(address(office)).text
    assert "閉じた事業所なので" in page
    assert 'name="email"' not in page
