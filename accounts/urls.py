from django.urls import URLPattern, URLResolver, path

from accounts.views import demo, me, records, users

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", me.me, name="me"),
    path("me/second-factor/", me.second_factor, name="second-factor"),
    path("me/sessions-end/", me.sessions_end, name="sessions-end"),
    path("demo/sign-in/", demo.demo_sign_in, name="demo-sign-in"),
    path("users/", users.users, name="users"),
    path("users/new/", users.user_new, name="user-new"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/role/", users.user_role, name="user-role"),
    path("users/<int:pk>/act/", users.user_act, name="user-act"),
    path("records/", records.records, name="records"),
    path("records/looks.csv", records.records_file, name="records-file"),
]
