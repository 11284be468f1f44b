"""A table as facts: for pages, CSV and XLSX alike, so that they cannot differ."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from adoption.rules.definitions import SOURCES, Definition
from careplan_portal.lib import words
from careplan_portal.lib.csvfile import csv_lines, safe_cell
from careplan_portal.lib.dates import next_month_start

Kind = Literal["text", "count", "rate", "day", "signed", "decimal", "points"]
Rhythm = Literal["day", "week", "month"]
HIDDEN = "非公表"
NOTHING = "－"


@dataclass(frozen=True, slots=True)
class Head:
    """A column: how its numbers are written, and whether it stands at the right."""

    text: str
    kind: Kind = "count"

    @property
    def right(self) -> bool:
        return self.kind not in ("text", "day")


@dataclass(frozen=True, slots=True)
class Line:
    """Cells in the order of the heads: numbers as numbers, rates 0 to 1, None where there is none,
    HIDDEN where guarded. `url` is where the first cell leads."""

    cells: Sequence[Any]
    url: str = ""
    me: bool = False


@dataclass(frozen=True)
class Sheet:
    """`key` names files; `filters` says in words what it was narrowed to."""

    key: str
    title: str
    heads: Sequence[Head]
    lines: Sequence[Line]
    definition: Definition
    day: date
    filters: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = field(default_factory=tuple)
    rhythm: Rhythm = "day"
    next_update: date | None = None
    late: str = ""
    own_days: bool = False
    """Each line says its own day: figures of others, which no night of ours makes."""

    def dated(self, today: date, late: str) -> Sheet:
        """With the next update, as seen from today, and why it is late."""
        return self if self.own_days else replace(self, next_update=_next(self.rhythm, today), late=late)

    @property
    def shown(self) -> Iterator[tuple[Line, list[tuple[Head, str]]]]:
        """For pages: every cell in words, columns with anything in them."""
        columns = self._columns
        for line in self.lines:
            yield line, [(self.heads[n], written(line.cells[n], self.heads[n].kind)) for n in columns]

    @property
    def shown_heads(self) -> list[Head]:
        """For pages: the heads of those columns."""
        return [self.heads[n] for n in self._columns]

    @property
    def stacks(self) -> bool:
        """Whether its rows are read as records on a narrow screen: mostly words, or few rows with many columns."""
        words_in = sum(1 for head in self.heads if head.kind == "text")
        return words_in > 2 or (len(self.lines) <= 2 and len(self._columns) > 4)

    @property
    def _columns(self) -> list[int]:
        return [n for n in range(len(self.heads)) if any(line.cells[n] is not None for line in self.lines)]


def _next(rhythm: Rhythm, today: date) -> date:
    """Figures come the night after their day, their Sunday, or their month's last day."""
    if rhythm == "week":
        return today + timedelta(days=8 - today.isoweekday())
    return next_month_start(today) if rhythm == "month" else today + timedelta(days=1)


def written(cell: Any, kind: Kind) -> str:
    """A cell as people read it; rates as per cent without the sign, which stands in the head."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    if kind == "rate":
        return words.percent(cell).removesuffix("％")
    if kind in ("decimal", "points"):
        return f"{cell:+.1f}" if kind == "points" and round(cell, 1) else f"{cell:.1f}"
    return f"{cell:+,}" if kind == "signed" and cell else f"{cell:,}"


def plain(cell: Any, kind: Kind) -> Any:
    """A cell for a file: a number where it is one, rates in per cent as on the page."""
    if kind == "rate" and isinstance(cell, float | int):
        return float(words.percent(cell).removesuffix("％").replace(",", ""))
    if kind in ("decimal", "points") and isinstance(cell, float | int):
        return round(float(cell), 1)
    return "" if cell is None else cell


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with BOM, the same columns as on the page. The filters are in the file's name and address,
    and in the last columns of every row, so that they are never lost."""
    extra = [*([] if sheet.own_days else [("時点", sheet.day.isoformat())]), *sheet.filters]
    heads = [*(head.text for head in sheet.heads), *(name for name, _ in extra)]
    rows = ([*_plain(sheet, line), *(value for _, value in extra)] for line in sheet.lines)
    return b"".join(csv_lines(heads, rows))


def _plain(sheet: Sheet, line: Line) -> list[Any]:
    return [plain(cell, head.kind) for head, cell in zip(sheet.heads, line.cells, strict=True)]


def as_xlsx(sheet: Sheet, *, address: str) -> bytes:
    """The table, and a second sheet that says filters, definition, day, source and address."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    table = book.active
    assert table is not None
    table.title = "数値"
    table.append([head.text for head in sheet.heads])
    for line in sheet.lines:
        table.append([_cell(value) for value in _plain(sheet, line)])
    for cell in table[1]:
        cell.font = Font(bold=True)
    for index, head in enumerate(sheet.heads, 1):
        longest = max([len(head.text), *(len(str(line.cells[index - 1])) for line in sheet.lines)])
        table.column_dimensions[get_column_letter(index)].width = min(8 + longest * 1.6, 50)
    table.freeze_panes = "B2"
    about = book.create_sheet("この表について")
    for row in _about(sheet, address):
        about.append(list(row))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 18, 100
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _cell(value: Any) -> Any:
    return safe_cell(value) if isinstance(value, str) else value


def _about(sheet: Sheet, address: str) -> Iterable[tuple[str, str]]:
    yield "表", sheet.title
    yield from sheet.filters
    if not sheet.own_days:
        yield "時点", f"{words.ja_date(sheet.day)} 24時"
    if sheet.next_update is not None:
        yield "次の更新", f"{words.ja_date(sheet.next_update)} 0時すぎ"
    if sheet.late:
        yield "遅れの理由", sheet.late
    yield "定義", sheet.definition.text
    yield from (("", text) for text in sheet.definition.more)
    yield from (("注", text) for text in sheet.notes)
    yield "出典", SOURCES
    yield "アドレス", address
