"""Who acts for an office: invite, take out, hand over, who gets the notices; and joining."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import audience, signed_in_user
from accounts.services import password_path
from campaigns.forms.my import InviteForm, NoticesForm
from campaigns.views.my.owning import MEMBERS, acting, own_office, today_of
from careplan_portal.lib.acting import VISITOR, Acting
from offices.models import Invitation, Membership, Office
from offices.queries import invitations_open, members_of
from offices.services import members as services
from offices.services.members import Refused

READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])


def _try(act: Callable[[], object]) -> str:
    """Do it; the sentence for people when it was refused."""
    try:
        act()
    except Refused as refused:
        return refused.text
    return ""


@MEMBERS
@require_safe
def members(request: HttpRequest, number: str) -> HttpResponse:
    """Who can act for the office, and for whose answer it waits."""
    office, listed = _with_members(request, number)
    me = next(member for member in listed if member.user_id == request.user.pk)
    invitations = list(invitations_open(office.pk))
    waiting = [invitation for invitation in invitations if invitation.expires_on >= today_of(request)]
    context = {"office": office, "members": listed, "me": me, "invitations": invitations, "waiting": waiting}
    return render(request, "campaigns/my/members.html", context)


def _with_members(request: HttpRequest, number: str) -> tuple[Office, list[Membership]]:
    office = own_office(request, number)
    return office, list(members_of(office.pk, today_of(request)))


@MEMBERS
@READ_AND_SEND
def invite(request: HttpRequest, number: str) -> HttpResponse:
    """What an invited person will be able to do is said before sending."""
    office = own_office(request, number)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refused = _try(partial(_invite, request, office, form.cleaned_data))
        if not refused:
            messages.success(request, f"{form.cleaned_data['name']}さんに、招待のメールを送りました。")
            return redirect("campaigns:my-members", number)
        form.add_error("email", refused)
    context = {"office": office, "form": form, "until": today_of(request) + timedelta(days=settings.INVITATION_DAYS)}
    return render(request, "campaigns/my/invite.html", context, status=422 if form.errors else 200)


def _invite(request: HttpRequest, office: Office, wanted: dict[str, Any]) -> None:
    services.member_invite(
        office_id=office.pk,
        email=wanted["email"],
        name=wanted["name"],
        today=today_of(request),
        acting=acting(request),
    )


@MEMBERS
@READ_AND_SEND
def member_remove(request: HttpRequest, number: str, user_id: int) -> HttpResponse:
    """What taking somebody out means, then the act. Somebody who is out already is out."""
    office, listed = _with_members(request, number)
    return _about_member(
        request,
        office,
        listed,
        user_id,
        "member_remove",
        partial(
            services.member_remove,
            office_id=office.pk,
            user_id=user_id,
            today=today_of(request),
            acting=acting(request),
        ),
    )


@MEMBERS
@READ_AND_SEND
def hand_over(request: HttpRequest, number: str, user_id: int) -> HttpResponse:
    """Make a colleague the manager."""
    office, listed = _with_members(request, number)
    act = partial(
        services.manager_hand_over,
        office_id=office.pk,
        to_user_id=user_id,
        today=today_of(request),
        acting=acting(request),
    )
    return _about_member(request, office, listed, user_id, "hand_over", act)


DONE = {"member_remove": "手続きする人から外しました。", "hand_over": "管理者を引き継ぎました。"}


def _about_member(
    request: HttpRequest, office: Office, listed: list[Membership], user_id: int, name: str, act: Callable[[], object]
) -> HttpResponse:
    member = next((one for one in listed if one.user_id == user_id), None)
    refused = _try(act) if request.method == "POST" else ""
    if request.method == "POST" and not refused:
        messages.success(request, DONE[name])
        own_is_out = name == "member_remove" and user_id == request.user.pk
        return redirect("campaigns:my") if own_is_out else redirect("campaigns:my-members", office.business_number)
    if member is None:
        return redirect("campaigns:my-members", office.business_number)
    context = {"office": office, "member": member, "refused": refused}
    return render(request, f"campaigns/my/{name}.html", context, status=409 if refused else 200)


@MEMBERS
@READ_AND_SEND
def invitation_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take an invitation back; the link in the mail then says so."""
    office = own_office(request, number)
    invited = get_object_or_404(Invitation, pk=pk, office=office)
    act = partial(services.invitation_withdraw, invitation_id=pk, office_id=office.pk, acting=acting(request))
    refused = _try(act) if request.method == "POST" else ""
    if request.method == "POST" and not refused:
        messages.success(request, "招待を取り消しました。")
        return redirect("campaigns:my-members", number)
    context = {"office": office, "invitation": invited, "refused": refused}
    return render(request, "campaigns/my/invitation_withdraw.html", context, status=409 if refused else 200)


@MEMBERS
@READ_AND_SEND
def notices(request: HttpRequest, number: str) -> HttpResponse:
    """Who of the members gets the notices by mail."""
    office, listed = _with_members(request, number)
    form = NoticesForm(request.POST if request.method == "POST" else None, members=listed)
    if form.is_bound and form.is_valid():
        services.notices_choose(
            office_id=office.pk,
            user_ids=set(form.cleaned_data["receivers"]),
            today=today_of(request),
            acting=acting(request),
        )
        messages.success(request, "お知らせを送る先を変えました。")
        return redirect("campaigns:my-office", number)
    context = {"office": office, "form": form}
    return render(request, "campaigns/my/notices.html", context, status=422 if form.errors else 200)


@audience.public
@require_safe
def claim(request: HttpRequest) -> HttpResponse:
    """The ways to become a member, also when the only one has left."""
    return render(request, "campaigns/my/none.html", {"more": True})


@audience.public
@READ_AND_SEND
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in an invitation leads: it does nothing by itself, the button joins."""
    try:
        invited = services.invitation_by_token(token, today=today_of(request))
        if request.method == "POST":
            return _join(request, invited)
    except Refused as refused:
        return render(request, "campaigns/my/invitation_gone.html", {"refused": refused.text}, status=410)
    known = User.objects.filter(email=invited.email).exists()
    right_person = request.user.is_authenticated and signed_in_user(request).email == invited.email
    context = {"invitation": invited, "known": known, "right_person": right_person}
    return render(request, "campaigns/my/invitation.html", context)


def _join(request: HttpRequest, invited: Invitation) -> HttpResponse:
    user_id = request.user.pk if request.user.is_authenticated else None
    joined = services.invitation_accept(
        invitation_id=invited.pk, user_id=user_id, today=today_of(request), acting=Acting(user_id, VISITOR, "招待")
    )
    if user_id is None:
        return redirect(password_path(user=joined.user))
    messages.success(request, f"{joined.office.name}の手続きができるようになりました。")
    return redirect("campaigns:my-office", joined.office.business_number)
