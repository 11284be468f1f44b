from django.urls import URLPattern, URLResolver, path

from licenses import views

app_name = "licenses"

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/<str:number>/documents/", views.documents, name="documents"),
    path("documents/<str:code>/", views.document, name="document"),
    path("documents/<str:code>/pdf/", views.document_file, name="document-file"),
    path("verify/", views.verify_ask, name="verify-ask"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
