from django.urls import URLPattern, URLResolver

app_name = "offices_api"

urlpatterns: list[URLPattern | URLResolver] = []
