"""Pages about oneself: who is signed in, and how."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import audience


@audience.signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/me.html")
