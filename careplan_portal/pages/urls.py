from django.urls import path

from careplan_portal.pages import audit, views

app_name = "pages"

urlpatterns = [
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("terms/", views.terms, name="terms"),
    path("terms/<int:version>/", views.terms, name="terms-version"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/<int:version>/", views.privacy, name="privacy-version"),
    path("records/deeds/", audit.done, name="deeds"),
    path("records/deeds.csv", audit.done_file, name="deeds-file"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("styleguide/", views.styleguide_page, name="styleguide"),
    path("styleguide/specimen.pdf", views.specimen, name="specimen"),
    path("styleguide/desk/", views.styleguide_page, {"template": "pages/styleguide_desk.html"}, name="styleguide-desk"),
]
