"""Pages without data of their own, the stylesheet, and what robots and helpers ask for."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import audience
from careplan_portal.lib import pdf, policies
from careplan_portal.lib.templatetags.portal_parts import portal_stylesheet
from careplan_portal.pages import styleguide

YEAR = 365 * 24 * 60 * 60


@audience.public
@require_safe
def portal_css(request: HttpRequest, digest: str) -> HttpResponse:
    """The joined stylesheet; an outdated address leads to the one of today."""
    sheet = portal_stylesheet()
    if digest != sheet.digest:
        response: HttpResponse = HttpResponse(sheet.body, content_type="text/css; charset=utf-8")
        response["Cache-Control"] = "no-cache"
        return response
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.gzipped if zipped else sheet.body, content_type="text/css; charset=utf-8")
    if zipped:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@audience.public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@audience.public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@audience.public
@require_safe
def terms(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return _policy(request, policies.TERMS, version)


@audience.public
@require_safe
def privacy(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return _policy(request, policies.PRIVACY, version)


def _policy(request: HttpRequest, versions: tuple[policies.Policy, ...], version: int | None) -> HttpResponse:
    in_force = policies.in_force(versions, request.today)  # type: ignore[attr-defined]
    shown = in_force if version is None else next((p for p in versions if p.version == version), None)
    if shown is None:
        raise Http404
    context = {"policy": shown, "in_force": in_force, "versions": versions}
    return render(request, shown.template, context)


@audience.public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Only production may be found by search engines, and there only what is for everybody."""
    closed = ["/"] if settings.PORTAL_ENV != "production" else ["/accounts/", "/admin/", "/helpdesk/", "/operator/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@audience.public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it whatever the page says."""
    return HttpResponsePermanentRedirect(f"{settings.STATIC_URL}img/favicon.svg")


@audience.public
@require_safe
def specimen(request: HttpRequest) -> HttpResponse:
    """A paper as every document of the portal is made; not in production."""
    if settings.PORTAL_ENV == "production":
        raise Http404
    context = {"today": styleguide.TODAY, "number": styleguide.NUMBER}
    return HttpResponse(
        pdf.render("documents/specimen.html", context, title="書類の見本"), content_type="application/pdf"
    )


@audience.public
@require_safe
def styleguide_page(request: HttpRequest, template: str = "pages/styleguide.html") -> HttpResponse:
    """Every component in every state; not in production."""
    if settings.PORTAL_ENV == "production":
        raise Http404
    return render(request, template, styleguide.context(request))
