from django.urls import path

from campaigns.api import views

app_name = "campaigns_api"

urlpatterns = [
    path("free-pass/assessment/", views.AssessmentView.as_view(), name="assessment"),
]
