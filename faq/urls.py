from django.urls import URLPattern, URLResolver

app_name = "faq"

urlpatterns: list[URLPattern | URLResolver] = []
