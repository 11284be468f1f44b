"""A queue or a cache that is away does not undo, or refuse, what a person did."""

import pytest
from celery import current_app
from structlog.testing import capture_logs

from careplan_portal.lib.jobs import enqueue_on_commit
from careplan_portal.lib.throttle import Throttle

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def not_eager(monkeypatch):
    # By the name it has in the settings: of two names that one goes first.
    monkeypatch.setitem(current_app.conf, "CELERY_TASK_ALWAYS_EAGER", False)


@pytest.mark.django_db
@pytest.mark.parametrize("task", ["campaigns.tasks.application_notify", "nobody.knows.it"])
def test_work_that_cannot_be_queued_is_logged_and_the_act_stands(
    not_eager, django_capture_on_commit_callbacks, task
) -> None:
    with capture_logs() as logs, django_capture_on_commit_callbacks(execute=True):
        enqueue_on_commit(task, 1, "receipt", connection=current_app.connection_for_write(NOBODY), retry=False)
    assert [(line["event"], line["job"]) for line in logs] == [("job_not_queued", task)]


def test_without_the_cache_nothing_is_throttled(settings) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NOBODY}}
    with capture_logs() as logs:
        assert [Throttle("x", 1, 60).wait("me") for _ in range(3)] == [0, 0, 0]
    assert {line["event"] for line in logs} == {"throttle_without_cache"}
