from django.urls import URLPattern, URLResolver

app_name = "adoption_api"

urlpatterns: list[URLPattern | URLResolver] = []
