from django.urls import URLPattern, URLResolver

app_name = "licenses"

urlpatterns: list[URLPattern | URLResolver] = []
