from django.urls import URLPattern, URLResolver, path

from offices.views import areas, imports

app_name = "offices"

urlpatterns: list[URLPattern | URLResolver] = [
    path("imports/", imports.imports, name="imports"),
    path("imports/upload/", imports.upload, name="import-upload"),
    path("imports/<int:pk>/", imports.job, name="import"),
    path("imports/<int:pk>/rejects.csv", imports.rejects, name="import-rejects"),
    path("imports/<int:pk>/gone.csv", imports.gone, name="import-gone-csv"),
    path("imports/<int:pk>/confirm/", imports.confirm, name="import-confirm"),
    path("imports/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("imports/<int:pk>/resume/", imports.resume, name="import-resume"),
    path("areas/", areas.areas, name="areas"),
    path("areas/new/", areas.area_new, name="area-new"),
    path("areas/colleagues/", areas.colleagues, name="colleagues"),
    path("areas/colleagues/<int:user_id>/reset/", areas.colleague_reset, name="colleague-reset"),
    path("areas/<slug:code>/", areas.area, name="area"),
    path("areas/<slug:code>/change/", areas.area_change, name="area-change"),
    path("areas/<slug:code>/officers/", areas.officer_add, name="officer-add"),
    path("areas/<slug:code>/officers/<int:user_id>/", areas.officer_change, name="officer-change"),
]
