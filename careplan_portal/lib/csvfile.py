"""Tables as files: reading what spreadsheets and ministries really save, writing what opens well.

Reading streams: a file of any length takes the memory of one row. UTF-8 with and without BOM,
CP932 (Shift_JIS of Windows), plain or gzip. What is damaged ends with one sentence for people that
names file, row and column. Row numbers are those a spreadsheet shows: the header is row 1.

Writing: UTF-8 with BOM and CRLF, and no cell that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

LONGEST_CELL: Final = 100_000
"""Characters. A cell beyond it means that a quotation mark is missing."""

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_CHUNK: Final = 1 << 16
_WIDE_BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

csv.field_size_limit(LONGEST_CELL)


class CsvFileError(ValueError):
    """The file cannot be read. ``str()`` is a sentence for people; ``row`` and ``column`` are None
    where the damage has no place (a file that is not there)."""

    def __init__(self, file: str, reason: str, row: int | None = None, column: str | None = None) -> None:
        place = f"の{row}行目" if row else ""
        place += f"、「{column}」の列" if column else ""
        super().__init__(f"「{file}」{place}：{reason}")
        self.file, self.reason, self.row, self.column = file, reason, row, column


@dataclass(frozen=True, slots=True)
class CsvTable:
    """An open file: its header, and its rows as pairs of row number and cells."""

    name: str
    encoding: str
    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def open_csv(path: Path) -> Iterator[CsvTable]:
    """Open a table for one pass over its rows. Raises CsvFileError, also while the rows are read."""
    with _reading(path.name, path) as binary:
        encoding = _encoding(path.name, binary)
    with _reading(path.name, path) as binary:
        text = io.TextIOWrapper(binary, encoding=encoding, newline="")
        records = _Records(path.name, text)
        header = next(records, None)
        if header is None:
            raise CsvFileError(path.name, "中身がありません。")
        records.header = tuple(cell.strip() for cell in header[1])
        yield CsvTable(path.name, encoding, records.header, records)


@contextmanager
def _reading(name: str, path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as raw:
            yield _decompressed(name, raw)
    except FileNotFoundError as error:
        raise CsvFileError(name, "ファイルがありません。名前と場所を確かめてください。") from error
    except IsADirectoryError as error:
        raise CsvFileError(name, "フォルダーです。ファイルを指定してください。") from error
    except PermissionError as error:
        raise CsvFileError(name, "ファイルを開く権限がありません。") from error


def _decompressed(name: str, raw: IO[bytes]) -> IO[bytes]:
    start = raw.read(4)
    raw.seek(0)
    if start.startswith(_GZIP):
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]
    if name.lower().endswith(".gz"):
        raise CsvFileError(name, "圧縮ファイル（.gz）として読めません。もう一度ダウンロードしてください。")
    if start == _ZIP:
        raise CsvFileError(name, "ExcelのブックかZIPです。CSV（コンマ区切り）で保存し直してください。")
    return raw


def _encoding(name: str, binary: IO[bytes]) -> str:
    """The encoding, by reading the whole file once unless a BOM tells. Memory: one chunk."""
    utf8, cp932 = _Trial("utf-8"), _Trial("cp932")
    try:
        chunk = binary.read(_CHUNK)
        if chunk.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if chunk.startswith(_WIDE_BOMS):
            raise CsvFileError(name, "文字コードがUTF-16です。UTF-8のCSVで保存し直してください。")
        while chunk and (utf8.good or cp932.good):
            utf8.feed(chunk)
            cp932.feed(chunk)
            chunk = binary.read(_CHUNK)
        utf8.feed(b"", final=True)
        cp932.feed(b"", final=True)
    except _BROKEN_GZIP as error:
        raise CsvFileError(name, _TRUNCATED, utf8.rows) from error
    if utf8.good or cp932.good:
        return "utf-8" if utf8.good else "cp932"
    raise CsvFileError(name, "文字コードがUTF-8でもShift_JIS（CP932）でもありません。", max(utf8.rows, cp932.rows))


class _Trial:
    """Whether bytes can be read in an encoding, and how many rows could."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self.good = True
        self.rows = 1

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        if not self.good:
            return
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.good = False
            chunk = chunk[: error.start]
        self.rows += chunk.count(b"\n")


_BROKEN_GZIP: Final = (EOFError, zlib.error, gzip.BadGzipFile)
_TRUNCATED: Final = "圧縮ファイルが途中で切れているか、こわれています。もう一度ダウンロードしてください。"


class _Records:
    """Rows with their numbers; turns every kind of damage into a CsvFileError."""

    def __init__(self, name: str, text: io.TextIOWrapper) -> None:
        self.name = name
        self.header: tuple[str, ...] = ()
        self._text = text
        self._lines: list[str] = []
        self._reader = csv.reader(self._remembered(), strict=True)
        self._row = 0

    def _remembered(self) -> Iterator[str]:
        for line in self._text:
            self._lines.append(line)
            yield line

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        self._lines.clear()
        self._row += 1
        try:
            return self._row, next(self._reader)
        except csv.Error as error:
            raise self._badly_quoted() from error
        except UnicodeDecodeError as error:
            raise CsvFileError(self.name, "読めない文字があります。", self._row) from error
        except _BROKEN_GZIP as error:
            raise CsvFileError(self.name, _TRUNCATED, self._row) from error

    def _badly_quoted(self) -> CsvFileError:
        at = _column_of_bad_quote("".join(self._lines))
        column = self.header[at] if at < len(self.header) else f"{at + 1}列目"
        return CsvFileError(self.name, '引用符（"）が正しく閉じていません。', self._row, column)


def _column_of_bad_quote(record: str) -> int:
    """Which cell, from 0, has the quotation mark that does not fit."""
    column, at = 0, 0
    while at < len(record):
        if record[at] == '"':
            end = _closing_quote(record, at + 1)
            if end is None or record[end + 1 : end + 2] not in ("", ",", "\r", "\n"):
                return column
            at = end + 1
        comma = record.find(",", at)
        if comma < 0:
            return column
        column, at = column + 1, comma + 1
    return column


def _closing_quote(record: str, at: int) -> int | None:
    while (end := record.find('"', at)) >= 0:
        if record[end + 1 : end + 2] != '"':
            return end
        at = end + 2
    return None


# --- writing -----------------------------------------------------------------------


def safe_cell(value: object) -> str:
    """The cell as text, with ' before anything that a spreadsheet would take for a formula.
    Numbers stay numbers; None is empty."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and text.startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A table as bytes, line by line, for files and streamed answers: UTF-8 with BOM, CRLF."""
    yield codecs.BOM_UTF8 + _line(header)
    for row in rows:
        yield _line(row)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a table to a new file, complete or not at all; returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    written = -1
    with unfinished.open("wb") as file:
        for line in csv_lines(header, rows):
            file.write(line)
            written += 1
    unfinished.replace(path)
    return written


def _line(row: Sequence[object]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([safe_cell(cell) for cell in row])
    return buffer.getvalue().encode()
