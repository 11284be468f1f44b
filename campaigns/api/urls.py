from django.urls import URLPattern, URLResolver

app_name = "campaigns_api"

urlpatterns: list[URLPattern | URLResolver] = []
