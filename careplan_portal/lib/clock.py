"""The clock, read once at the edge: views use ``request.today``, commands and tasks call ``today()`` once."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    return at(today())


def at(day: datetime.date) -> datetime.datetime:
    """The moment to record for an act of a business day, in Japan's time: that day at the clock time of the wall,
    which in a demo shows another day; or in office hours (`office_hours`)."""
    if _past is not None:
        return _past.next(day)
    return on(day, timezone.now())


def on(day: datetime.date, moment: datetime.datetime) -> datetime.datetime:
    """The business day ``day`` at the clock time of ``moment``, in Japan's time."""
    return datetime.datetime.combine(day, moment.astimezone(TOKYO).timetz())


class _OfficeHours:
    """Moments from nine in the morning, each a little later than the one before on its day, to five at the latest."""

    STEP, LENGTH = 40, 8 * 3600

    def __init__(self) -> None:
        self._asked: Counter[datetime.date] = Counter()

    def next(self, day: datetime.date) -> datetime.datetime:
        self._asked[day] += 1
        passed = datetime.timedelta(seconds=min(self._asked[day] * self.STEP, self.LENGTH))
        return datetime.datetime.combine(day, datetime.time(9), tzinfo=TOKYO) + passed


_past: _OfficeHours | None = None


@contextmanager
def office_hours() -> Iterator[None]:
    """While the past of a demo is made within minutes, acts are recorded as if people had done them in their hours."""
    global _past
    _past = _OfficeHours()
    try:
        yield
    finally:
        _past = None


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
