"""What an import would change, office by office, for the person who decides about it.

Taken inside the trial, between its merge and its undoing, so that the page reads only what is kept:
examples of each kind in the job's row, and every office that the register lacks in a CSV file beside
the uploaded files, which goes when they go. Memory: the ids of those offices, and one chunk of their rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection

from careplan_portal.lib.csvfile import write_csv
from careplan_portal.lib.japan.business_number import grouped
from offices.enums import VanishedState
from offices.models import ImportRun, Municipality, Office, VanishedOffice
from offices.queries import offices_in_scope

SHOWN_GONE, SHOWN = 20, 10
"""Examples that are kept: of offices that the register lacks, and of each other kind."""
CHUNK = 2000
GONE_HEADER = ("事業所番号", "事業所番号（区切り）", "事業所名", "市区町村", "有効なライセンス", "注意")
ELSEWHERE = "elsewhere"
EARLIER = (VanishedState.PENDING, VanishedState.STILL_OPEN)
NOTES = {
    ELSEWHERE: "ほかのサービスの名簿には載っている",
    VanishedState.PENDING: "前の取り込みからない（まだ決めていない）",
    VanishedState.STILL_OPEN: "前の取り込みからない（開いていると確かめた）",
}
_GONE_FACTS = ("pk", "business_number", "name", "municipality__name", "listed_until")

# Offices of the files that were there before and change: the same that `import_counts.sql` counts as updated.
_CHANGED = """
FROM offices_officeevent e
JOIN offices_office o ON o.id = e.office_id
WHERE e.run_id = %(run)s AND EXISTS (SELECT FROM import_listing l WHERE l.business_number = o.business_number)
"""
_CHANGED_BY_FIELD = """
SELECT f.name, count(*)
FROM (SELECT e.details -> 'fields' AS fields {changed}) c, jsonb_object_keys(c.fields) AS f (name)
GROUP BY f.name ORDER BY count(*) DESC, f.name
""".replace("{changed}", _CHANGED)
_CHANGED_OTHERWISE = """
SELECT count(*) FILTER (WHERE e.details -> 'fields' = '{}'), count(*) FILTER (WHERE e.kind = 'listed') {changed}
""".replace("{changed}", _CHANGED)
_CHANGED_EXAMPLES = """
SELECT o.business_number, o.name, e.details {changed}
ORDER BY e.details -> 'fields' = '{}', o.business_number LIMIT %(shown)s
""".replace("{changed}", _CHANGED)
_CREATED = """
SELECT o.business_number, o.name, coalesce(m.name, ''), o.scope
FROM import_new_office n
JOIN offices_office o USING (business_number)
LEFT JOIN offices_municipality m ON m.code = o.municipality_id
ORDER BY o.business_number LIMIT %(shown)s
"""
_GONE = "SELECT g.office_id FROM import_gone g JOIN offices_office o ON o.id = g.office_id ORDER BY o.business_number"

Licensed = Callable[[Sequence[int], date], set[int]]
"""Those of the offices (ids) that hold a valid licence on the day; what is above this app knows it."""


@dataclass
class ImportPreview:
    """Looks at the register before and after the merge of a trial; `found` is what was seen, plain values only.

    ``on`` is the business day of the denominator and of the licences; ``gone_csv`` is where the list of all
    offices goes that the register lacks (no file without any).
    """

    on: date
    licensed: Licensed
    gone_csv: Path
    found: dict[str, Any] = field(default_factory=dict)

    def look_before(self) -> None:
        """Under the register's lock, before anything is merged."""
        self.found = {"on": self.on.isoformat(), "in_scope": [offices_in_scope(self.on).count()]}

    def look_after(self, run: ImportRun) -> None:
        """After the merge, in its transaction."""
        # As in the merge: what was just written by the thousand is unknown to the planner.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE offices_officeevent")
        self.found["in_scope"].append(offices_in_scope(self.on).count())
        self.found |= self._gone(run) | _created() | _changed(run)

    def _gone(self, run: ImportRun) -> dict[str, Any]:
        ids = [office_id for (office_id,) in _rows(_GONE)]
        licensed: set[int] = set()
        for chunk in _chunks(ids):
            licensed |= self.licensed(chunk, self.on)
        # Those with a licence first, each part by number.
        ids.sort(key=lambda office_id: office_id not in licensed)
        if ids:
            write_csv(self.gone_csv, GONE_HEADER, map(_gone_cells, _gone_rows(ids, licensed, run)))
        shown = list(islice(_gone_rows(ids[:SHOWN_GONE], licensed, run), SHOWN_GONE))
        return {"gone": shown, "gone_all": len(ids), "gone_licensed": len(licensed)}


def _gone_rows(ids: Sequence[int], licensed: set[int], run: ImportRun) -> Iterator[dict[str, Any]]:
    for chunk in _chunks(ids):
        facts = Office.objects.filter(pk__in=chunk).order_by().values(*_GONE_FACTS)
        offices = {office["pk"]: office for office in facts}
        earlier = VanishedOffice.objects.filter(office__in=chunk, state__in=EARLIER).exclude(run=run)
        known = dict(earlier.order_by().values_list("office_id", "state"))
        for office in map(offices.__getitem__, chunk):
            yield {
                "number": office["business_number"],
                "name": office["name"],
                "place": office["municipality__name"] or "",
                "licensed": office["pk"] in licensed,
                "note": known.get(office["pk"]) or (ELSEWHERE if office["listed_until"] is None else ""),
            }


def _gone_cells(row: dict[str, Any]) -> tuple[str, ...]:
    """As the cells of GONE_HEADER; a spreadsheet drops the leading zero of the bare number, not of its groups."""
    licence = "あり" if row["licensed"] else "なし"
    return row["number"], grouped(row["number"]), row["name"], row["place"], licence, NOTES.get(row["note"], "")


def _created() -> dict[str, Any]:
    names = ("number", "name", "place", "scope")
    return {"created": [dict(zip(names, row, strict=True)) for row in _rows(_CREATED, {"shown": SHOWN})]}


def _changed(run: ImportRun) -> dict[str, Any]:
    values = {"run": run.pk, "shown": SHOWN}
    [(services_only, listed)] = _rows(_CHANGED_OTHERWISE, values)
    return {
        "changed": list(_with_place_names([_example(*row) for row in _rows(_CHANGED_EXAMPLES, values)])),
        "changed_fields": list(map(list, _rows(_CHANGED_BY_FIELD, values))),
        "changed_services_only": services_only,
        "listed": listed,
    }


def _example(number: str, name: str, details: str) -> dict[str, Any]:
    kept = json.loads(details)
    services = {change: len(keys) for change, keys in kept["services"].items()}
    return {"number": number, "name": name, "fields": kept["fields"], "services": services}


def _with_place_names(examples: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    codes = {code for one in examples for code in one["fields"].get("municipality", ())}
    names = dict(Municipality.objects.filter(code__in=codes).values_list("code", "name"))
    for one in examples:
        if "municipality" in one["fields"]:
            one["fields"]["municipality"] = [names.get(code, code) for code in one["fields"]["municipality"]]
        yield one


def _rows(sql: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
