"""A plain table of texts, for the table that stands beside every drawing and for simple lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

from careplan_portal.lib import words
from careplan_portal.lib.charts import Bar
from careplan_portal.lib.markup import escaped
from careplan_portal.lib.unbroken import whole_dates


@dataclass(frozen=True)
class Column:
    head: str
    right: bool = False


@dataclass(frozen=True)
class Row:
    """Texts in the order of the columns; the first one heads the row. ``me`` marks the reader's own."""

    cells: Sequence[str]
    me: bool = False


@dataclass(frozen=True)
class Table:
    """``stack``: rows become small records on narrow screens. ``dense``: staff screens."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row] = field(default_factory=tuple)
    stack: bool = True
    dense: bool = False
    hide_caption: bool = False


def table_markup(table: Table) -> SafeString:
    """The table as HTML: written here and not in a template because pages that everybody opens have several.

    Cells are escaped unless they are marked safe, and keep their dates in one piece. Raises ValueError when a row has more or fewer cells than columns.
    """
    flags = (" data-stack" if table.stack else "") + (" data-dense" if table.dense else "")
    hidden = ' class="hidden"' if table.hide_caption else ""
    caption = f"<caption{hidden}>{escaped(table.caption)}</caption>" if table.caption else ""
    heads = "".join(f'<th scope="col"{_side(column)}>{escaped(column.head)}</th>' for column in table.columns)
    rows = "".join(_row(table.columns, row) for row in table.rows)
    return mark_safe(  # noqa: S308 - every text is escaped here or in _row
        f'<table class="tbl"{flags}>{caption}\n<thead><tr>{heads}</tr></thead>\n<tbody>{rows}\n</tbody></table>'
    )


def _row(columns: Sequence[Column], row: Row) -> str:
    (first, head), *others = zip(columns, row.cells, strict=True)
    cells = f'<th scope="row"{_side(first)}>{whole_dates(head)}</th>' + "".join(
        f'<td data-l="{escaped(column.head)}"{_side(column)}>{whole_dates(cell)}</td>' for column, cell in others
    )
    return f"\n<tr{' data-me' if row.me else ''}>{cells}</tr>"


def _side(column: Column) -> str:
    return ' class="r"' if column.right else ""


def timeline_table(bars: Iterable[Bar], caption: str) -> Table:
    """The same facts as the drawing, in words; the days on which one can file are marked."""
    columns = (Column("できごと"), Column("はじめの日"), Column("おわりの日"), Column("利用料", right=True))
    return Table(caption=caption, columns=columns, rows=[_line(bar) for bar in bars])


def _line(bar: Bar) -> Row:
    name = bar.name or (bar.label if bar.kind in ("window", "apply") else bar.text)
    last = words.ja_date(bar.ends_on) if bar.ends_on else "－"
    return Row((name, words.ja_date(bar.starts_on), last, bar.fee or "－"), me=bar.kind == "apply")
