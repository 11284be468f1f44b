from django.urls import path

from faq.views import desk, learning, public, telling

app_name = "faq"

urlpatterns = [
    path("", public.index, name="index"),
    path("suggest/", public.suggest, name="suggest"),
    path("asked/", telling.asked, name="asked"),
    path("booklet.pdf", public.booklet, name="booklet"),
    path("software/", public.topic, {"key": "software"}, name="software"),
    path("topics/<slug:key>/", public.topic, name="topic"),
    path("for/<slug:who>/", public.for_audience, name="audience"),
    path("desk/", desk.desk, name="desk"),
    path("desk/new/", desk.new, name="desk-new"),
    path("desk/week/", learning.weekly, name="desk-week"),
    path("desk/words/", learning.words, name="desk-words"),
    path("desk/<slug:slug>/", desk.edit, name="desk-edit"),
    path("desk/<slug:slug>/preview/", desk.preview, name="desk-preview"),
    path("desk/<slug:slug>/publish/", desk.publish, name="desk-publish"),
    path("desk/<slug:slug>/discard/", desk.discard, name="desk-discard"),
    path("desk/<slug:slug>/withdraw/", desk.withdraw, name="desk-withdraw"),
    path("desk/<slug:slug>/review/", desk.review, name="desk-review"),
    path("desk/<slug:slug>/history/", desk.history, name="desk-history"),
    path("<slug:slug>/", public.entry, name="entry"),
    path("<slug:slug>/feedback/", telling.feedback, name="feedback"),
    path("<slug:slug>/opened/", telling.opened, name="opened"),
]
