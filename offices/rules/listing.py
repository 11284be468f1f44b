"""One row of a register file: what it says, what looks odd, or why it cannot be taken.

The row is normalised here and nowhere else, so that two files that say the same thing in other
spellings give the same row. Odd things are warnings, counted by code; only a row that names no
office is rejected. All rules with their reasons: docs/rules-import.md.
"""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

from careplan_portal.lib.japan import business_number, corporate_number, kana, phone
from offices.rules import catalogue
from offices.rules.addresses import full_address, location, without_building
from offices.rules.layout import LONGEST, SHORTEST_LIMIT, Layout

LARGEST_CAPACITY: Final = 9999
LATITUDES: Final = (20.0, 46.0)
LONGITUDES: Final = (122.0, 154.0)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_SIX_EQUAL = re.compile(r"([0-9])\1{5}")
_SIGNS_ONLY = re.compile(r"[〇○◯●◎□■△▲×✕＊*?？#＃_＿.．。、・…ー―‐－\-\s　]+")
_TEST_WORD = re.compile(r"(テスト|test|ダミー|dummy|サンプル|sample)(事業所)?[0-9]*", re.IGNORECASE)
_PLAIN_PHONE = re.compile(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}")


class RowRejected(Exception):
    """The row names no office. ``column`` is the header, ``reason`` a sentence for people."""

    def __init__(self, column: str, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.column, self.reason, self.value = column, reason, value


class ListedRow(NamedTuple):
    """A row as it goes to the database. None: the file has no such column, or nothing is known."""

    business_number: str
    service_key: str
    service_type: str | None
    open_data_code: str
    service_name: str
    name: str
    kana: str
    address: str
    full_address: str
    building: str
    municipality: str | None
    prefecture: str | None
    latitude: str | None
    longitude: str | None
    phone: str
    phone_digits: str
    fax: str | None
    corporate_number: str | None
    corporation_name: str | None
    capacity: str | None
    url: str | None
    weekdays: str | None
    weekdays_note: str | None
    extra: str | None
    search_key: str


def read_row(layout: Layout, cells: list[str], warnings: list[str]) -> ListedRow:
    """What the row says; appends the codes of what looks odd. Raises RowRejected."""
    if len(cells) != layout.width:
        raise RowRejected("", f"列の数が{len(cells)}です。見出しは{layout.width}列です。")
    return _RowReader(layout, cells, warnings).read()


class _RowReader:
    """Reads one row; a small object instead of many arguments."""

    __slots__ = ("at", "cells", "extra", "layout", "warnings")

    def __init__(self, layout: Layout, cells: list[str], warnings: list[str]) -> None:
        self.layout, self.at, self.warnings = layout, layout.at, warnings
        if _CONTROL.search("".join(cells)):
            warnings.append("control_characters")
            cells = [_CONTROL.sub(" ", cell) for cell in cells]
        self.cells = [cell.strip() for cell in cells]
        self.extra: dict[str, str] = {name: self.cells[index] for index, name in layout.aside if self.cells[index]}
        if max(map(len, self.cells)) > SHORTEST_LIMIT:
            self._cut()

    def _cut(self) -> None:
        for name, longest in LONGEST.items():
            index = self.at.get(name)
            if index is not None and len(self.cells[index]) > longest:
                self.warnings.append("too_long")
                self.extra[self.layout.header[index]] = self.cells[index]
                self.cells[index] = self.cells[index][:longest]

    def read(self) -> ListedRow:
        number = self._number()
        name, address = self._text("name"), self._text("address")
        reject_dummy(name, address)
        municipality, prefecture = self._place(number)
        building = self._text("building")
        service = self._text("service")
        open_data, service_type, service_key = self._service(service)
        kana_name = self._text("kana")
        latitude, longitude = self._coordinates()
        telephone, digits = self._phone("phone")
        if not telephone:
            self.warnings.append("phone_missing")
        return ListedRow(
            number,
            service_key,
            service_type,
            open_data,
            service,
            name,
            kana_name,
            address,
            self._full_address(address, building, municipality, prefecture),
            building,
            municipality or None,
            prefecture or None,
            latitude,
            longitude,
            telephone,
            digits,
            self._phone("fax")[0] if "fax" in self.at else None,
            self._corporate_number(),
            self._optional("corporation_name"),
            self._capacity(),
            self._url(),
            self._optional("weekdays"),
            self._optional("weekdays_note"),
            json.dumps(self.extra, ensure_ascii=False, sort_keys=True) if self.extra else None,
            self._search_key(name, kana_name),
        )

    def _text(self, name: str) -> str:
        index = self.at.get(name)
        return "" if index is None else self.cells[index]

    def _optional(self, name: str) -> str | None:
        index = self.at.get(name)
        return None if index is None else self.cells[index]

    def _number(self) -> str:
        column, typed = "事業所番号", self._text("business_number")
        number = business_number.normalize(typed)
        if len(number) == business_number.LENGTH - 1 and number.isdigit():
            self.warnings.append("number_padded")
            number = f"0{number}"
        if not business_number.is_well_formed(number):
            raise RowRejected(column, _number_reason(typed), typed)
        if not business_number.check_digit_holds(number):
            self.warnings.append("check_digit")
        if _SIX_EQUAL.search(number):
            self.warnings.append("number_looks_invented")
        listed = self._text("no")
        if listed and listed != typed and business_number.normalize(listed).lstrip("0") != number.lstrip("0"):
            self.warnings.append("no_differs")
        return number

    def _place(self, number: str) -> tuple[str, str]:
        """Six-digit codes of municipality and prefecture; empty where unknown."""
        code, warning = municipality_code(self._text("municipality"), number[:2])
        if warning:
            self.warnings.append(warning)
        prefecture = catalogue.prefecture_by_number().get(code[:2] or number[:2])
        if code and code[:2] != number[:2]:
            self.warnings.append("prefecture_differs")
        return code, prefecture.code if prefecture else ""

    def _service(self, service: str) -> tuple[str, str | None, str]:
        """Open-data code, service type, and the key under which the row is kept."""
        code = catalogue.open_data_code(service)
        if code:
            return code, catalogue.open_data()[code].service_type, code
        self.warnings.append("unknown_service")
        return "", None, f"?{kana.search_key(service)}"[:60]

    def _full_address(self, address: str, building: str, municipality: str, prefecture: str) -> str:
        if not address:
            self.warnings.append("address_missing")
            return ""
        bare = without_building(address, building)
        if bare is not address:
            self.warnings.append("building_repeated")
        full = full_address(bare, location(municipality, prefecture))
        if len(full) > len(bare):
            self.warnings.append("address_completed")
        return full[: LONGEST["address"]]

    def _coordinates(self) -> tuple[str | None, str | None]:
        texts = self._text("latitude"), self._text("longitude")
        if not all(texts):
            self.warnings.append("coordinates_missing")
            return None, None
        try:
            latitude, longitude = float(texts[0]), float(texts[1])
        except ValueError:
            latitude = longitude = -1.0
        if LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]:
            return repr(latitude), repr(longitude)
        self.warnings.append("coordinates_zero" if latitude == longitude == 0 else "coordinates_outside")
        return None, None

    def _phone(self, name: str) -> tuple[str, str]:
        """The number as shown and its digits. What cannot be dialled stays as it was written."""
        written = self._text(name)
        if not written:
            return "", ""
        if not _PLAIN_PHONE.fullmatch(written):
            restored = phone.restore_zero(written)
            if restored is not written:
                self.warnings.append("phone_padded")
            digits = phone.digits(restored)
            if not phone.is_plausible(digits):
                self.warnings.append(f"{name}_odd")
                return written, digits
            return phone.display(restored), digits
        digits = written.replace("-", "")
        if not phone.is_plausible(digits):
            self.warnings.append(f"{name}_odd")
        return written, digits

    def _corporate_number(self) -> str | None:
        if "corporate_number" not in self.at:
            return None
        written = self._text("corporate_number")
        if not written:
            self.warnings.append("corporate_number_missing")
            return ""
        try:
            number = corporate_number.parse(written)
        except corporate_number.CorporateNumberError:
            self.warnings.append("corporate_number_odd")
            self.extra["法人番号"] = written
            return ""
        if not corporate_number.check_digit_holds(number):
            self.warnings.append("corporate_number_check")
        return number

    def _capacity(self) -> str | None:
        written = self._text("capacity")
        if not written:
            return None
        if written.isascii() and written.isdigit() and int(written) <= LARGEST_CAPACITY:
            if int(written):
                return str(int(written))
            self.warnings.append("capacity_unknown")
            return None
        self.warnings.append("capacity_odd")
        self.extra["定員"] = written
        return None

    def _url(self) -> str | None:
        written = self._optional("url")
        if written and not written.lower().startswith(("http://", "https://")):
            self.warnings.append("url_odd")
        return written

    def _search_key(self, name: str, kana_name: str) -> str:
        if not kana_name:
            self.warnings.append("kana_missing")
        owner = self._text("corporation_name")
        keys = (kana.search_key(name), kana.search_key(kana_name), kana.search_key(owner) if owner else "")
        return " ".join(dict.fromkeys(key for key in keys if key))


