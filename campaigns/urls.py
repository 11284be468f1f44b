from django.urls import URLPattern, URLResolver, include, path

from campaigns.views import check, filing, granting, identity, letters, operator, receipt, status

app_name = "campaigns"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", check.start, name="start"),
    path("check/", check.number, name="check"),
    path("check/term/", check.term, name="check-term"),
    path("check/free-pass/", check.free_pass, name="check-free-pass"),
    path("check/renewal/", check.renewal, name="check-renewal"),
    path("check/result/", check.result, name="check-result"),
    path("apply/", filing.begin, name="filing-begin"),
    path("apply/paper.pdf", identity.paper_form, name="paper-form"),
    path("apply/<str:key>/", filing.resume, name="filing"),
    path("apply/<str:key>/check/", filing.check, name="filing-check"),
    path("apply/<str:key>/saved/", filing.saved, name="filing-saved"),
    path("apply/<str:key>/<slug:name>/", filing.step, name="filing-step"),
    path("receipt/<str:token>/", receipt.receipt, name="receipt"),
    path("receipt/<str:token>/receipt.pdf", receipt.paper, name="receipt-pdf"),
    path("receipt/<str:token>/ask/", receipt.ask_members, name="receipt-ask"),
    path("receipt/<str:token>/join/", receipt.join, name="receipt-join"),
    path("status/", status.status, name="status"),
    path("code/", identity.code, name="code"),
    path("code/done/<str:token>/", identity.code_done, name="code-done"),
    path("confirm/<str:receipt_number>/", identity.confirm, name="confirm"),
    path("letters/", letters.letters, name="letters"),
    path("letters/print/", letters.letters_print, name="letters-print"),
    path("letters/<int:pk>/again/", letters.letter_again, name="letter-again"),
    path("letters/<int:pk>/returned/", letters.letter_returned, name="letter-returned"),
    path("letters/runs/", letters.letter_runs, name="letter-runs"),
    path("letters/runs/<int:pk>/", letters.letter_run, name="letter-run"),
    path("letters/runs/<int:pk>/again/", letters.letter_run_again, name="letter-run-again"),
    path("campaigns/", operator.campaigns, name="operator"),
    path("campaigns/new/", operator.campaign_new, name="operator-new"),
    path("campaigns/new/record/", operator.campaign_record, name="operator-new-record"),
    path("campaigns/grant/", granting.grant, name="operator-grant"),
    path("campaigns/grant/confirm/", granting.grant_confirm, name="operator-grant-confirm"),
    path("campaigns/grant/send/", granting.grant_send, name="operator-grant-send"),
    path("campaigns/<int:pk>/", operator.campaign, name="operator-campaign"),
    path("campaigns/<int:pk>/record/", operator.campaign_record, name="operator-record"),
    path("", include("campaigns.views.my.urls")),
]
