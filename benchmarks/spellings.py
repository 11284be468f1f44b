"""How callers and staff spell what they know of an office: numbers, telephones, kana, names, several facts in one
breath. The look-up's test and its benchmark ask all of them of real offices."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import jaconv

from careplan_portal.lib.japan import business_number, kana
from helpdesk.queries.lookup import find
from offices.models import Office

ALIKE = 3
"""Of so many that share a name or a telephone the one meant has to stand among the first three."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A spelling, the office it means, and among how many hits that has to stand."""

    text: str
    business_number: str
    within: int


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


def of_facts(office: Office) -> Iterator[str]:
    """Three facts as one hears them: place, name, the telephone's last four digits or the whole of it."""
    if office.municipality:
        yield f"{office.municipality.name} {office.name} {office.phone_digits[-4:]}"
        yield f"{office.name} {office.phone}"


def spellings(offices: Iterable[Office]) -> list[Asked]:
    """Every spelling of these offices that can lead to them: names and telephones that more than three share
    cannot. Offices need their municipality and prefecture."""
    alike, phones = _alike(), _telephones()
    asked: list[Asked] = []
    for office in offices:
        number, dialled = office.business_number, phones[office.phone_digits]
        own_phone = "-" in office.phone and dialled <= ALIKE
        asked += _each(of_number(number), number, 1)
        if own_phone:
            asked += _each(of_phone(office.phone), number, dialled)
        if office.kana and alike[kana.search_key(office.kana)] <= ALIKE:
            asked += _each(of_kana(office.kana), number, alike[kana.search_key(office.kana)])
        if (rivals := alike[kana.search_key(office.name)]) <= ALIKE:
            asked += _each(of_name(office), number, rivals)
            asked += _each(of_facts(office), number, min(rivals, dialled)) if own_phone else []
    return asked


def missed(asked: Iterable[Asked], today: date) -> list[str]:
    """A sentence for each spelling that does not find its office where it should."""
    found = ((one, [hit.office.business_number for hit in find(one.text, today).hits[: one.within]]) for one in asked)
    return [
        f"{one.text!r} should find {one.business_number} within {one.within}, found {numbers}"
        for one, numbers in found
        if one.business_number not in numbers
    ]


def _each(texts: Iterable[str], number: str, sharing: int) -> list[Asked]:
    return [Asked(text, number, 1 if sharing <= 1 else 3) for text in texts]


def _alike() -> Counter[str]:
    """How many offices are called so, by name or kana."""
    counted: Counter[str] = Counter()
    for keys in Office.objects.values_list("search_key", flat=True).iterator():
        counted.update(set(keys.split()))
    return counted


def _telephones() -> Counter[str]:
    return Counter(Office.objects.exclude(phone_digits="").values_list("phone_digits", flat=True))
