from django.urls import URLPattern, URLResolver

app_name = "faq_api"

urlpatterns: list[URLPattern | URLResolver] = []
