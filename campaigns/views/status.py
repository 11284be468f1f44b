"""The public status page: words only, for whoever holds both numbers, and not too often."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import audience
from campaigns.forms.identity import StatusForm
from campaigns.permissions import status_throttle
from campaigns.queries import Receipt, application_by_receipt, receipt_of
from careplan_portal.lib.http import client_ip
from careplan_portal.lib.templatetags.portal_parts import TONE_ICONS
from careplan_portal.lib.throttle import too_many


@audience.public
@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """Neither name nor dates of the licence; a wrong pair says the same, whichever number is wrong."""
    form = StatusForm(request.GET or None)
    context: dict[str, Any] = {"form": form, "receipt": None, "missed": False}
    if form.is_bound:
        wait = status_throttle().wait(client_ip(request))
        if wait:
            return too_many(request, wait)
        if form.is_valid():
            application = application_by_receipt(form.cleaned_data["receipt"])
            if application is not None and application.office.business_number != form.cleaned_data["number"]:
                application = None
            context["missed"] = application is None
            context["receipt"] = receipt_of(application, request.today) if application else None  # type: ignore[attr-defined]
    shown = context["receipt"]
    context["sign"] = TONE_ICONS[shown.told.tone] if isinstance(shown, Receipt) else ""
    return render(request, "campaigns/status/status.html", context)
