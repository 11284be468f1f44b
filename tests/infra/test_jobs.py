import pytest
from celery import shared_task
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
