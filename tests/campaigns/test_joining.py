"""A proved filing lets whoever filed join once; it does not take back who was removed since (R16)."""

import pytest
from django.core import mail

from accounts.enums import Role
from accounts.models import User
from accounts.services import user_active_change
from campaigns import services
from campaigns.models import ApplicationEvent
from campaigns.queries import receipt_path
from campaigns.rules import Claims
from campaigns.rules.joining import Applicant, joining
from careplan_portal.lib.acting import HELPDESK, MEMBER, VISITOR, Acting
from offices.enums import JoinedBy
from offices.models import Membership, OfficeEvent
from offices.queries import members_of
from offices.services import members
from offices.services.members import Refused
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_license, make_member, make_office, make_user
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
FILED, PROVED, TODAY = D("2026-04-03"), D("2026-04-09"), D("2026-04-20")
HELP = Acting(None, HELPDESK, "試験")
MAIL_BUTTON = "サインインを作るメールを送る"


@pytest.fixture
def office(on):
    on("2026-04-20")
    return make_office()


@pytest.fixture
def application(office):
    return proved(file_as_visitor(office, FILED))


def proved(application, how="letter", day=PROVED):
    return services.application_prove(application_id=application.pk, proof=how, today=day, acting=HELP)


def join(application, today=TODAY) -> User:
    return services.applicant_join(application=application, today=today, acting=Acting(None, VISITOR, "受付票のページ"))


def refused(application, code, today=TODAY) -> None:
    before = list(OfficeEvent.objects.values_list("pk", flat=True)), list(members_of(application.office_id, today))
    with pytest.raises(Refused) as caught:
        join(application, today)
    assert caught.value.code == code
    assert caught.value.text.endswith("。")
    assert before == (
        list(OfficeEvent.objects.values_list("pk", flat=True)),
        list(members_of(application.office_id, today)),
    )


def with_password(user: User) -> User:
    user.set_password("かえるの-うた-2026")
    user.save()
    return user


def roles(office) -> dict[str, str]:
    return {member.user.email: str(member.role) for member in members_of(office.pk, TODAY)}


def remove(office, user, by, today=TODAY) -> None:
    members.member_remove(office_id=office.pk, user_id=user.pk, today=today, acting=Acting(by.pk, MEMBER, "試験"))


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        ({}, "open"),
        ({"proved_on": None}, "not_proved"),
        ({"proved_on": None, "is_member": True}, "not_proved"),
        ({"is_member": True}, "again"),
        ({"is_member": True, "has_password": True, "used": True}, "member"),
        ({"used": True}, "spent"),
        ({"ended_on": D("2026-04-08")}, "open"),
        ({"ended_on": PROVED}, "spent"),
        ({"ended_on": D("2026-04-10"), "has_password": True}, "spent"),
        ({"ended_on": D("2026-04-10"), "is_member": True}, "again"),
    ],
)
def test_who_may_join(known, answer) -> None:
    assert joining(Applicant(**{"proved_on": PROVED} | known)) == answer


def test_joining_leaves_an_event_of_the_filing(office, application) -> None:
    user = join(application)
    event = ApplicationEvent.objects.get(kind="joined")
    assert (event.application, event.data, event.acting_as) == (application, {"user": user.pk}, VISITOR)
    assert roles(office) == {"minato@example.jp": "manager"}


