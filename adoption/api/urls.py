from django.urls import path

from adoption.api import views

app_name = "adoption_api"

urlpatterns = [
    path("adoption/", views.AdoptionView.as_view(), name="adoption"),
    path("offices/<str:business_number>/usage/", views.UsageView.as_view(), name="usage"),
    path("usage/", views.UsageManyView.as_view(), name="usage-many"),
]
