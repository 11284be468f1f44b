"""Acting for a caller: proved, agreed, recorded, told to who was there before."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.urls import reverse

from accounts.enums import Role
from campaigns.models import FreePassApplication
from campaigns.services import AnswerChanged
from helpdesk.models import ContactLog
from helpdesk.queries.contacts import current_call, follow_ups
from helpdesk.queries.screen import office_screen
from helpdesk.services import behalf, contacts
from licenses.models import LicenseEvent, LicenseTerm
from licenses.rules import FREE_PASS, MANUAL
from licenses.services import Refused
from tests.factories import make_license
from tests.helpdesk.conftest import TODAY
from tests.licenses.cases import YEAR, facts, term

pytestmark = pytest.mark.django_db


@pytest.fixture
def licensed() -> Any:
    """An office with a paid year to 14 April that renews by itself."""
    return make_license(facts(term(*YEAR))).office


def screen(office: Any, desk: Any) -> Any:
    from careplan_portal.lib import clock

    return office_screen(office, current_call(office.pk, desk.pk, clock.now()), TODAY)


def shown(office: Any, desk: Any) -> str:
    return screen(office, desk).fingerprints[0]


def act(what: str, call: Any, office: Any, desk: Any, acting: Any, **fields: Any) -> ContactLog:
    wanted = {"shown": shown(office, desk), "today": TODAY, "acting": acting} | fields
    return behalf.act_for_caller(act=what, call_id=call.pk, **wanted)


# the caller ------------------------------------------------------------------------------------


def test_a_call_keeps_caller_proof_and_consent(office, desk, called) -> None:
    call = called(phone="0859-00-0199")
    assert (call.caller_name, call.caller_relation, call.proof, call.consent) == (
        "田中 一郎",
        "事務長",
        "two_facts",
        True,
    )
    assert call.facts == ["address", "term_end"]
    assert call.by == desk
    assert call.recorded_on == TODAY


@pytest.mark.parametrize("wrong", [{"facts": ["address", "phone"]}, {"facts": ["term_end"]}])
def test_a_caller_who_is_not_proved_is_not_written_down(office, called, wrong) -> None:
    with pytest.raises(Refused):
        called(**wrong)
    assert not ContactLog.objects.exists()


def test_consent_is_needed_for_an_act_alone(licensed, desk, acting, called) -> None:
    call = called(licensed, consent=False)
    wanted = {"act": "stop", "call_id": call.pk, "shown": shown(licensed, desk), "today": TODAY, "acting": acting}
    with pytest.raises(Refused) as refused:
        behalf.act_for_caller(**wanted)
    assert refused.value.code == "no_consent"
    assert behalf.act_for_caller(**wanted, consent=True).consent is True
    behalf.act_for_caller(**wanted | {"act": "stop_withdraw", "shown": shown(licensed, desk)})


def test_the_next_caller_ends_the_call_before(office, desk, called) -> None:
    first, second = called(), called(name="佐藤 花")
    assert current_call(office.pk, desk.pk, second.at) == second
    assert first.lines.filter(kind="call_ended").exists()


def test_a_call_is_ones_own(office, desk, called, person) -> None:
    call = called()
    other = person(Role.OPERATOR)
    assert current_call(office.pk, desk.pk, call.at) == call
    assert current_call(office.pk, other.pk, call.at) is None


def test_the_log_only_grows(office, called) -> None:
    line = called()
    for statement in ("UPDATE helpdesk_contactlog SET text = 'x'", "DELETE FROM helpdesk_contactlog"):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert ContactLog.objects.get(pk=line.pk).caller_name == "田中 一郎"


# a stop ----------------------------------------------------------------------------------------


def test_a_stop_is_filed_logged_and_told_to_the_old_contact(
    licensed, desk, acting, called, person, django_capture_on_commit_callbacks
) -> None:
    from offices.models import Membership

    for address in ("yamane@example.jp", "tabuchi@example.jp"):
        user = person(Role.OFFICE_STAFF, address)
        Membership.objects.create(user=user, office=licensed, role="staff", joined_on=date(2025, 4, 15))
    call = called(licensed)
    with django_capture_on_commit_callbacks(execute=True):
        line = act("stop", call, licensed, desk, acting)
    assert LicenseTerm.objects.get(license__office=licensed).stop_requested_on == TODAY
    event = LicenseEvent.objects.get(kind="stop_filed")
    assert (event.actor, event.acting_as) == (desk, "helpdesk")
    assert "田中 一郎さん（事務長）" in event.reason
    assert "2つの事実が合った" in event.reason
    assert (line.kind, line.call, line.data["act"]) == ("act", call, "stop")
    assert sorted(message.to[0] for message in mail.outbox) == ["tabuchi@example.jp", "yamane@example.jp"]
    assert all(len(message.to) == 1 for message in mail.outbox)
    assert "2026年4月14日（火）まで使えて" in mail.outbox[0].body
    assert "田中 一郎さん" in mail.outbox[0].body
    assert ContactLog.objects.filter(kind="mail", call=call).count() == 1


def test_a_second_click_files_and_writes_once(
    licensed, desk, acting, called, django_capture_on_commit_callbacks
) -> None:
    call = called(licensed)
    with django_capture_on_commit_callbacks(execute=True):
        first = act("stop", call, licensed, desk, acting)
        second = act("stop", call, licensed, desk, acting)
    assert first == second
    assert ContactLog.objects.filter(kind="act").count() == 1
    assert LicenseEvent.objects.filter(kind="stop_filed").count() == 1


def test_without_an_address_a_letter_is_to_be_written(licensed, desk, acting, called) -> None:
    act("stop", called(licensed), licensed, desk, acting)
    assert mail.outbox == []
    waiting = follow_ups(TODAY).get()
    assert waiting.kind == "letter_needed"
    assert "unconfirmed" in [concern.code for concern in screen(licensed, desk).concerns]
    contacts.followed_up(contact_id=waiting.pk, today=TODAY, acting=acting)
    contacts.followed_up(contact_id=waiting.pk, today=TODAY, acting=acting)
    assert not follow_ups(TODAY).exists()
    assert ContactLog.objects.filter(kind="followed_up").count() == 1
    assert "unconfirmed" not in [concern.code for concern in screen(licensed, desk).concerns]


def test_a_stop_is_taken_back(licensed, desk, acting, called) -> None:
    call = called(licensed)
    act("stop", call, licensed, desk, acting)
    act("stop_withdraw", call, licensed, desk, acting)
    assert LicenseTerm.objects.get(license__office=licensed).stop_requested_on is None
    act("stop", call, licensed, desk, acting)
    assert LicenseTerm.objects.get(license__office=licensed).stop_requested_on == TODAY


# who may not -----------------------------------------------------------------------------------


def test_nothing_is_done_without_a_proved_call(licensed, desk, acting) -> None:
    note = contacts.note_record(
        office_id=licensed.pk, text="停止したいとのこと", topics=["stop"], follow_up_on=None, today=TODAY, acting=acting
    )
    with pytest.raises(Refused) as refused:
        behalf.act_for_caller(act="stop", call_id=note.pk, shown=shown(licensed, desk), today=TODAY, acting=acting)
    assert refused.value.code == "no_call"
    assert LicenseTerm.objects.get(license__office=licensed).stop_requested_on is None


def test_nobody_acts_in_somebody_elses_call(licensed, desk, acting, called, person) -> None:
    from careplan_portal.lib.acting import OPERATOR, Acting

    call, other = called(licensed), person(Role.OPERATOR)
    with pytest.raises(Refused):
        act("stop", call, licensed, desk, Acting(other.pk, OPERATOR))


def test_an_ended_call_is_over(licensed, desk, acting, called) -> None:
    call = called(licensed)
    contacts.call_end(office_id=licensed.pk, today=TODAY, acting=acting)
    with pytest.raises(Refused):
        act("stop", call, licensed, desk, acting)


def test_a_call_is_over_after_an_hour(licensed, desk, acting, called) -> None:
    with time_machine.travel("2026-04-03T10:00:00+09:00", tick=False) as clock:
        call = called(licensed)
        clock.shift(timedelta(minutes=61))
        with pytest.raises(Refused):
            act("stop", call, licensed, desk, acting)


def test_what_was_read_out_must_still_hold(licensed, desk, acting, called) -> None:
    call, before = called(licensed), shown(licensed, desk)
    act("stop", call, licensed, desk, acting)
    with pytest.raises(behalf.StandingChanged):
        act("stop_withdraw", call, licensed, desk, acting, shown=before)
    assert LicenseTerm.objects.get(license__office=licensed).stop_requested_on == TODAY


def test_a_refused_act_leaves_no_line(desk, acting, called, office) -> None:
    call = called()
    with pytest.raises(Refused):
        act("stop", call, office, desk, acting)
    assert not ContactLog.objects.filter(kind__in=["act", "mail", "letter_needed"]).exists()


# filing, paying --------------------------------------------------------------------------------


def filing(office: Any, desk: Any, **fields: Any) -> behalf.Filed:
    wanted = {
        "name": "田中 一郎", "phone": "0859-00-0199", "email": "tanaka@example.jp", "form_key": uuid4(),
        "shown": screen(office, desk).fingerprints[1], "terms_version": "1", "privacy_version": "1",
    } | fields  # fmt: skip
    return behalf.Filed(**wanted)


def test_two_facts_leave_a_filing_provisional(office, desk, acting, called) -> None:
    application = behalf.file_for_caller(call_id=called().pk, filed=filing(office, desk), today=TODAY, acting=acting)
    assert application.proved_on is None
    assert application.channel == "helpdesk"
    assert not LicenseTerm.objects.filter(license__office=office).exists()
    assert screen(office, desk).scene.prove_by == application.prove_by


def test_a_call_back_proves_and_grants(office, desk, acting, called) -> None:
    application = behalf.file_for_caller(
        call_id=called(proof="call_back").pk, filed=filing(office, desk), today=TODAY, acting=acting
    )
    assert (application.proved_on, application.proved_by) == (TODAY, "call_back")
    assert LicenseTerm.objects.get(license__office=office).pricing == FREE_PASS


def test_the_same_form_files_once(office, desk, acting, called) -> None:
    call, filed = called(), filing(office, desk)
    one = behalf.file_for_caller(call_id=call.pk, filed=filed, today=TODAY, acting=acting)
    two = behalf.file_for_caller(call_id=call.pk, filed=filed, today=TODAY, acting=acting)
    assert one == two
    assert FreePassApplication.objects.count() == ContactLog.objects.filter(kind="act").count() == 1


def test_another_answer_than_read_out_files_nothing(office, desk, acting, called) -> None:
    with pytest.raises(AnswerChanged):
        behalf.file_for_caller(
            call_id=called().pk, filed=filing(office, desk, shown="other"), today=TODAY, acting=acting
        )
    assert not FreePassApplication.objects.exists()
    assert not ContactLog.objects.filter(kind="act").exists()


def test_paying_while_the_free_pass_is_open_has_to_be_said(office, desk, acting, called) -> None:
    call = called()
    with pytest.raises(Refused) as refused:
        act("paid_start", call, office, desk, acting)
    assert refused.value.code == "free_pass_open"
    act("paid_start", call, office, desk, acting, all_the_same=True)
    assert LicenseTerm.objects.get(license__office=office).fee_yen == 21000


def test_a_reservation_is_taken_back_with_its_application(desk, acting, called, filed) -> None:
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    application = filed(office, proof="member")
    act("withdraw", called(office), office, desk, acting)
    application.refresh_from_db()
    assert application.withdrawn_on == TODAY
    assert application.reservation is not None
    assert application.reservation.state == "withdrawn"


# identity --------------------------------------------------------------------------------------


def test_a_call_to_the_registered_telephone_proves_an_application(office, acting, filed) -> None:
    application = filed(office)
    behalf.application_prove_by_call(
        application_id=application.pk, spoken_with="山根 涼子", phone=office.phone, today=TODAY, acting=acting
    )
    application.refresh_from_db()
    assert (application.proved_on, application.proved_by) == (TODAY, "call_back")
    assert LicenseTerm.objects.get(license__office=office).starts_on == TODAY
    line = ContactLog.objects.get(kind="call_began")
    assert (line.caller_name, line.caller_phone) == ("山根 涼子", office.phone)
    assert current_call(office.pk, acting.user_id, line.at) is None


def test_no_call_back_without_a_registered_telephone(acting, filed) -> None:
    from tests.factories import make_office

    application = filed(make_office(phone=""))
    with pytest.raises(Refused) as refused:
        behalf.application_prove_by_call(
            application_id=application.pk, spoken_with="山根", phone="0859-00-0177", today=TODAY, acting=acting
        )
    assert refused.value.code == "no_phone"
    assert not ContactLog.objects.exists()


def test_an_unlisted_office_is_called_at_its_published_telephone(desk_client, filed) -> None:
    """What the register holds of it is what the applicant wrote, so that number proves nothing by itself."""
    from tests.factories import make_office

    application = filed(make_office(unlisted=True, phone="0859-00-0456"))
    address = reverse("helpdesk:prove", args=[application.receipt_number])
    page = desk_client.get(address).text
    assert 'href="tel:0859' not in page.split("</header>")[-1]
    assert "公表資料で確かめた電話にかけ" in page
    assert "登録の電話にかけ" not in page
    missing = desk_client.post(address, {"spoken_with": "山根 涼子", "confirmed": "on"})
    assert missing.status_code == 422
    assert not ContactLog.objects.filter(kind="call_began").exists()
    desk_client.post(address, {"spoken_with": "山根 涼子", "confirmed": "on", "phone": "0859000177"})
    line = ContactLog.objects.get(kind="call_began")
    assert line.caller_phone.replace("-", "") == "0859000177"
    assert line.text.startswith("公表資料の電話に折り返し")
    application.refresh_from_db()
    assert application.proved_by == "call_back"


def test_after_the_deadline_nothing_is_proved_and_nothing_logged(office, acting, filed) -> None:
    application = filed(office)
    with pytest.raises(Refused):
        behalf.application_prove_by_call(
            application_id=application.pk, spoken_with="山根", phone=office.phone,
            today=application.prove_by + timedelta(days=1), acting=acting,
        )  # fmt: skip
    assert not ContactLog.objects.exists()


def test_a_provisional_filing_is_taken_back(office, acting, called, filed) -> None:
    application = filed(office)
    behalf.provisional_withdraw(call_id=called().pk, application_id=application.pk, today=TODAY, acting=acting)
    application.refresh_from_db()
    assert application.withdrawn_on == TODAY


def test_a_filing_of_another_office_stays(office, acting, called, filed) -> None:
    from tests.factories import make_office

    application = filed(make_office())
    with pytest.raises(Refused):
        behalf.provisional_withdraw(call_id=called().pk, application_id=application.pk, today=TODAY, acting=acting)
    application.refresh_from_db()
    assert application.withdrawn_on is None


def test_notes_belong_to_the_call_under_way(office, acting, called) -> None:
    call = called()
    note = contacts.note_record(
        office_id=office.pk,
        text="申請の状況",
        topics=["status"],
        follow_up_on=date(2026, 4, 6),
        today=TODAY,
        acting=acting,
    )
    assert note.call == call
    assert not follow_ups(date(2026, 4, 5)).exists()
    assert follow_ups(date(2026, 4, 6)).get() == note
