"""Who acts for an office: join, invite, take out, hand over, receive notices.

Each act locks the office's members in one order (the office's row), so that two people cannot take
each other out at the same time and leave nobody.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.services import user_create, user_invite
from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from notices.services import notice_queue
from offices import notifications
from offices.enums import EventKind, JoinedBy, MembershipRole
from offices.models import Invitation, Membership, Office, OfficeEvent
from offices.queries import invitations_open, members_of

SALT = "offices.invitation"


class Refused(Exception):
    """An act about members that cannot be done: ``code``, and ``text`` for people."""

    def __init__(self, code: str, text: str):
        super().__init__(text)
        self.code = code
        self.text = text


@transaction.atomic
def proved_member_add(
    *, office_id: int, email: str, name: str, how: str, today: date, acting: Acting, tell: bool = True
) -> Membership:
    """Somebody whom a letter or a call proved to belong to the office joins by their address and becomes its manager;
    without a password they get the mail with which to make a sign-in. `how` and `tell` as in member_add.

    A member who is left when the manager is gone becomes the manager in the same way.
    Raises Refused: the manager already, an address whose sign-in has another role, or one that was put out of use.
    """
    _office, members = _hold(office_id, today)
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    _guard_newcomer(user, members)
    if user is None:
        user = user_create(email=address, name=name, role=Role.OFFICE_STAFF, acting=acting)
    if not user.has_usable_password():
        user_invite(user=user, acting=acting)
    return member_add(office_id=office_id, user_id=user.pk, how=how, today=today, acting=acting, tell=tell)


def _guard_newcomer(user: User | None, members: QuerySet[Membership]) -> None:
    if user is None:
        return
    if user.role != Role.OFFICE_STAFF:
        raise Refused(
            "other_role",
            "このメールアドレスのサインインは、事業所の人のものではないので、使えません。ほかのアドレスにするか、お電話ください。",
        )
    if not user.is_active:
        raise Refused(
            "inactive",
            "このメールアドレスのサインインは、使えなくしてあります。ほかのアドレスにするか、お電話ください。",
        )
    if members.filter(user=user, role=MembershipRole.MANAGER).exists():
        raise Refused(
            "manager_already",
            "この人は、もう管理者です。サインインできないときは、サインインの画面でパスワードを決め直せます。",
        )


@transaction.atomic
def member_add(*, office_id: int, user_id: int, how: str, today: date, acting: Acting, tell: bool = True) -> Membership:
    """Somebody proved to belong to the office; `how` is a JoinedBy. Doing it twice changes nothing.

    The first member, and whoever comes without an invitation, is the manager (the last one who knew
    the sign-in may have left); those who were members before stay, get word by mail (not with `tell` False: the
    caller tells them in another way), and are staff.
    Raises Refused for an account that is not office staff's.
    """
    office, members = _hold(office_id, today)
    user = User.objects.get(pk=user_id)
    if user.role != Role.OFFICE_STAFF:
        raise Refused("other_role", "この人のサインインは窓口の職員のものなので、事業所のメンバーにはできません。")
    existing = members.filter(user=user).first()
    if existing is not None and how == JoinedBy.INVITATION:
        return existing
    others = [member for member in members if member.user_id != user_id]
    leads = how != JoinedBy.INVITATION or not others
    if leads:
        _demote(others, acting)
    role = MembershipRole.MANAGER if leads else MembershipRole.STAFF
    if existing is not None:
        if existing.role != role:
            _role_change(existing, role, acting)
        return existing
    member = Membership.objects.create(user=user, office=office, joined_on=today, role=role)
    _event(office, EventKind.MEMBER_ADDED, acting, user=user_id, how=str(how), role=str(role))
    if tell and how != JoinedBy.INVITATION:
        _tell(member, JoinedBy(how), [other.user for other in others], today)
    return member


def _demote(members: list[Membership], acting: Acting) -> None:
    for member in members:
        if member.role == MembershipRole.MANAGER:
            _role_change(member, MembershipRole.STAFF, acting)


def _tell(member: Membership, how: JoinedBy, people: list[User], today: date) -> None:
    if people:
        notice_queue(outgoing=notifications.claimed(member, how=how.label, to=people), today=today)


@transaction.atomic
def member_invite(*, office_id: int, email: str, name: str, today: date, acting: Acting) -> Invitation:
    """Send a colleague the link with which to join, good up to `INVITATION_DAYS` days from today.

    Inviting the same address again takes the first link back and sends a new one. Raises Refused when
    the person is a member already, or has a sign-in of another role.
    """
    office, members = _hold(office_id, today)
    address = email.strip().lower()
    if members.filter(user__email=address).exists():
        raise Refused("member_already", "この人は、もう手続きする人に入っています。")
    if User.objects.filter(email=address).exclude(role=Role.OFFICE_STAFF).exists():
        raise Refused("other_role", "このアドレスには招待を送れません。ほかのアドレスを入れてください。")
    for earlier in invitations_open(office_id).filter(email=address):
        _withdraw(earlier, acting)
    invited = Invitation.objects.create(
        office=office,
        email=address,
        name=name.strip(),
        invited_by_id=_person(acting),
        invited_at=clock.now(),
        expires_on=today + timedelta(days=settings.INVITATION_DAYS),
    )
    _event(office, EventKind.MEMBER_INVITED, acting, invitation=invited.pk, email=address)
    link = f"{settings.PORTAL_BASE_URL}{invitation_path(invited)}"
    notice_queue(outgoing=notifications.invitation(invited, link=link), today=today)
    return invited


def invitation_path(invited: Invitation) -> str:
    """The path of the page that the link in the mail leads to."""
    return reverse("campaigns:invitation", args=[signing.dumps(invited.pk, salt=SALT)])


def invitation_by_token(token: str, *, today: date) -> Invitation:
    """The invitation of a link. Raises Refused, with what to do, for a link that was changed, used,
    taken back or has expired."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature as bad:
        raise Refused(
            "unknown", "このアドレスは正しくありません。メールのアドレスを、おわりまで開いてください。"
        ) from bad
    invited = Invitation.objects.select_related("office", "invited_by").get(pk=pk)
    _guard_open(invited, today)
    return invited


