"""Taking over the ministry's register: stream the files into a staging table, merge it with SQL.

One transaction: all of an import or nothing. Parsing and staging run side by side with everything
else; the merge takes the register's lock, so imports never interleave and nobody edits an office
halfway. Rules: docs/rules-import.md.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from accounts.models import User
from careplan_portal.lib import csvfile
from offices.enums import ImportSource
from offices.models import ImportRun
from offices.rules import listing
from offices.rules.layout import Layout, MissingColumns, layout_of
from offices.services.locks import lock_register
from offices.services.preview import ImportPreview

SQL = Path(__file__).resolve().parent.parent / "sql"
CHUNK_ROWS = 4000
_COUNTED_BY_SQL = (
    "number_again",
    "poorer_copy",
    "same_row_again",
    "name_differs",
    "address_differs",
    "municipality_differs",
)
REJECT_HEADER = ("ファイル", "行", "列", "値", "理由", "事業所番号", "事業所名")
COLUMNS = ("columns", *listing.ListedRow._fields)

_NEW_ROWS = """
SELECT l.id AS row, l.business_number AS key, false AS declared, k.current, %(as_of)s::date AS as_of,
       l.listing_no, l.open_data_code, l.service_key, l.service_type, l.name, l.kana, l.full_address, l.building,
       l.municipality, l.prefecture, l.latitude, l.longitude, l.phone, l.phone_digits, l.fax, l.url,
       l.corporate_number, l.corporation_name, l.search_key, %(as_of)s::date AS listed_from,
       CASE WHEN k.current THEN NULL ELSE %(as_of)s END::date AS listed_until
FROM import_listing l
JOIN import_new_office USING (business_number)
JOIN import_key k USING (service_key)
"""
_STORED_ROWS = """
SELECT os.id AS row, os.office_id AS key, os.source = 'declared' AS declared,
       os.source = 'declared' OR os.listed_until IS NULL AS current, os.as_of, os.listing_no,
       os.open_data_code, os.service_key, os.service_type_id AS service_type, os.name, os.kana,
       os.full_address, os.building, os.municipality_id AS municipality,
       coalesce(m.prefecture_id, p.code) AS prefecture, os.latitude, os.longitude, os.phone,
       os.phone_digits, os.fax, os.url, os.corporate_number, os.corporation_name, os.search_key,
       os.listed_from, os.listed_until
FROM offices_officeservice os
JOIN import_changed ch USING (office_id)
JOIN offices_office o ON o.id = os.office_id
LEFT JOIN offices_municipality m ON m.code = os.municipality_id
LEFT JOIN offices_prefecture p ON p.number = left(o.business_number, 2)
"""


class ImportFailed(Exception):
    """Nothing was taken over. ``str()`` says why, in plain Japanese."""


@dataclass(slots=True)
class ImportResult:
    """What an import did; the same keys as the contract."""

    files: int = 0
    rows: int = 0
    offices_created: int = 0
    offices_updated: int = 0
    offices_unchanged: int = 0
    offices_gone: int = 0
    services: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    rejects_file: str | None = None
    run_id: int | None = None
    """The record of this import; none when it was only tried."""

    def as_json(self) -> dict[str, Any]:
        """Plain values, as the contract names them; warnings in the order of their codes."""
        values = {name: getattr(self, name) for name in self.__slots__ if name != "run_id"}
        return values | {"warnings": dict(sorted(self.warnings.items()))}


def offices_import(
    *,
    files: Sequence[Path],
    as_of: date,
    by: User | None = None,
    source: ImportSource = ImportSource.COMMAND,
    dry_run: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    preview: ImportPreview | None = None,
) -> ImportResult:
    """Take over register files as they stood on ``as_of``. ``tell`` hears a sentence a file; ``preview``
    looks at the register before and after the merge.

    ``dry_run`` counts everything and writes nothing but the file of rejected rows. Raises
    ImportFailed, with nothing written, when a file is damaged or the database goes away.
    """
    started = timezone.now()
    result = ImportResult(files=len(files))
    with _Rejects(settings.PORTAL_HOME / "rejects" / f"offices-{started:%Y%m%d-%H%M%S-%f}.rejects.csv") as rejects:
        try:
            with transaction.atomic():
                _stage(files, result, rejects, tell)
                run = ImportRun.objects.create(
                    files=[path.name for path in files],
                    as_of=as_of,
                    counts={},
                    source=source,
                    by=by,
                    started_at=started,
                    finished_at=started,
                )
                _merge(run, result, preview)
                result.rejected, result.rejects_file = rejects.finish()
                run.counts, run.finished_at = result.as_json(), timezone.now()
                run.save(update_fields=["counts", "finished_at"])
                result.run_id = None if dry_run else run.pk
                transaction.set_rollback(dry_run)
        except csvfile.CsvFileError as error:
            raise ImportFailed(f"{error} 何も取り込んでいません。") from error
        except (OperationalError, InterfaceError) as error:
            raise ImportFailed(
                "データベースとの接続が切れました。何も取り込んでいません。"
                "データベースが動いていることを確かめて、もう一度取り込んでください。"
            ) from error
    return result


# --- staging -----------------------------------------------------------------------


def _stage(files: Sequence[Path], result: ImportResult, rejects: _Rejects, tell: Callable[[str], None]) -> None:
    """Copy the rows of all files into ``import_listing``, a chunk at a time: memory stays that of one chunk."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("import_stage"))
        copy = f"COPY import_listing ({', '.join(COLUMNS)}) FROM STDIN"
        for path in files:
            with csvfile.open_csv(path) as table:
                before = result.rows
                for chunk in _chunks(table, result, rejects):
                    with connection.wrap_database_errors:
                        cursor.copy_expert(copy, io.StringIO(chunk))
            tell(f"{path.name}：{result.rows - before:,}行を読みました。")


