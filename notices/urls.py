from django.urls import URLPattern, URLResolver, path

from notices.views import leading, letters, outbox, returned

app_name = "notices"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", outbox.outbox, name="outbox"),
    path("<int:pk>/", outbox.notice, name="notice"),
    path("deliveries/<int:pk>/again/", outbox.again, name="delivery-again"),
    path("letters/", letters.letters, name="letters"),
    path("letters/print/", letters.print_batch, name="letters-print"),
    path("letters/<int:pk>/again/", letters.letter_again, name="letter-again"),
    path("letters/<int:pk>/returned/", letters.letter_returned, name="letter-returned"),
    path("runs/<int:pk>/", letters.run, name="run"),
    path("runs/<int:pk>/again/", letters.run_again, name="run-again"),
    path("returned/", returned.returned, name="returned"),
    path("returned/<int:pk>/settle/", returned.settle, name="settle"),
    path("lead-times/", leading.lead_times, name="lead-times"),
    path("lead-times/record/", leading.record, name="lead-times-record"),
]
