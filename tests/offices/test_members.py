"""Who acts for an office: the acts, their refusals, and who hears of them."""

import re
from functools import partial

import pytest
from django.core import mail

from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib.acting import MEMBER, VISITOR, Acting
from offices.enums import EventKind, JoinedBy
from offices.models import Membership, OfficeEvent
from offices.permissions import offices_of_member, offices_visible_to
from offices.queries import invitations_open, members_of
from offices.services import members
from offices.services.members import Refused
from tests.factories import make_member, make_office, make_user
from tests.licenses.cases import D
from tests.races import at_once

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-10")


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def manager(office):
    return make_member(office, manager=True)


@pytest.fixture
def colleague(office, manager):
    return make_member(office)


def by(user):
    return Acting(user.pk, MEMBER, "事業所の画面")


def invite(office, user, email="Inoue@Example.jp", today=TODAY):
    return members.member_invite(office_id=office.pk, email=email, name="井上 香織", today=today, acting=by(user))


def refused(act, code, **arguments):
    with pytest.raises(Refused) as caught:
        act(**arguments)
    assert caught.value.code == code
    assert caught.value.text.endswith("。")


def names(office, on=TODAY):
    return [member.user_id for member in members_of(office.pk, on)]


def test_who_joins_by_a_letter_leads_and_the_others_hear_of_it(
    office, manager, colleague, django_capture_on_commit_callbacks
):
    newcomer = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            members.member_add(
                office_id=office.pk, user_id=newcomer.pk, how=JoinedBy.LETTER, today=TODAY, acting=by(newcomer)
            )
    assert [(member.user_id, member.role) for member in members_of(office.pk, TODAY)] == [
        (newcomer.pk, "manager"),
        (manager.pk, "staff"),
        (colleague.pk, "staff"),
    ]
    assert sorted(message.to[0] for message in mail.outbox) == sorted([manager.email, colleague.email])
    assert "手紙のコード" in mail.outbox[0].body
    assert OfficeEvent.objects.filter(office=office, kind=EventKind.MEMBER_ADDED).count() == 1


def test_staff_of_the_helpdesk_cannot_be_a_member(office):
    person = make_user(Role.HELPDESK)
    refused(
        members.member_add,
        "other_role",
        office_id=office.pk,
        user_id=person.pk,
        how=JoinedBy.LETTER,
        today=TODAY,
        acting=by(person),
    )


