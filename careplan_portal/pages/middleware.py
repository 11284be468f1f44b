"""The page for people who opened an address in a way it does not answer to."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

from careplan_portal.lib.http import wants_problem

PAGES_KNOW = ("GET", "HEAD", "POST", "OPTIONS")
"""No page is asked in another way, whatever the view behind it would take: forms know these."""


class NotAllowedMiddleware:
    """Django answers 405 without a word; people get a page, programs keep their problem details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in PAGES_KNOW or request.path.startswith("/api/"):
            response = self.get_response(request)
        else:
            response = HttpResponseNotAllowed(PAGES_KNOW)
        if response.status_code == 405 and not response.content and not wants_problem(request):
            response.content = render_to_string("405.html").encode()
            response["Content-Type"] = "text/html; charset=utf-8"
            # Further in, the length of an empty answer was noted.
            response["Content-Length"] = str(len(response.content))
        return response
