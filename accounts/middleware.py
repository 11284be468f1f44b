"""Writes who looked at what, once the view is done."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.services import recording


class AccessRecordMiddleware:
    """Stands outside everything that may roll back or forbid writing (see ``accounts.services.access_record``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with recording():
            return self.get_response(request)
