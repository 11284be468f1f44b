import datetime

from django.http import HttpRequest


class Request(HttpRequest):
    """A request as the middleware leaves it: with the business day, and whether htmx asks."""

    today: datetime.date
    htmx: bool
