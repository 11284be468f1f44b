"""The real register: however a number, telephone, kana or name is said, its office is found first."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from benchmarks.spellings import missed, spellings
from helpdesk.queries.lookup import find
from offices.models import Office
from offices.services.importing import offices_import
from offices.services.reference import load_reference
from tests.helpdesk.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FILES = ("120", "155", "230", "332", "361", "362", "530", "550")
OFFICES = 30
AT_LEAST = 80


@pytest.fixture
def real(shared_dir: Path, tmp_path: Path, settings: Any, db: None) -> list[Office]:
    """Some thousand real offices, of which thirty, evenly spaced, are sought."""
    settings.PORTAL_HOME = tmp_path
    load_reference()
    files = [shared_dir / "data" / "offices" / f"jigyosho_{number}.csv.gz" for number in FILES]
    offices_import(files=files, as_of=date(2025, 12, 31), tell=lambda _text: None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE offices_office")
        cursor.execute("SELECT gin_clean_pending_list('office_bigrams')")
    offices = list(Office.objects.select_related("municipality", "prefecture").order_by("business_number"))
    assert len(offices) > 3000
    return offices[:: len(offices) // OFFICES][:OFFICES]


def test_every_spelling_finds_its_office(real: list[Office]) -> None:
    """First, or among the first three where several share the name or the telephone."""
    asked = spellings(real)
    assert len({one.text for one in asked}) >= AT_LEAST
    assert missed(asked, TODAY) == []


def test_numbers_one_slip_away_offer_the_office(real: list[Office]) -> None:
    missed = []
    for office in real:
        number = office.business_number
        for at in (4, 7, 9):
            slip = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
            if Office.objects.filter(business_number=slip).exists():
                continue
            if office.pk not in [hit.office.pk for hit in find(slip, TODAY).near]:
                missed.append(f"{slip} for {number}")
    assert missed == []
