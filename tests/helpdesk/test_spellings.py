"""The real register: however a number, telephone, kana or name is said, its office is found first."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jaconv
import pytest
from django.db import connection

from careplan_portal.lib.japan import business_number, kana
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


def of_number(number: str) -> Iterator[str]:
    yield number
    yield business_number.grouped(number)
    yield business_number.grouped(number).replace(" ", "-")
    yield jaconv.h2z(number, digit=True, ascii=True)
    yield f"事業所番号：{jaconv.h2z(number, digit=True, ascii=True)}"
    yield f" {number[:5]} {number[5:]} "
    yield number.lower()


def of_phone(phone: str) -> Iterator[str]:
    yield phone
    yield phone.replace("-", "")
    yield jaconv.h2z(phone, digit=True, ascii=True)
    yield phone.replace("-", "ー")
    first, _, rest = phone.partition("-")
    yield f"({first}){rest}"
    yield f"+81-{phone.removeprefix('0')}"
    yield f"電話 {phone.replace('-', ' ')}"


def of_kana(reading: str) -> Iterator[str]:
    bare = "".join(reading.split())
    yield bare
    yield kana.hiragana(bare)
    yield jaconv.z2h(kana.katakana(bare), kana=True)
    yield without_voicing(bare)
    yield kana.hiragana(without_voicing(bare))


def without_voicing(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", kana.katakana(text))
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in "\u3099\u309a"))


def of_name(office: Office) -> Iterator[str]:
    name = office.name
    yield name
    yield name.replace("　", " ")
    yield "".join(name.split())
    yield name.upper()
    if office.municipality:
        yield f"{office.municipality.name} {name}"
        yield f"{name} {office.prefecture}"


def rivals() -> Callable[[str], int]:
    """How many offices are called so, by name or kana."""
    counted: Counter[str] = Counter()
    for keys in Office.objects.values_list("search_key", flat=True):
        counted.update(set(keys.split()))
    return lambda text: counted[kana.search_key(text)]


def telephones() -> Counter[str]:
    return Counter(Office.objects.exclude(phone_digits="").values_list("phone_digits", flat=True))


def test_every_spelling_finds_its_office(real: list[Office]) -> None:
    """First, or among the first three where several share the name or the telephone."""
    alike, phones = rivals(), telephones()
    asked: list[tuple[str, Office, int]] = []
    for office in real:
        asked += [(text, office, 1) for text in of_number(office.business_number)]
        if "-" in office.phone and phones[office.phone_digits] <= 3:
            place = 1 if phones[office.phone_digits] == 1 else 3
            asked += [(text, office, place) for text in of_phone(office.phone)]
        if office.kana and alike(office.kana) <= 3:
            asked += [(text, office, 1 if alike(office.kana) == 1 else 3) for text in of_kana(office.kana)]
        if alike(office.name) <= 3:
            asked += [(text, office, 1 if alike(office.name) == 1 else 3) for text in of_name(office)]
    spellings = {text for text, _office, _place in asked}
    assert len(spellings) >= AT_LEAST
    missed = []
    for text, office, place in asked:
        found = [hit.office.business_number for hit in find(text, TODAY).hits[:place]]
        if office.business_number not in found:
            missed.append(f"{text!r} should find {office} within {place}, found {found}")
    assert missed == []


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
