from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from accounts.permissions import audience
from careplan_portal import health
from careplan_portal.metrics import metrics_page
from careplan_portal.pages import views as pages
from careplan_portal.pages.demo import demo_clock

handler400 = "careplan_portal.errors.bad_request"
handler403 = "careplan_portal.errors.forbidden"
handler404 = "careplan_portal.errors.not_found"
handler500 = "careplan_portal.errors.server_error"

api_v1: list[URLPattern | URLResolver] = [
    path("", include("offices.api.urls")),
    path("", include("campaigns.api.urls")),
    path("", include("faq.api.urls")),
    path("", include("adoption.api.urls")),
    path("schema/", audience.public(SpectacularAPIView.as_view()), name="schema"),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path("api/v1/", include((api_v1, "api"))),
    path("admin/", admin.site.urls),
    path("faq/", include("faq.urls")),
    path("helpdesk/", include("helpdesk.urls")),
    path("adoption/", include("adoption.urls")),
    path("outreach/", include("outreach.urls")),
    path("outbox/", include("notices.urls")),
    path("links/", include("links.urls")),
    path("assets/portal-<str:digest>.css", pages.portal_css, name="portal-css"),
    path("demo/clock/", demo_clock, name="demo-clock"),
    path("", include("careplan_portal.pages.urls")),
    path("", include("offices.urls")),
    path("", include("licenses.urls")),
    path("", include("campaigns.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
]
