"""A plain table of texts, for the table that stands beside every drawing and for simple lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from careplan_portal.lib import words
from careplan_portal.lib.charts import Bar


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

    @property
    def lines(self) -> Iterable[tuple[Row, list[tuple[Column, str]]]]:
        return ((row, list(zip(self.columns, row.cells, strict=True))) for row in self.rows)


def timeline_table(bars: Iterable[Bar], caption: str) -> Table:
    """The same facts as the drawing, in words; the days on which one can file are marked."""
    columns = (Column("できごと"), Column("はじめの日"), Column("おわりの日"), Column("利用料", right=True))
    return Table(caption=caption, columns=columns, rows=[_line(bar) for bar in bars])


def _line(bar: Bar) -> Row:
    name = bar.name or (bar.label if bar.kind in ("window", "apply") else bar.text)
    last = words.ja_date(bar.ends_on) if bar.ends_on else "－"
    return Row((name, words.ja_date(bar.starts_on), last, bar.fee or "－"), me=bar.kind == "apply")