def _guard_open(invited: Invitation, today: date) -> None:
    if invited.accepted_by_id is not None:
        raise Refused("used", "この招待は、もう使われています。サインインしてください。")
    if invited.withdrawn_at is not None:
        raise Refused("withdrawn", "この招待は取り消されました。招いた人に聞いてください。")
    if today > invited.expires_on:
        raise Refused("expired", "この招待の期限は過ぎました。招いた人に、もう一度送ってもらってください。")


@transaction.atomic
def invitation_accept(*, invitation_id: int, user_id: int | None, today: date, acting: Acting) -> Membership:
    """Join by an invitation: the person signed in as `user_id`, or, with None, a new one for the
    invited address, which the link has just proved (they set a password next).

    Raises Refused when the link no longer works, or when the address has a sign-in that is not the
    one used: an invitation is for the person it was sent to.
    """
    found = Invitation.objects.get(pk=invitation_id)
    _hold(found.office_id, today)
    invited = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id)
    _guard_open(invited, today)
    user = _invited_user(invited, user_id, acting)
    acting = Acting(user.pk, acting.role, acting.reason)
    invited.accepted_by = user
    invited.save(update_fields=["accepted_by"])
    return member_add(office_id=invited.office_id, user_id=user.pk, how=JoinedBy.INVITATION, today=today, acting=acting)


def _invited_user(invited: Invitation, user_id: int | None, acting: Acting) -> User:
    known = User.objects.filter(email=invited.email).first()
    if known is None and user_id is None:
        return user_create(email=invited.email, name=invited.name, role=Role.OFFICE_STAFF, acting=acting, verified=True)
    if known is None or known.pk != user_id:
        raise Refused(
            "other_person", "招待は、届いたアドレスの人だけが使えます。そのアドレスでサインインしてください。"
        )
    return known


@transaction.atomic
def invitation_withdraw(*, invitation_id: int, office_id: int, acting: Acting) -> None:
    """Take an unused invitation back; its link says so from then on. Twice changes nothing. Raises
    Refused when it was used meanwhile, Invitation.DoesNotExist for another office's."""
    invited = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id, office_id=office_id)
    if invited.accepted_by_id is not None:
        raise Refused("used", "この招待は、もう使われました。手続きする人の一覧から外せます。")
    if invited.withdrawn_at is None:
        _withdraw(invited, acting)


