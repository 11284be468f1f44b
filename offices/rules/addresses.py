"""Addresses as a letter needs them: from the prefecture on, the building said once.

The register has addresses with and without prefecture and municipality, and often repeats the
building (方書) in them. Nothing is guessed beyond what the row's own codes say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from offices.rules import catalogue

_SMALL = str.maketrans("ヶヵ", "ケカ")
_POSTAL_CODE = re.compile(r"〒?\s*[0-9０-９]{3}[-－‐−ー][0-9０-９]{4}\s*")
_DISTRICT = 7
"""Characters that may stand before a town's name: its district (郡)."""


@dataclass(frozen=True, slots=True)
class Location:
    """The names that belong to a municipality code, ready to be looked for in addresses."""

    prefecture: str
    name: str
    city: str
    ward: str


@cache
def location(municipality: str, prefecture: str) -> Location:
    """Names for a municipality code, or for the prefecture alone where it is empty; both are
    six-digit codes, either may be empty."""
    places = catalogue.places()
    name = places[municipality].name if municipality else ""
    parent = places[municipality].parent if municipality else ""
    city = places[parent].name if parent else ""
    return Location(
        prefecture=places[prefecture].name if prefecture else "",
        name=name.translate(_SMALL),
        city=city.translate(_SMALL),
        ward=name[len(city) :].translate(_SMALL) if city else "",
    )


def full_address(address: str, place: Location) -> str:
    """``address``, its building already taken away, from the prefecture on. An address that does
    not name its municipality gets it; one that names another keeps what it says."""
    text = address
    if "〒" in text or text[:1].isdigit():
        text = _POSTAL_CODE.sub("", text, count=1) or text
    rest = text
    if place.prefecture and text.startswith(place.prefecture):
        rest = text[len(place.prefecture) :]
        if rest.startswith(place.prefecture):
            text, rest = rest, rest[len(place.prefecture) :]
    return place.prefecture + _missing_names(rest, place, named=rest is not text) + rest


def _missing_names(rest: str, place: Location, *, named: bool) -> str:
    """What stands between the prefecture and ``rest``; ``named``: the address began with its
    prefecture, so it is complete unless it goes on with the ward of a city."""
    if not place.name:
        return ""
    start = rest[: _DISTRICT + len(place.name)].translate(_SMALL)
    if place.name in start:
        return ""
    if place.ward:
        if start.startswith(place.ward):
            return place.city
        if start.startswith(place.city):
            return ""
    return "" if named else place.name


def without_building(address: str, building: str) -> str:
    """``address`` without ``building`` at its end, however often it is repeated there; where the
    file has no column for it, without a last word that only repeats the words before it."""
    text = address
    while building and text.endswith(building) and len(text) > len(building):
        text = text[: -len(building)].rstrip()
    if not building and " " in text:
        before, _, last = text.rpartition(" ")
        if last and before.endswith(last):
            return before
    return text