def _chunks(table: csvfile.CsvTable, result: ImportResult, rejects: _Rejects) -> Iterator[str]:
    try:
        layout = layout_of(table.header)
    except MissingColumns as error:
        raise csvfile.CsvFileError(table.name, str(error), 1) from error
    lines: list[str] = []
    warnings: list[str] = []
    for number, cells in table.rows:
        if not any(cells):
            continue
        result.rows += 1
        try:
            row = listing.read_row(layout, cells, warnings)
        except listing.RowRejected as rejected:
            _refuse_torn_rows(table.name, number, cells, rejected)
            rejects.add(table.name, number, rejected, layout, cells)
            continue
        lines.append(_copy_line(layout.columns, row))
        if len(lines) == CHUNK_ROWS:
            yield "".join(lines)
            lines.clear()
            result.warnings.update(warnings)
            warnings.clear()
    result.warnings.update(warnings)
    if lines:
        yield "".join(lines)


def _refuse_torn_rows(file: str, number: int, cells: list[str], rejected: listing.RowRejected) -> None:
    """A row with too few or too many columns and a line break inside is no odd row: a quotation
    mark is missing somewhere, and what follows has been swallowed."""
    if not rejected.column and any("\n" in cell for cell in cells):
        raise csvfile.CsvFileError(file, '引用符（"）が正しく閉じていません。', number) from rejected


def _copy_line(columns: int, row: listing.ListedRow) -> str:
    # Control characters are gone by now, so a backslash is all that COPY would misread.
    line = f"{columns}\t" + "\t".join(["\0" if value is None else value for value in row]) + "\n"
    return line.replace("\\", "\\\\").replace("\0", "\\N")


class _Rejects:
    """The file of rejected rows, written as they come; gone again when the import fails."""

    def __init__(self, path: Path) -> None:
        self._path, self._count, self._kept = path, 0, False
        self._file: TextIO | None = None
        self._writer: Any = None

    def __enter__(self) -> _Rejects:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()
        if not self._kept:
            with suppress(FileNotFoundError):
                self._path.unlink()

    def add(self, file: str, row: int, why: listing.RowRejected, layout: Layout, cells: list[str]) -> None:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file, lineterminator="\r\n")
            self._writer.writerow(REJECT_HEADER)
        known = [layout.cell(cells, name) for name in ("business_number", "name")]
        self._writer.writerow(map(csvfile.safe_cell, (file, row, why.column, why.value, str(why), *known)))
        self._count += 1

    def finish(self) -> tuple[int, str | None]:
        """How many rows, and the file's path; None when nothing was rejected."""
        if self._file is None:
            return 0, None
        self._file.close()
        self._kept = True
        return self._count, str(self._path)


# --- merging -----------------------------------------------------------------------


def _merge(run: ImportRun, result: ImportResult, preview: ImportPreview | None) -> None:
    lock_register()
    if preview is not None:
        preview.look_before()
    chosen = _sql("chosen")
    steps = (
        _sql("import_listing"),
        _sql("import_offices").replace("{chosen}", chosen.replace("{source}", _NEW_ROWS)),
        _sql("import_services"),
        _sql("import_changes").replace("{chosen}", chosen.replace("{source}", _STORED_ROWS)),
        _sql("import_vanished"),
    )
    values: dict[str, Any] = {
        "as_of": run.as_of,
        "run": run.pk,
        "at": run.started_at,
        "reason": f"{run.as_of}の名簿を取り込み",
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        for step in steps:
            cursor.execute(step, values)
        cursor.execute(_sql("import_counts"))
        _count(dict(zip((column.name for column in cursor.description), cursor.fetchone(), strict=True)), result)
    if preview is not None:
        preview.look_after(run)


def _count(found: dict[str, int], result: ImportResult) -> None:
    result.offices_created = found["created"]
    result.offices_updated = found["updated"]
    result.offices_unchanged = found["offices"] - found["created"] - found["updated"]
    result.offices_gone = found["gone"]
    result.services = found["services"]
    result.warnings.update(+Counter({code: found[code] for code in _COUNTED_BY_SQL}))


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
