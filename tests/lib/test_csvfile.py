"""Reading and writing tables as files. No database."""

import codecs
import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from careplan_portal.lib import csvfile

TEXT = 'コード,名前\r\n1,"髙﨑, ケア"\r\n2,"二行\r\nの名前"\r\n'


def read(path: Path) -> tuple[str, tuple[str, ...], list[tuple[int, list[str]]]]:
    with csvfile.open_csv(path) as table:
        return table.encoding, table.header, list(table.rows)


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    def save(content: bytes, name: str = "事業所.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return save


ROWS = [(2, ["1", "髙﨑, ケア"]), (3, ["2", "二行\r\nの名前"])]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("cp932"), "cp932"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_encodings(saved: Callable[..., Path], content: bytes, encoding: str, packed: bool) -> None:
    path = saved(gzip.compress(content) if packed else content, "a.csv.gz" if packed else "a.csv")
    assert read(path) == (encoding, ("コード", "名前"), ROWS)


def test_gzip_is_known_by_its_content(saved: Callable[..., Path]) -> None:
    assert read(saved(gzip.compress(TEXT.encode()), "a.csv"))[2] == ROWS


def test_cp932_late_in_a_long_file(saved: Callable[..., Path]) -> None:
    content = b"a,b\n" + b"1,2\n" * 100_000 + "3,髙\n".encode("cp932")
    encoding, _, rows = read(saved(content))
    assert encoding == "cp932"
    assert rows[-1] == (100_002, ["3", "髙"])


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "中身がありません"),
        (b"a,b\n1,\x81\xff\n", "a.csv", "「a.csv」の2行目：文字コード"),
        (codecs.BOM_UTF8 + b"a,b\n1,2\n1,\xff\n", "a.csv", "読めない文字"),
        (codecs.BOM_UTF16_LE + "a,b".encode("utf-16-le"), "a.csv", "UTF-16"),
        (b"PK\x03\x04rest", "a.csv", "Excel"),
        (b"a,b\n", "a.csv.gz", "圧縮ファイル（.gz）として読めません"),
        (b'name,place\n1,2\n1,"open\n2,3\n', "a.csv", "「a.csv」の3行目、「place」の列：引用符"),
        (b'name,place\n"a"b,2\n', "a.csv", "「a.csv」の2行目、「name」の列：引用符"),
        (b'name,place\n"a","b""c"d\n', "a.csv", "「place」の列：引用符"),
        (b'name,place\n"a","b",x,"d"e\n', "a.csv", "「4列目」の列：引用符"),
        (b'name,place\n1,"' + b"x" * 200_000 + b'"\n', "a.csv", "2行目"),
    ],
)
def test_damage_is_one_sentence(saved: Callable[..., Path], content: bytes, name: str, said: str) -> None:
    with pytest.raises(csvfile.CsvFileError) as caught:
        read(saved(content, name))
    assert said in str(caught.value)
    assert caught.value.file == name


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
def test_a_truncated_gzip_says_where(saved: Callable[..., Path], bom: bytes) -> None:
    content = bom + "番号,名前\n".encode() + b"".join(f"{n},{n * 7919}\n".encode() for n in range(20_000))
    packed = gzip.compress(content)
    with pytest.raises(csvfile.CsvFileError) as caught:
        read(saved(packed[: len(packed) // 2], "a.csv.gz"))
    assert "途中で切れている" in str(caught.value)
    assert caught.value.row is not None
    assert caught.value.row > 1000


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(csvfile.CsvFileError, match=r"「x\.csv」：ファイルがありません"):
        read(tmp_path / "x.csv")
    with pytest.raises(csvfile.CsvFileError, match="フォルダー"):
        read(tmp_path)


def test_reading_takes_the_memory_of_a_row(saved: Callable[..., Path]) -> None:
    path = saved(gzip.compress(b"a,b\n" + "1,名前\n".encode() * 300_000), "a.csv.gz")
    tracemalloc.start()
    try:
        with csvfile.open_csv(path) as table:
            assert sum(1 for _ in table.rows) == 300_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+81", "'+81"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        (-1, "-1"),
        (1.5, "1.5"),
        (None, ""),
        ("31 7 02", "31 7 02"),
    ],
)
def test_cells_are_never_formulas(value: object, cell: str) -> None:
    assert csvfile.safe_cell(value) == cell


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.csv"
    assert csvfile.write_csv(path, ["名前", "数"], [['髙﨑, "ケア"', 3], ["二行\nの名前", None]]) == 2
    content = path.read_bytes()
    assert content.startswith(codecs.BOM_UTF8)
    assert "名前,数\r\n".encode() in content
    assert read(path) == ("utf-8-sig", ("名前", "数"), [(2, ['髙﨑, "ケア"', "3"]), (3, ["二行\nの名前", ""])])
    assert [one.name for one in path.parent.iterdir()] == ["out.csv"]
