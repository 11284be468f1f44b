"""Brings the database in line with the lists that the product ships (offices/data)."""

from __future__ import annotations

from typing import TypeVar

from django.db import connections, transaction

from offices.models import Municipality, OpenDataService, Prefecture, ServiceType
from offices.rules import catalogue

Shipped = TypeVar("Shipped", Prefecture, Municipality, ServiceType, OpenDataService)


def load_reference(*, using: str = "default") -> dict[str, int]:
    """Write prefectures, municipalities, service types and open-data services; returns how many of
    each the files have. Rows that left a file stay, because offices may point at them. Running it
    again changes nothing."""
    with transaction.atomic(using=using):
        return {
            "prefectures": _write(Prefecture, _prefectures(), ("number", "name", "kana"), using),
            "municipalities": _write(
                Municipality,
                _municipalities(),
                ("prefecture_id", "name", "kana", "kind", "parent_id", "rolled_up_id"),
                using,
            ),
            "service_types": _write(ServiceType, _service_types(), ("name", "group", "in_scope", "side"), using),
            "open_data_services": _write(OpenDataService, _open_data_services(), ("service_type_id", "names"), using),
        }


def tables_exist(using: str = "default") -> bool:
    """Whether the app's first migration has run."""
    return "offices_opendataservice" in connections[using].introspection.table_names()


def _write(model: type[Shipped], rows: list[Shipped], columns: tuple[str, ...], using: str) -> int:
    manager = model.objects.using(using)
    known = {row[0]: row[1:] for row in manager.values_list("pk", *columns)}
    changed = [row for row in rows if known.get(row.pk) != tuple(getattr(row, name) for name in columns)]
    manager.bulk_create(changed, update_conflicts=True, unique_fields=["code"], update_fields=columns)
    return len(rows)


def _prefectures() -> list[Prefecture]:
    return [
        Prefecture(code=place.code, number=number, name=place.name, kana=place.kana)
        for number, place in catalogue.prefecture_by_number().items()
    ]


def _municipalities() -> list[Municipality]:
    return [
        Municipality(
            code=place.code,
            prefecture_id=catalogue.prefecture_by_number()[place.code[:2]].code,
            name=place.name,
            kana=place.kana,
            kind=place.kind,
            parent_id=place.parent or None,
            rolled_up_id=place.rolled_up,
        )
        for place in catalogue.places().values()
        if place.kind != "prefecture"
    ]


def _service_types() -> list[ServiceType]:
    return [
        ServiceType(code=kind.code, name=kind.name, group=kind.group, in_scope=kind.in_scope, side=kind.side)
        for kind in catalogue.service_kinds().values()
    ]


def _open_data_services() -> list[OpenDataService]:
    return [
        OpenDataService(code=row.code, service_type_id=row.service_type, names=list(row.names))
        for row in catalogue.open_data().values()
    ]