def test_the_mail_is_sent_again_until_a_password_is_set_and_nothing_else_changes(
    visitor, office, application, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, second = join(application), join(application)
    assert first == second
    assert [message.to for message in mail.outbox] == [["minato@example.jp"]] * 2
    assert Membership.objects.filter(office=office).count() == 1
    assert ApplicationEvent.objects.filter(kind="joined").count() == 1
    assert MAIL_BUTTON in visitor.open(receipt_path(application)).words


def test_a_second_press_does_not_make_one_the_manager_again(visitor, office, application) -> None:
    user, colleague = with_password(join(application)), make_member(office)
    members.manager_hand_over(
        office_id=office.pk, to_user_id=colleague.pk, today=TODAY, acting=Acting(user.pk, MEMBER, "引き継ぎ")
    )
    refused(application, "member")
    assert roles(office) == {user.email: "staff", colleague.email: "manager"}
    visitor.open(receipt_path(application))
    assert MAIL_BUTTON not in visitor.words
    assert "サインインは、もう作ってあります" in visitor.words
    User.objects.filter(pk=user.pk).update(password="!none")
    assert join(application) == user, "the mail alone"
    assert roles(office) == {user.email: "staff", colleague.email: "manager"}


@pytest.mark.parametrize("who", ["removed", "left"])
@pytest.mark.parametrize("password", [True, False])
def test_who_was_removed_or_left_does_not_come_back_by_the_old_receipt(
    visitor, office, application, who, password
) -> None:
    user, manager = join(application), make_member(office, manager=True)
    if password:
        with_password(user)
    Membership.objects.filter(office=office, user=user).update(role="staff")
    remove(office, user, by=manager if who == "removed" else user)
    refused(application, "spent")
    assert roles(office) == {manager.email: "manager"}
    path = receipt_path(application)
    visitor.open(path)
    assert MAIL_BUTTON not in visitor.words
    for way in ("管理者に招待を頼んで", "登録の電話にかけ直して"):
        assert way in visitor.words
    visitor.send(path + "join/")
    assert roles(office) == {manager.email: "manager"}
    assert "管理者に招待を頼んで" in visitor.words


def test_another_address_since_does_not_join_a_second_time(office, application) -> None:
    """The sign-in has another address now: the filing's own would make a new person of the same one."""
    user, manager = join(application), make_member(office)
    User.objects.filter(pk=user.pk).update(email="moved@example.jp")
    members.manager_hand_over(
        office_id=office.pk, to_user_id=manager.pk, today=TODAY, acting=Acting(user.pk, MEMBER, "引き継ぎ")
    )
    remove(office, user, by=manager)
    refused(application, "spent")
    assert not User.objects.filter(email="minato@example.jp").exists()


def test_who_joined_by_an_invitation_and_was_removed_after_the_proof_stays_out(office, application) -> None:
    manager, user = make_member(office, manager=True), make_user(email="minato@example.jp")
    members.member_add(office_id=office.pk, user_id=user.pk, how=JoinedBy.INVITATION, today=TODAY, acting=HELP)
    remove(office, user, by=manager)
    refused(application, "spent")


def test_a_filing_proved_after_the_end_of_a_membership_joins_again(office, application) -> None:
    user, manager = join(application, D("2026-04-10")), make_member(office)
    members.manager_hand_over(
        office_id=office.pk, to_user_id=manager.pk, today=TODAY, acting=Acting(user.pk, MEMBER, "引き継ぎ")
    )
    remove(office, user, by=manager, today=D("2026-04-14"))
    newer = file_as_visitor(office, D("2026-04-15"), claims=Claims("unused"))
    refused(newer, "not_proved")
    newer = proved(newer, "call_back", D("2026-04-16"))
    refused(application, "spent")
    assert join(newer) == user
    assert roles(office) == {user.email: "manager", manager.email: "staff"}
    assert ApplicationEvent.objects.filter(kind="joined").count() == 2


def test_a_declined_filing_joins_where_its_receipt_speaks_of_signing_in(visitor, on) -> None:
    """Its applicant was proved, too: only then may the recorded dates be told (R16)."""
    office = make_license(facts(term("2025-08-08", "2026-08-07"))).office
    application = proved(file_as_visitor(office, FILED, claims=Claims("unused", D("2026-04-13"), "manual")))
    visitor.open(receipt_path(application))
    assert "サインインすると確かめられます" in visitor.words
    assert MAIL_BUTTON in visitor.words
    visitor.send(receipt_path(application) + "join/")
    assert roles(office) == {"minato@example.jp": "manager"}


def test_a_member_confirmed_it_so_there_is_nothing_to_press(visitor, office) -> None:
    application = proved(file_as_visitor(office, FILED), "member")
    assert MAIL_BUTTON not in visitor.open(receipt_path(application)).words
    refused(application, "not_proved")


def test_an_address_that_cannot_join_is_told_why(visitor, office, application) -> None:
    user = make_user(Role.HELPDESK, email="minato@example.jp")
    refused(application, "other_role")
    visitor.open(receipt_path(application)).send(receipt_path(application) + "join/")
    assert "お電話ください" in visitor.words
    User.objects.filter(pk=user.pk).update(role=Role.OFFICE_STAFF)
    user_active_change(user=user, active=False, acting=HELP)
    refused(application, "inactive")
