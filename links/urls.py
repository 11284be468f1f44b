from django.urls import URLPattern, URLResolver, path

from links import views

app_name = "links"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.elsewhere, name="elsewhere"),
    path("desk/", views.desk, name="desk"),
    path("desk/new/", views.new, name="new"),
    path("desk/<slug:key>/", views.link, name="link"),
    path("desk/<slug:key>/words/", views.reword, name="reword"),
    path("desk/<slug:key>/address/", views.address, name="address"),
    path("desk/<slug:key>/checked/", views.checked, name="checked"),
    path("desk/<slug:key>/withdraw/", views.withdraw, name="withdraw"),
]
