"""One sign-in a role and a few more, in the demo only."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import services
from accounts.adapters import home
from accounts.enums import Role
from accounts.forms import ADMINISTRATOR, CLERK, DemoSignInForm
from accounts.permissions import audience
from careplan_portal.lib import clock

BACKEND = "django.contrib.auth.backends.ModelBackend"
OTHERS = {CLERK: services.demo_clerk, ADMINISTRATOR: services.demo_administrator}


@audience.public
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    form = DemoSignInForm(request.POST)
    if settings.PORTAL_ENV != "demo" or not form.is_valid():
        raise Http404
    role = form.cleaned_data["role"]
    user = OTHERS[role]() if role in OTHERS else services.demo_user(role=Role(role))
    login(request, user, backend=BACKEND)
    # As a sign-in with a password does, on the demo's day.
    UserSession.objects.create_from_request(request)
    UserSession.objects.filter(session_key=request.session.session_key).update(created_at=clock.now())
    return redirect(form.cleaned_data["next"] or home(user.role))
