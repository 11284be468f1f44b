"""What is answered when nothing else was: pages for people, problem details for programs."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.views import defaults
from django.views.csrf import csrf_failure

from careplan_portal.lib import handback
from careplan_portal.lib.http import DETAILS, TITLES, problem, wants_problem

# Seconds after which a browser or a program may try again when the database is away.
RETRY_AFTER = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(400) if wants_problem(request) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(403) if wants_problem(request) else defaults.permission_denied(request, exception)


def stale_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a good token (settings.CSRF_FAILURE_VIEW): from a page of ours it is handed back, unsent."""
    return handback.stale(request) or csrf_failure(request, reason)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(404) if wants_problem(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    # Django calls this inside its except block, so the reason can still be asked for.
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    if wants_problem(request):
        return problem(status, retry_after=RETRY_AFTER if away else None)
    response = HttpResponse((away and handback.away(request)) or _page(status), status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _page(status: int) -> str:
    # Rendered without context: nothing here may need the database that is perhaps away.
    try:
        return get_template(f"{status}.html").render()
    except TemplateDoesNotExist:
        return f'<!doctype html><html lang="ja"><title>{TITLES[status]}</title><h1>{TITLES[status]}</h1><p>{DETAILS[status]}</p>'
