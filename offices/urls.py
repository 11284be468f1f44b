from django.urls import URLPattern, URLResolver, path

from offices.views import imports

app_name = "offices"

urlpatterns: list[URLPattern | URLResolver] = [
    path("imports/", imports.imports, name="imports"),
    path("imports/upload/", imports.upload, name="import-upload"),
    path("imports/<int:pk>/", imports.job, name="import"),
    path("imports/<int:pk>/rejects.csv", imports.rejects, name="import-rejects"),
    path("imports/<int:pk>/confirm/", imports.confirm, name="import-confirm"),
    path("imports/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("imports/<int:pk>/resume/", imports.resume, name="import-resume"),
]
