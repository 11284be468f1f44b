from django.urls import path, re_path

from adoption.views import boards, data, near, officers, reports

app_name = "adoption"

urlpatterns = [
    path("", boards.index, name="index"),
    path("find/", boards.find, name="find"),
    path("definitions/", data.definitions, name="definitions"),
    path("data/", data.index, name="data"),
    re_path(r"^data/(?P<name>[a-z0-9]+)\.(?P<kind>csv|xlsx)$", data.file, name="file"),
    path("near/<str:business_number>/", near.near, name="near"),
    path("near/<str:business_number>/part/", near.part, name="near-part"),
    path("areas/", officers.areas, name="areas"),
    path("areas/<slug:code>/", boards.area, name="area"),
    path("areas/<slug:code>/offices/", officers.offices, name="offices"),
    path("areas/<slug:code>/offices.csv", officers.offices, {"kind": "csv"}, name="offices-file"),
    path("areas/<slug:code>/next/", officers.whom_next, name="next"),
    path("areas/<slug:code>/next.csv", officers.whom_next, {"kind": "csv"}, name="next-file"),
    path("areas/<slug:code>/next/<str:business_number>/", officers.call, name="call"),
    path("areas/<slug:code>/next/<str:business_number>/undo/", officers.call_back, name="call-undo"),
    path("areas/<slug:code>/reports/", reports.area_reports, name="area-reports"),
    path("areas/<slug:code>/reports/wish/", reports.wish, name="report-wish"),
    re_path(
        r"^areas/(?P<code>[-\w]+)/reports/(?P<kind>[a-z]+)_(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.pdf$",
        reports.area_report,
        name="area-report-pdf",
    ),
    path("areas/<slug:code>/report.pdf", officers.report, name="report"),
    path("areas/<slug:code>/cards/<slug:key>/", boards.area_card, name="area-card"),
    re_path(
        r"^areas/(?P<code>[-\w]+)/cards/(?P<key>[a-z]+)\.(?P<kind>csv|xlsx|svg|png)$",
        boards.area_card,
        name="area-file",
    ),
    re_path(r"^(?P<code>[0-9]{6})/$", boards.place, name="place"),
    re_path(r"^(?P<code>[0-9]{6})/reports/$", reports.place_reports, name="reports"),
    re_path(
        r"^(?P<code>[0-9]{6})/reports/(?P<kind>[a-z]+)_(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.pdf$",
        reports.place_report,
        name="place-report-pdf",
    ),
    re_path(r"^(?P<code>[0-9]{6})/cards/(?P<key>[a-z]+)/$", boards.card, name="card"),
    re_path(r"^(?P<code>[0-9]{6})/cards/(?P<key>[a-z]+)\.(?P<kind>csv|xlsx|svg)$", boards.card, name="card-file"),
]