def test_an_invitation_makes_a_new_person_a_member(office, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invited = invite(office, manager)
    assert invited.expires_on == D("2026-04-17")
    assert mail.outbox[0].to == ["inoue@example.jp"]
    token = re.search(r"/invitations/([^/\s]+)/", mail.outbox[0].body)[1]
    assert members.invitation_by_token(token, today=D("2026-04-17")) == invited
    refused(members.invitation_by_token, "expired", token=token, today=D("2026-04-18"))
    refused(members.invitation_by_token, "unknown", token=token[:-1] + "x", today=TODAY)
    joined = members.invitation_accept(
        invitation_id=invited.pk, user_id=None, today=TODAY, acting=Acting(None, VISITOR, "招待")
    )
    assert (joined.user.email, joined.user.role, joined.role) == ("inoue@example.jp", Role.OFFICE_STAFF, "staff")
    refused(members.invitation_by_token, "used", token=token, today=TODAY)
    assert names(office) == [manager.pk, joined.user_id]
    assert list(invitations_open(office.pk)) == []


def test_a_known_address_must_be_signed_in(office, manager):
    known, other = make_user(email="known@example.jp"), make_user()
    invited = invite(office, manager, "known@example.jp")
    for user_id in (None, other.pk):
        refused(
            members.invitation_accept,
            "other_person",
            invitation_id=invited.pk,
            user_id=user_id,
            today=TODAY,
            acting=Acting(user_id, VISITOR, "招待"),
        )
    members.invitation_accept(invitation_id=invited.pk, user_id=known.pk, today=TODAY, acting=by(known))
    assert names(office) == [manager.pk, known.pk]


def test_inviting_again_replaces_the_first_link_and_taking_back_ends_it(office, manager):
    first, second = invite(office, manager), invite(office, manager)
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert list(invitations_open(office.pk)) == [second]
    for _twice in range(2):
        members.invitation_withdraw(invitation_id=second.pk, office_id=office.pk, acting=by(manager))
    token = members.invitation_path(second).rstrip("/").rpartition("/")[2]
    refused(members.invitation_by_token, "withdrawn", token=token, today=TODAY)
    refused(
        members.invitation_accept,
        "withdrawn",
        invitation_id=second.pk,
        user_id=None,
        today=TODAY,
        acting=Acting(None, VISITOR, "招待"),
    )
    assert not User.objects.filter(email="inoue@example.jp").exists()


def test_members_and_staff_addresses_cannot_be_invited(office, manager):
    desk = make_user(Role.HELPDESK)
    for address, code in ((manager.email, "member_already"), (desk.email, "other_role")):
        refused(
            members.member_invite,
            code,
            office_id=office.pk,
            email=address,
            name="井上",
            today=TODAY,
            acting=by(manager),
        )


def test_who_is_taken_out_has_no_access_from_that_moment(office, manager, colleague):
    for _twice in range(2):
        members.member_remove(office_id=office.pk, user_id=colleague.pk, today=TODAY, acting=by(manager))
    assert names(office) == [manager.pk]
    assert not offices_of_member(colleague, TODAY).exists()
    assert Membership.objects.get(user=colleague).ended_on == TODAY
    assert OfficeEvent.objects.filter(kind=EventKind.MEMBER_REMOVED).count() == 1


def test_taken_out_on_the_day_of_joining_and_back_the_same_day(office, manager):
    person = make_member(office, joined_on=TODAY)
    members.member_remove(office_id=office.pk, user_id=person.pk, today=TODAY, acting=by(manager))
    members.member_add(office_id=office.pk, user_id=person.pk, how=JoinedBy.INVITATION, today=TODAY, acting=by(person))
    assert names(office) == [manager.pk, person.pk]


def test_the_last_one_and_the_manager_stay(office, manager):
    arguments = {"office_id": office.pk, "user_id": manager.pk, "today": TODAY, "acting": by(manager)}
    refused(members.member_remove, "last_one", **arguments)
    make_member(office)
    refused(members.member_remove, "manager", **arguments)


def test_the_manager_hands_over(office, manager, colleague):
    arguments = {"office_id": office.pk, "to_user_id": colleague.pk, "today": TODAY}
    refused(members.manager_hand_over, "not_manager", **arguments, acting=by(make_member(office)))
    refused(
        members.manager_hand_over,
        "no_member",
        office_id=office.pk,
        to_user_id=make_user().pk,
        today=TODAY,
        acting=by(manager),
    )
    for _twice in range(2):
        members.manager_hand_over(**arguments, acting=by(manager))
    assert dict(members_of(office.pk, TODAY).values_list("user", "role"))[colleague.pk] == "manager"
    members.member_remove(office_id=office.pk, user_id=manager.pk, today=TODAY, acting=by(colleague))
    assert manager.pk not in names(office)


def test_somebody_always_gets_the_notices(office, manager, colleague):
    def choose(*people):
        members.notices_choose(
            office_id=office.pk, user_ids={person.pk for person in people}, today=TODAY, acting=by(manager)
        )

    choose(colleague)
    readers = members_of(office.pk, TODAY).filter(receives_notices=True)
    assert [member.user_id for member in readers] == [colleague.pk]
    with pytest.raises(Refused):
        choose()
    members.member_remove(office_id=office.pk, user_id=colleague.pk, today=TODAY, acting=by(manager))
    assert [member.user_id for member in members_of(office.pk, TODAY).filter(receives_notices=True)] == [manager.pk]


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.HELPDESK, True), (Role.OPERATOR, True), (Role.AUDITOR, True), (Role.OFFICER, False)]
)
def test_whose_offices_are_seen(office, manager, role, sees):
    stranger = make_member(make_office())
    assert offices_visible_to(make_user(role), TODAY).filter(pk=office.pk).exists() is sees
    assert not offices_visible_to(stranger, TODAY).filter(pk=office.pk).exists()
    assert list(offices_visible_to(manager, TODAY)) == [office]


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_take_each_other_out_at_the_same_moment():
    """One goes first; who is left is the last one, and stays."""
    office = make_office()
    people = [make_member(office) for _person in range(2)]
    acts = [
        partial(members.member_remove, office_id=office.pk, user_id=other.pk, today=TODAY, acting=by(one))
        for one, other in (people, people[::-1])
    ]
    said = at_once(*acts)
    assert sorted(str(getattr(answer, "code", answer)) for answer in said) == ["None", "last_one"]
    assert len(names(office)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_opened_twice_at_once_makes_one_person():
    office = make_office()
    invited = invite(office, make_member(office, manager=True))
    act = partial(
        members.invitation_accept,
        invitation_id=invited.pk,
        user_id=None,
        today=TODAY,
        acting=Acting(None, VISITOR, "招待"),
    )
    said = at_once(act, act)
    assert sorted(getattr(answer, "code", "joined") for answer in said) == ["joined", "used"]
    assert User.objects.filter(email="inoue@example.jp").count() == 1
    assert len(names(office)) == 2
