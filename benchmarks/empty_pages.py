"""The portal's addresses with an empty page of each layout, which the main pages are held against."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from accounts.enums import Role
from accounts.permissions import audience
from careplan_portal.urls import handler400, handler403, handler404, handler500  # noqa: F401 - as in production
from careplan_portal.urls import urlpatterns as site


@audience.public
def empty(request: HttpRequest) -> HttpResponse:
    """The frame for everybody with nothing in it."""
    return HttpResponse(engines["django"].from_string('{% extends "base.html" %}').render({}, request))


@audience(Role.HELPDESK)
def empty_desk(request: HttpRequest) -> HttpResponse:
    """The frame of the helpdesk with nothing in it."""
    return HttpResponse(engines["django"].from_string('{% extends "base_desk.html" %}').render({}, request))


urlpatterns = [*site, path("bench/empty/", empty), path("bench/empty-desk/", empty_desk)]
