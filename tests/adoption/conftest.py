"""A small country: two prefectures, four municipalities, offices of several services, three years of history."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from campaigns.models import Campaign, FreePassApplication
from careplan_portal.lib.acting import NIGHT
from careplan_portal.lib.dates import year_from
from licenses.models import FeeSchedule, LicenseTerm
from licenses.services import (
    Refused,
    license_make_free,
    license_open_free,
    license_start_paid,
    reservation_file,
    roll_over,
    stop_file,
)
from offices.models import Office, OfficeService
from tests.factories import make_office

TOTTORI, SHIMANE = "310000", "320005"
YONAGO, TOTTORI_CITY, MATSUE = "312029", "312011", "322016"
SAPPORO_WARD, SAPPORO, HOKKAIDO = "011011", "011002", "010006"
PLACES = (YONAGO, TOTTORI_CITY, MATSUE, SAPPORO_WARD)
SERVICES = (("43",), ("15",), ("11",), ("13",), ("43", "11"), ("15", "21"), ("32", "43"))
FIRST = date(2025, 4, 1)
JST = ZoneInfo("Asia/Tokyo")


def open_office(place: str, services: tuple[str, ...] = ("43",), **fields: object) -> Office:
    """An office in a municipality with listed services."""
    from offices.models import Municipality

    municipality = Municipality.objects.get(code=place)
    office = make_office(municipality=municipality, prefecture_id=municipality.prefecture_id, **fields)
    for code in services:
        OfficeService.objects.create(office=office, service_key=code, service_type_id=code, name=office.name)
    return office


def free(office: Office, on: date) -> LicenseTerm:
    return license_open_free(office_id=office.pk, starts_on=on, filed_on=on, today=on, acting=NIGHT)


def paid(office: Office, on: date) -> LicenseTerm:
    return license_start_paid(office_id=office.pk, today=on, acting=NIGHT)


def application(office: Office, on: date) -> FreePassApplication:
    """A filing of a day, as a visitor leaves it."""
    return FreePassApplication.objects.create(
        receipt_number=f"T-{uuid4().hex[:12]}", form_key=uuid4(), campaign=Campaign.objects.earliest("opens_on"),
        office=office, channel="visitor", filed_on=on, filed_at=datetime.combine(on, time(10), JST),
        applicant_name="木村", applicant_phone="0859-00-0000", applicant_email="k@x.example", terms_version="1",
        privacy_version="1", starts_on=on, ends_on=on + timedelta(days=364), answer={}, prove_by=on + timedelta(days=30),
    )  # fmt: skip


Country = Callable[..., list[Office]]


@pytest.fixture
def country(db: None) -> Country:
    """`country(seed, offices=40, days=500)`: a history lived through the real services, night by night."""
    if not FeeSchedule.objects.exists():
        FeeSchedule.objects.create(starts_on=date(2020, 1, 1), yen=21000)

    def live(seed: int, offices: int = 40, days: int = 420) -> list[Office]:
        luck = random.Random(seed)
        made = [
            open_office(
                luck.choice(PLACES), luck.choice(SERVICES), latitude=35 + luck.random(), longitude=133 + luck.random()
            )
            for _ in range(offices)
        ]
        day = FIRST
        while day < FIRST + timedelta(days=days):
            roll_over(on=day, acting=NIGHT)
            for _ in range(luck.choice((0, 0, 1))):
                _act(luck, luck.choice(made), day)
            day += timedelta(days=luck.choice((1, 3, 9)))
        return made

    return live


def _act(luck: random.Random, office: Office, day: date) -> None:
    acts = [
        lambda: paid(office, day),
        lambda: paid(office, day),
        lambda: free(office, day),
        lambda: free(office, day),
        lambda: stop_file(office_id=office.pk, today=day, acting=NIGHT),
        lambda: reservation_file(office_id=office.pk, kind="free_pass", filed_on=day, today=day, acting=NIGHT),
        lambda: _late(office, day),
        lambda: _begun(office, day),
        lambda: _close(office, day),
    ]
    with suppress(Refused):
        luck.choice(acts)()


def _late(office: Office, day: date) -> None:
    """Identity proved late: the free term runs from a month ago (R16)."""
    license_open_free(office_id=office.pk, starts_on=day - timedelta(days=28), filed_on=day, today=day, acting=NIGHT)


def _begun(office: Office, day: date) -> None:
    """A paid term that began turns free from its start (R6)."""
    term = LicenseTerm.objects.filter(license__office=office, pricing="paid").order_by("-starts_on").first()
    if term is not None and year_from(term.starts_on).ends_on >= day:
        license_make_free(office_id=office.pk, starts_on=term.starts_on, filed_on=day, today=day, acting=NIGHT)


def _close(office: Office, day: date) -> None:
    office.closed_on = day
    office.save(update_fields=["closed_on"])