def _withdraw(invited: Invitation, acting: Acting) -> None:
    invited.withdrawn_at = clock.now()
    invited.save(update_fields=["withdrawn_at"])
    _event(invited.office, EventKind.INVITATION_WITHDRAWN, acting, invitation=invited.pk, email=invited.email)


@transaction.atomic
def member_remove(*, office_id: int, user_id: int, today: date, acting: Acting) -> None:
    """Take a person out of the office, at once; what they filed stays. Twice changes nothing.

    Raises Refused for the last one (nobody would get the notices) and for the manager (hand over first).
    """
    office, members = _hold(office_id, today)
    member = members.filter(user_id=user_id).first()
    if member is None:
        return
    if len(members) == 1:
        raise Refused("last_one", "最後の1人は外せません。先に、ほかの人を招いてください。")
    if member.role == MembershipRole.MANAGER:
        raise Refused("manager", "管理者は外せません。先に、ほかの人に引き継いでください。")
    member.ended_on = today
    member.save(update_fields=["ended_on"])
    _event(office, EventKind.MEMBER_REMOVED, acting, user=user_id)
    _keep_a_reader(office, today, acting)


def _keep_a_reader(office: Office, today: date, acting: Acting) -> None:
    members = members_of(office.pk, today)
    if not members.filter(receives_notices=True).exists():
        manager = members.first()
        assert manager is not None
        _notices_change(manager, receives=True, acting=acting)


@transaction.atomic
def manager_hand_over(*, office_id: int, to_user_id: int, today: date, acting: Acting) -> None:
    """The acting manager makes another member the manager and becomes staff. Twice changes nothing.

    Raises Refused when the acting person is not the manager, or the other one is no member.
    """
    _office, members = _hold(office_id, today)
    taker = members.filter(user_id=to_user_id).first()
    giver = members.filter(user_id=_person(acting)).first()
    if taker is None:
        raise Refused("no_member", "引き継ぐ相手が、手続きする人に入っていません。先に招いてください。")
    if taker.role == MembershipRole.MANAGER:
        return
    if giver is None or giver.role != MembershipRole.MANAGER:
        raise Refused("not_manager", "引き継ぎは、いまの管理者だけができます。")
    _role_change(giver, MembershipRole.STAFF, acting)
    _role_change(taker, MembershipRole.MANAGER, acting)


def _role_change(member: Membership, role: MembershipRole, acting: Acting) -> None:
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    _event(member.office, EventKind.MEMBER_CHANGED, acting, user=member.user_id, before=str(before), after=role.value)


@transaction.atomic
def notices_choose(*, office_id: int, user_ids: set[int], today: date, acting: Acting) -> None:
    """Who of the members gets the notices by mail. Raises Refused when nobody would."""
    _office, members = _hold(office_id, today)
    if not any(member.user_id in user_ids for member in members):
        raise Refused("nobody", "少なくとも1人が、お知らせを受け取ってください。")
    for member in members:
        if member.receives_notices != (member.user_id in user_ids):
            _notices_change(member, receives=member.user_id in user_ids, acting=acting)


def _notices_change(member: Membership, *, receives: bool, acting: Acting) -> None:
    member.receives_notices = receives
    member.save(update_fields=["receives_notices"])
    _event(member.office, EventKind.MEMBER_CHANGED, acting, user=member.user_id, receives_notices=receives)


def _hold(office_id: int, today: date) -> tuple[Office, QuerySet[Membership]]:
    """Lock the office's row against other acts about its members. NO KEY, so that rows that point at
    the office can still be written meanwhile."""
    office = Office.objects.select_for_update(of=("self",), no_key=True).get(pk=office_id)
    return office, members_of(office_id, today)


def _event(office: Office, kind: EventKind, acting: Acting, **details: Any) -> None:
    OfficeEvent.objects.create(
        office=office, kind=kind, at=clock.now(), by_id=acting.user_id, reason=acting.reason, details=details
    )


def _person(acting: Acting) -> int:
    assert acting.user_id is not None, "only a person can do this"
    return acting.user_id
