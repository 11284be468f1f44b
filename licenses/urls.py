from django.urls import URLPattern, URLResolver, path

from careplan_portal.lib import converters  # noqa: F401 - makes <day:…> and <month:…> known
from licenses.views import nights, papers

app_name = "licenses"

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/<str:number>/documents/", papers.documents, name="documents"),
    path("documents/<str:code>/", papers.document, name="document"),
    path("documents/<str:code>/pdf/", papers.document_file, name="document-file"),
    path("verify/", papers.verify_ask, name="verify-ask"),
    path("verify/<str:code>/", papers.verify, name="verify"),
    path("nights/", nights.nights, name="nights"),
    path("nights/again/", nights.again, name="nights-again"),
    path("nights/<day:on>/", nights.night, name="night"),
    path("nights/<day:on>/proof.json", nights.night_proof, name="night-proof"),
    path("nights/alarms/<int:pk>/close/", nights.alarm_close, name="alarm-close"),
]
