"""The demo's clock: buttons that let the days pass, with every night's work. Only in the demo."""

from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.permissions import audience
from campaigns.queries import campaign_on
from careplan_portal.lib.clock import day_of
from careplan_portal.lib.dates import day_after
from careplan_portal.nightly import ADVANCING, advance_demo
from licenses.queries import next_renewal_after
from offices.models import Membership

STARTING = "demo-clock-target"


@audience.public
@require_http_methods(["GET", "HEAD", "POST"])
def demo_clock(request: HttpRequest) -> HttpResponse:
    """POST starts the nights in the worker; GET shows how far they are and comes back by itself."""
    if settings.PORTAL_ENV not in ("demo", "test"):
        raise Http404
    if request.method == "POST":
        return _start(request)
    return _progress(request)


def _start(request: HttpRequest) -> HttpResponse:
    until = target(request, request.POST.get("to", ""))
    if until > day_of(request):
        cache.set(STARTING, until.isoformat(), timeout=1800)
        advance_demo.delay(until.isoformat())
    return redirect(f"{request.path}?next={_back(request, request.POST.get('next', '/'))}")


def _progress(request: HttpRequest) -> HttpResponse:
    back = _back(request, request.GET.get("next", "/"))
    until = cache.get(STARTING)
    if until is None or (date.fromisoformat(until) <= day_of(request) and cache.get(ADVANCING) is None):
        return redirect(back)
    page = render(request, "pages/demo_clock.html", {"until": date.fromisoformat(until), "back": back})
    page["Refresh"] = "1"
    return page


def target(request: HttpRequest, to: str) -> date:
    """The day that a button means; today for a word that no button sends."""
    today = day_of(request)
    if to == "renewal":
        mine = (
            Membership.objects.current(today).filter(user_id=request.user.pk or 0).values_list("office_id", flat=True)
        )
        return next_renewal_after(today, mine) or today
    steps = {"day": day_after(today), "week": today + timedelta(days=7), "close": campaign_on(today).closes_on}
    return steps.get(to, today)


def _back(request: HttpRequest, path: str) -> str:
    own = url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return path if own and path.startswith("/") else "/"
