from django.urls import URLPattern, URLResolver, path

from careplan_portal.lib import converters  # noqa: F401 - makes <day:…> and <month:…> known
from licenses.views import bills, fees, nights, papers, set_asides, vanished

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
    path("nights/set-asides/<int:pk>/", set_asides.set_aside, name="set-aside"),
    path("nights/set-asides/<int:pk>/repair/", set_asides.repair, name="set-aside-repair"),
    path("nights/alarms/<int:pk>/close/", nights.alarm_close, name="alarm-close"),
    path("fees/", fees.fees, name="fees"),
    path("fees/record/", fees.fee_record, name="fee-record"),
    path("fees/end/", fees.end, name="programme-end"),
    path("fees/end/record/", fees.end_record, name="programme-end-record"),
    path("bills/", bills.bills, name="bills"),
    path("bills/<month:first>/", bills.bill, name="bill"),
    path("bills/<month:first>/list.csv", bills.bill_csv, name="bill-csv"),
    path("bills/<month:first>/list-<int:number>.pdf", bills.bill_paper_file, name="bill-paper"),
    path("bills/<month:first>/papers/", bills.bill_papers_make, name="bill-papers"),
    path("bills/<month:first>/record/", bills.bill_record, name="bill-record"),
    path("imports/vanished/", vanished.vanished, name="vanished"),
    path("imports/vanished/many/", vanished.vanished_many, name="vanished-many"),
    path("imports/vanished/<int:pk>/", vanished.vanished_one, name="vanished-one"),
    path("imports/vanished/<int:pk>/decide/", vanished.vanished_decide, name="vanished-decide"),
]
