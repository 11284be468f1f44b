"""Mails about who belongs to an office; built here, handed to the outbox by the service."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import User
from notices.enums import Kind
from notices.rules import Outgoing
from offices.models import Invitation, Membership


def invitation(invited: Invitation, *, link: str) -> Outgoing:
    """The mail with the signed link of an invitation, which is erased once it went. ``link`` is absolute."""
    text = render_to_string("offices/mail/invitation.txt", {"invitation": invited, "link": link})
    subject = f"{invited.office.name}の手続きに招かれました（{settings.SERVICE_NAME}）"
    return Outgoing(
        Kind.MEMBER_INVITED,
        str(invited.pk),
        subject,
        text,
        office_id=invited.office_id,
        to=(invited.email,),
        secret=True,
    )


def claimed(member: Membership, *, how: str, to: Sequence[User]) -> Outgoing:
    """Word to the members an office had, when somebody joined whom none of them invited."""
    office, by = member.office, member.user
    text = render_to_string("offices/mail/claimed.txt", {"office": office, "by": by, "how": how})
    subject = f"{office.name}に、新しい人が加わりました（{settings.SERVICE_NAME}）"
    addresses = tuple(person.email for person in to)
    return Outgoing(Kind.MEMBER_CLAIMED, str(member.pk), subject, text, office_id=office.pk, to=addresses)
