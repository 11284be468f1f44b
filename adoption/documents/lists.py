"""Lists of offices by name, for officers: on pages and as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from adoption.documents.card import cut_name
from adoption.documents.sheets import Head, Line, Sheet
from adoption.enums import ALL, CallOutcome, CallWay
from adoption.queries.following import Candidate, Following
from adoption.queries.offices import service_names
from adoption.queries.places import Place, public_places
from adoption.rules import definitions
from licenses.queries import offices_using
from offices.models import Office

CALLS = {"way": CallWay.choices, "outcome": CallOutcome.choices}


@dataclass(frozen=True, slots=True)
class OfficeRow:
    office: Office
    municipality: str
    services: tuple[str, ...]
    uses: bool


def office_rows(offices: Sequence[Office], on: date) -> list[OfficeRow]:
    """Offices with services and whether each uses the system; two queries."""
    ids = [office.pk for office in offices]
    services, using = service_names(ids, on), offices_using(ids, on)
    return [
        OfficeRow(office, _municipality(office), tuple(services.get(office.pk, ())), office.pk in using)
        for office in offices
    ]


def _municipality(office: Office) -> str:
    return office.municipality.rolled_up.name if office.municipality else ""


def office_sheet(place: Place, offices: Iterable[Office], on: date, chosen: dict[str, Any]) -> Sheet:
    """The list as a file; the filters stand in it."""
    heads = [Head(text, "text") for text in ("事業所番号", "事業所名", "市区町村", "住所", "サービス", "利用")]
    lines = [
        Line((r.office.business_number, r.office.name, r.municipality, r.office.address, "、".join(r.services), "使っている" if r.uses else "まだ"))
        for r in office_rows(list(offices), on)
    ]  # fmt: skip
    labels = {"q": "名前・番号", "municipality": "市区町村", "cut": "側・サービス", "uses": "利用"}
    filters = [("地域", place.name), *((labels[key], _said(key, value)) for key, value in chosen.items() if value)]
    return Sheet("offices", f"{place.name}の対象の事業所", heads, lines, definitions.RATE, on, filters)


def _said(key: str, value: str) -> str:
    if key == "municipality":
        return public_places()[value].name
    if key == "cut":
        return cut_name(value or ALL)
    return {"yes": "使っている", "no": "まだ"}.get(value, value)


def candidate_sheet(place: Place, found: Following, on: date, filters: Sequence[tuple[str, str]] = ()) -> Sheet:
    """Whom to talk to next, as a file: those first whom nobody has talked to."""
    heads = [Head("順"), *(Head(text, "text") for text in ("事業所番号", "事業所名", "電話", "住所", "サービス")),
             Head("増える相手"), Head("理由", "text"), Head("声をかけた記録", "text")]  # fmt: skip
    lines = [
        Line((n, c.office.business_number, c.office.name, c.phone, c.office.address, "、".join(c.services), c.using, c.reason, _call(c)))
        for n, c in enumerate([*found.waiting, *found.called], 1)
    ]  # fmt: skip
    return Sheet(
        "next",
        f"{place.name}の次に声をかける相手",
        heads,
        lines,
        definitions.NEXT,
        on,
        [("地域", place.name), *filters],
    )


def _call(one: Candidate) -> str:
    if one.call is None:
        return "まだ"
    return f"{one.call.on} {one.call.get_way_display()}：{one.call.get_outcome_display()}"
