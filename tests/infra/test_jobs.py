import pytest
from celery import current_app, shared_task
from django.db import transaction

from careplan_portal.lib.jobs import enqueue_on_commit

ran: list[int] = []


@shared_task(name="tests.note")
def note(number: int) -> None:
    ran.append(number)


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


@pytest.mark.django_db(transaction=True)
def test_a_job_starts_only_after_commit() -> None:
    with transaction.atomic():
        enqueue_on_commit("tests.note", 7)
        assert ran == []
    assert ran == [7]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_queues_nothing() -> None:
    with transaction.atomic():
        enqueue_on_commit("tests.note", 7)
        transaction.set_rollback(True)
    assert ran == []


def test_a_paper_that_somebody_waits_for_stands_in_a_queue_of_its_own() -> None:
    """tests/infra/test_logs.py shows that a worker takes from it without being told to."""
    current_app.loader.import_default_modules()
    queues = {
        name: current_app.amqp.router.route({}, name)["queue"].name
        for name in ("licenses.tasks.document_make", "licenses.tasks.night_alarm_mail", "careplan_portal.nightly.run")
    }
    assert queues == {
        "licenses.tasks.document_make": "papers",
        "licenses.tasks.night_alarm_mail": "celery",
        "careplan_portal.nightly.run": "celery",
    }
    assert set(current_app.amqp.queues) == {"celery", "papers"}, "what a worker takes from"
