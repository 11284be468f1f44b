"""What a page says when something was tried too often."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429 with the seconds after which it may be tried again."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(wait)
    return response
