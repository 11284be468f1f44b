"""The clock, read once at the edge: views use ``request.today``, commands and tasks call ``today()`` once."""

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")

# Probes must answer while the database is away, and outside production the day may be kept there.
_WITHOUT_DAY = frozenset({"/healthz", "/readyz", "/metrics"})


def tokyo_day(moment: datetime.datetime) -> datetime.date:
    """The calendar day in Japan at an aware moment (rules count calendar days in Asia/Tokyo)."""
    return moment.astimezone(TOKYO).date()


def today() -> datetime.date:
    """The business day. In production the calendar day in Japan; elsewhere the later of PORTAL_TODAY and the
    demo clock kept in the database, and the calendar day when neither is set."""
    if settings.PORTAL_ENV != "production":
        fixed = [day for day in (settings.PORTAL_TODAY, demo_day()) if day is not None]
        if fixed:
            return max(fixed)
    return tokyo_day(timezone.now())


def now() -> datetime.datetime:
    """The moment to print on papers and records, in Japan's time: today() at the clock time of the wall."""
    return datetime.datetime.combine(today(), timezone.now().astimezone(TOKYO).timetz())


def demo_day() -> datetime.date | None:
    """The day the demo clock stands at, or None when it was never advanced."""
    from careplan_portal.lib.models import DemoClock

    return DemoClock.objects.values_list("day", flat=True).first()


def set_demo_day(day: datetime.date) -> datetime.date:
    """Keep ``day`` as the demo's business day; refused in production. Returns the business day that results,
    which is PORTAL_TODAY when that is later."""
    if settings.PORTAL_ENV == "production":
        raise ImproperlyConfigured("本番環境では業務日を変えられません。")
    from careplan_portal.lib.models import DemoClock

    DemoClock.objects.update_or_create(id=1, defaults={"day": day})
    return today()


def day_of(request: HttpRequest) -> datetime.date:
    """The business day that ClockMiddleware read for this request."""
    day: datetime.date = request.today  # type: ignore[attr-defined]
    return day


class ClockMiddleware:
    """Sets ``request.today`` once, so a request that runs over midnight keeps one day."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in _WITHOUT_DAY:
            request.today = today()  # type: ignore[attr-defined]
        return self.get_response(request)
