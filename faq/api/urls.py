from django.urls import path

from faq.api.views import SearchView

app_name = "faq_api"

urlpatterns = [path("faq/search/", SearchView.as_view(), name="faq-search")]
