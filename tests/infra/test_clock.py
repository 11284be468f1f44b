import datetime

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from careplan_portal.lib import clock
from tests.factories import make_user

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 4, 3)


@pytest.fixture(autouse=True)
def _no_fixed_day(settings) -> None:
    settings.PORTAL_TODAY = None


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-04-02T14:59:59+00:00", datetime.date(2026, 4, 2)),
        ("2026-04-02T15:00:00+00:00", DAY),
        ("2026-04-03T14:59:59+00:00", DAY),
    ],
)
def test_the_day_changes_at_midnight_in_japan(utc: str, day: datetime.date) -> None:
    with time_machine.travel(utc, tick=False):
        assert clock.today() == day


@pytest.mark.parametrize(("fixed", "demo"), [(DAY, None), (None, DAY), (DAY, datetime.date(2026, 4, 1))])
def test_the_later_of_fixed_day_and_demo_clock_counts(settings, fixed, demo) -> None:
    settings.PORTAL_TODAY = fixed
    if demo:
        clock.set_demo_day(demo)
    assert clock.today() == DAY


def test_production_knows_only_the_calendar(settings) -> None:
    clock.set_demo_day(datetime.date(2030, 1, 1))
    settings.PORTAL_ENV = "production"
    with time_machine.travel("2026-04-03T03:00:00+00:00", tick=False):
        assert clock.today() == DAY
    with pytest.raises(ImproperlyConfigured):
        clock.set_demo_day(DAY)


def test_now_has_the_business_day_and_the_time_of_the_wall(settings) -> None:
    settings.PORTAL_TODAY = DAY
    with time_machine.travel("2027-01-01T00:30:00+00:00", tick=False):
        assert clock.now().isoformat() == "2026-04-03T09:30:00+09:00"


def test_the_past_of_a_demo_happens_in_office_hours(settings) -> None:
    settings.PORTAL_TODAY = DAY
    before = DAY - datetime.timedelta(days=1)
    with time_machine.travel("2027-01-01T14:59:59+00:00", tick=False), clock.office_hours():
        times = [clock.now() for _ in range(2000)]
        assert clock.at(before).isoformat() == "2026-04-02T09:00:40+09:00"  # each day has its own hours
    assert times == sorted(times)
    assert {moment.date() for moment in times} == {DAY}
    assert (times[0].hour, times[-1].hour) == (9, 17)
    with time_machine.travel("2027-01-01T00:30:00+00:00", tick=False):
        assert clock.now().hour == 9  # the wall's again
        assert clock.now().minute == 30


def test_signing_in_is_noted_on_the_business_day(client: Client, settings) -> None:
    settings.PORTAL_TODAY = DAY
    person = make_user()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    person.refresh_from_db()
    assert clock.tokyo_day(person.last_login) == DAY


def test_a_request_keeps_one_day(client: Client, settings, rf) -> None:
    settings.PORTAL_TODAY = DAY
    seen = []

    def view(request):
        settings.PORTAL_TODAY = DAY + datetime.timedelta(days=1)
        seen.append(request.today)

    clock.ClockMiddleware(view)(rf.get("/"))
    assert seen == [DAY]
