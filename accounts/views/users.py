"""The operator's pages about people: list, new, one person, what changes them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import queries, services
from accounts.enums import LookReason, Role, SubjectKind
from accounts.forms import ReasonForm, RoleForm, UserFilterForm, UserNewForm
from accounts.models import User
from accounts.permissions import audience, signed_in_user
from careplan_portal.lib.acting import Acting

READERS = (Role.OPERATOR, Role.AUDITOR)


@audience(*READERS)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    form = UserFilterForm(request.GET)
    page = Paginator(_found(form), 50).get_page(request.GET.get("page"))
    return render(request, "accounts/users.html", {"form": form, "page": page})


def _found(form: UserFilterForm) -> QuerySet[User]:
    if not form.is_valid():
        return queries.users(active=True)
    wanted = form.cleaned_data
    return queries.users(search=wanted["q"], role=wanted["role"], active=None if wanted["inactive"] else True)


@audience(Role.OPERATOR)
def user_new(request: HttpRequest) -> HttpResponse:
    form = UserNewForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (user := _made(request, form)):
        messages.success(request, f"{user.name}さんに、サインインを作るためのメールを送りました。")
        return redirect("accounts:user", user.pk)
    return render(request, "accounts/user_new.html", {"form": form})


def _made(request: HttpRequest, form: UserNewForm) -> User | None:
    wanted = form.cleaned_data
    acting = _acting(request, wanted["reason"])
    try:
        user = services.user_create(email=wanted["email"], name=wanted["name"], role=wanted["role"], acting=acting)
    except ValidationError as error:
        form.add_error("email", error.messages[0])
        return None
    services.user_invite(user=user, acting=acting)
    return user


@audience(*READERS)
@require_safe
def user(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    services.access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.ACCOUNT, subject_key=str(pk), reason=LookReason.CHECK
    )
    return render(request, "accounts/user.html", _context(request, person))


def _context(request: HttpRequest, person: User, **forms_: forms.Form) -> dict[str, Any]:
    return {
        "person": person,
        "events": queries.account_events(person)[:100],
        "second_factor": queries.has_second_factor(person),
        "may_change": signed_in_user(request).role == Role.OPERATOR and person.pk != request.user.pk,
        "role_form": RoleForm(initial={"role": person.role}, prefix="role"),
        "reason_form": ReasonForm(prefix="act"),
    } | forms_


@audience(Role.OPERATOR)
@require_POST
def user_role(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST, prefix="role")
    if not form.is_valid():
        return render(request, "accounts/user.html", _context(request, person, role_form=form), status=422)
    acting = _acting(request, form.cleaned_data["reason"])
    services.user_role_change(user=person, role=form.cleaned_data["role"], acting=acting)
    messages.success(request, "役割を変えました。この人のサインインは、すべて終わりました。")
    return redirect("accounts:user", pk)


@audience(Role.OPERATOR)
@require_POST
def user_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivate, reactivate, forget the second factor, sign out everywhere, send the mail again."""
    person = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST, prefix="act")
    if not form.is_valid():
        return render(request, "accounts/user.html", _context(request, person, reason_form=form), status=422)
    messages.success(request, _act(request.POST.get("do", ""), person, _acting(request, form.cleaned_data["reason"])))
    return redirect("accounts:user", pk)


def _act(do: str, person: User, acting: Acting) -> str:
    if do in ("deactivate", "reactivate"):
        services.user_active_change(user=person, active=do == "reactivate", acting=acting)
        return (
            "また使えるようにしました。" if do == "reactivate" else "使えなくしました。サインインはすべて終わりました。"
        )
    if do == "second-factor":
        services.user_second_factor_reset(user=person, acting=acting)
        return "二段階の確認をやり直せるようにしました。次のサインインで、新しく加えてもらいます。"
    if do == "sessions":
        services.user_sessions_end(user=person, acting=acting)
        return "この人のサインインを、すべて終わらせました。"
    if do == "invite":
        services.user_invite(user=person, acting=acting)
        return "サインインを作るためのメールを、もう一度送りました。"
    raise PermissionDenied


def _acting(request: HttpRequest, reason: str) -> Acting:
    actor = signed_in_user(request)
    return Acting(actor.pk, actor.role, reason)
