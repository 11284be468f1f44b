"""Pages about oneself: who is signed in, and how."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import queries, services
from accounts.forms import NameForm
from accounts.permissions import audience, lacks_second_factor, signed_in_user
from careplan_portal.lib.acting import Acting


@audience.entering
def me(request: HttpRequest) -> HttpResponse:
    """Name, address, ways to sign in."""
    user = signed_in_user(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        services.user_name_change(user=user, name=form.cleaned_data["name"], acting=Acting(user.pk, user.role))
        messages.success(request, "お名前を変えました。")
        return redirect("accounts:me")
    context = {"form": form, "second_factor": queries.has_second_factor(user), "owes": lacks_second_factor(request)}
    return render(request, "accounts/me.html", context)


@audience.entering
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where staff without a second factor are led: set one up, or show it."""
    if not lacks_second_factor(request):
        return redirect("accounts:me")
    context = {"ready": queries.has_second_factor(signed_in_user(request))}
    return render(request, "accounts/second_factor.html", context)


@audience.entering
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, also on the computer that was left open."""
    user = signed_in_user(request)
    services.user_sessions_end(user=user, acting=Acting(user.pk, user.role))
    messages.success(request, "すべての機器でサインアウトしました。もう一度サインインしてください。")
    return redirect("account_login")
