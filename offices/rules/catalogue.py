"""The lists that the product ships (offices/data), read once and kept.

Scope of a service is a rule (R11), so it must be known without a database, too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from careplan_portal.lib.japan import kana

MISTAKEN_CODES = {"016969": "014036"}
"""Codes that files carry by mistake: 泊村 of the Northern Territories for 泊村 of 古宇郡."""

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Place:
    """A prefecture, municipality or ward. ``kind`` as in the file; ``parent`` is a ward's city."""

    code: str
    name: str
    kana: str
    kind: str
    parent: str

    @property
    def rolled_up(self) -> str:
        """The code under which figures count it: a ward's city, else its own."""
        return self.parent or self.code


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """A kind of service by its two-character code; ``in_scope`` is yes, short_stay or no."""

    code: str
    name: str
    group: str
    in_scope: str
    side: str

    @property
    def counts(self) -> bool:
        """Whether it is inside the data standard (R11)."""
        return self.in_scope in ("yes", "short_stay")


@dataclass(frozen=True, slots=True)
class OpenData:
    """A three-digit service of the open data and the spellings its files use."""

    code: str
    service_type: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScopeAnswer:
    """Whether any of some services is in scope, and the codes nobody knows, in their order."""

    in_scope: bool
    unknown: tuple[str, ...]


def _read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


@cache
def places() -> dict[str, Place]:
    """Every place by its six-digit code, in the file's order: a city stands before its wards."""
    return {row["code"]: Place(**row) for row in _read("municipalities.csv")}


@cache
def prefecture_by_number() -> dict[str, Place]:
    """The 47 by the two digits with which business numbers and codes begin."""
    return {code[:2]: place for code, place in places().items() if place.kind == "prefecture"}


@cache
def service_kinds() -> dict[str, ServiceKind]:
    """Every kind of service by its two-character code."""
    return {row["code"]: ServiceKind(**row) for row in _read("service_types.csv")}


@cache
def open_data() -> dict[str, OpenData]:
    """Every open-data service by its three digits."""
    return {
        row["code"]: OpenData(row["code"], row["service_type"], tuple(row["names"].split("|")))
        for row in _read("open_data_services.csv")
    }


@cache
def _codes_by_spelling() -> dict[str, str]:
    return {kana.search_key(name): row.code for row in open_data().values() for name in row.names}


@cache
def open_data_code(service_name: str) -> str:
    """The three-digit code for a service as a file spells it, or empty. Width, brackets and
    spaces do not matter."""
    return _codes_by_spelling().get(kana.search_key(service_name), "")


def kind_of_code(code: str) -> ServiceKind | None:
    """The kind behind a two-character or an open-data code; None when nobody knows it."""
    text = code.strip().upper()
    if text in open_data():
        text = open_data()[text].service_type
    return service_kinds().get(text)


def scope_of_codes(codes: Iterable[str]) -> ScopeAnswer:
    """Whether one of these services, by two-character or open-data code, is in scope (R11)."""
    kinds = [(code, kind_of_code(code)) for code in codes]
    return ScopeAnswer(
        in_scope=any(kind.counts for _, kind in kinds if kind),
        unknown=tuple(code for code, kind in kinds if kind is None),
    )