def _number_reason(typed: str) -> str:
    try:
        business_number.parse(typed)
    except business_number.BusinessNumberError as error:
        return error.text
    return "事業所番号の形ではありません。"


def municipality_code(written: str, prefecture: str) -> tuple[str, str]:
    """The six-digit code of a municipality or ward and a warning code, either may be empty.

    Five digits have lost a leading zero to a spreadsheet, or never had the check digit; where both
    readings exist, the one in ``prefecture`` (two digits) counts.
    """
    places = catalogue.places()
    if written in catalogue.MISTAKEN_CODES:
        return catalogue.MISTAKEN_CODES[written], "municipality_mistaken"
    place = places.get(written)
    if place is not None and place.kind != "prefecture":
        return written, "municipality_former" if place.kind == "former_ward" else ""
    if not written or place is not None:
        return "", "municipality_missing"
    found = [code for code in _readings(written) if code in places and places[code].kind != "prefecture"]
    found.sort(key=lambda code: code[:2] != prefecture)
    return (found[0], "municipality_code_padded") if found else ("", "municipality_unknown")


def _readings(written: str) -> list[str]:
    if len(written) != 5 or not (written.isascii() and written.isdigit()):
        return []
    rest = sum(int(digit) * weight for digit, weight in zip(written, (6, 5, 4, 3, 2), strict=True)) % 11
    return [f"0{written}", f"{written}{(11 - rest) % 10}"]


def reject_dummy(name: str, address: str) -> None:
    """Raise RowRejected for a row that only fills a place: no name, a name of signs, a test word,
    or name and address of one and the same character each. The number does not decide: real
    offices have numbers like 1111111."""
    if not name:
        raise RowRejected("事業所名", "事業所名がありません。")
    if _SIGNS_ONLY.fullmatch(name) or _TEST_WORD.fullmatch(name):
        raise RowRejected("事業所名", "見本か試しの行です（名前が記号か「テスト」だけ）。", name)
    if len(set(name)) == 1 and len(set(address)) == 1:
        raise RowRejected("事業所名", "見本か試しの行です（名前も住所も1種類の文字だけ）。", name)
