"""Poorer copies, damaged files, and trying out."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from offices.models import ImportRun, Office
from tests.offices import files
from tests.offices.files import row
from tests.offices.imports import command, state

pytestmark = pytest.mark.django_db

MINATO, MISAKI = "3170201432", "3170402149"


def damaged(**cells: str) -> dict[str, str]:
    return row(
        "0170201437"[1:],
        都道府県コード又は市町村コード="11011",
        都道府県名="北海道",
        住所="北海道札幌市中央区1",
        **cells,
    )


def test_a_spreadsheet_had_it(import_rows, tmp_path: Path) -> None:
    full = [row("0170201437", 都道府県コード又は市町村コード="011011", 住所="北海道札幌市中央区1", 備考="覚え書き")]
    import_rows(full)
    before = state()
    path = files.write(tmp_path / "s.csv", [damaged(FAX番号="", 電話番号="859000123")], files.SPREADSHEET, "cp932")
    result, _ = command(path, as_of=date(2025, 12, 1))
    assert (result["offices_unchanged"], result["offices_updated"]) == (1, 0)
    assert result["warnings"]["number_padded"] == result["warnings"]["municipality_code_padded"] == 1
    assert state() == before
    # In one go with the fuller file, and the other way round, too.
    assert import_rows(full, as_of="2025-12-01").offices_unchanged == 1


def test_a_poorer_file_of_a_later_day_keeps_what_it_does_not_tell(import_rows, tmp_path: Path) -> None:
    import_rows([row("0170201437", 都道府県コード又は市町村コード="011011", 住所="北海道札幌市中央区1")])
    path = files.write(tmp_path / "s.csv", [damaged()], files.SPREADSHEET)
    assert command(path, as_of=date(2026, 1, 5))[0]["offices_unchanged"] == 1
    path = files.write(tmp_path / "s.csv", [damaged(name="新しい名前")], files.SPREADSHEET)
    assert command(path, as_of=date(2026, 1, 5))[0]["offices_updated"] == 1
    office = Office.objects.get()
    assert (office.name, office.fax, office.corporation_name) == ("新しい名前", "0859-00-0124", "合同会社みなとの風")


def test_full_and_poor_in_one_go(tmp_path: Path) -> None:
    full = files.write(tmp_path / "f.csv", [row("0170201437", 都道府県コード又は市町村コード="011011")])
    poor = files.write(tmp_path / "p.csv", [damaged(name="名前")], files.SPREADSHEET)
    result, _ = command(full, poor, as_of=date(2025, 12, 1))
    assert result["warnings"]["poorer_copy"] == 1
    first = state()
    assert command(poor, full, as_of=date(2025, 12, 1))[0]["offices_unchanged"] == 1
    assert command(poor, as_of=date(2025, 12, 1))[0]["offices_unchanged"] == 1
    assert state() == first
    assert Office.objects.get().fax == "0859-00-0124"


def test_trying_out_counts_and_writes_nothing(import_rows, tmp_path: Path) -> None:
    import_rows([row()])
    before = state()
    path = files.write(tmp_path / "a.csv", [row(name="新しい名前"), row(MISAKI), row("1")])
    result, words = command(path, as_of=date(2026, 1, 5), dry_run=True)
    assert (result["offices_created"], result["offices_updated"], result["rejected"]) == (1, 1, 1)
    assert "書き込みはしていません" in words
    assert Path(result["rejects_file"]).exists()
    assert state() == before
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "binary", "said"),
    [
        (
            "a.csv.gz",
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc",
            "「a.csv.gz」の1行目：圧縮ファイルが途中で切れている",
        ),
        ("a.csv", "名前,番号\n1,2\n".encode(), "「a.csv」の1行目：列「都道府県コード又は市町村コード」「事業所名」"),
        (
            "a.csv",
            (files.content([row()]) + '312029,"3170402149,鳥取県').encode(),
            "「a.csv」の3行目、「No」の列：引用符",
        ),
        ("a.csv", (files.content([row()]) + '312029,"3170\n402149",x,y\n').encode(), "「a.csv」の3行目：引用符"),
        ("missing.csv", None, "「missing.csv」：ファイルがありません"),
    ],
)
def test_a_damaged_file_is_one_sentence_and_nothing_is_half_written(tmp_path: Path, name, binary, said) -> None:
    good = files.write(tmp_path / "good.csv", [row(), row("1")])
    if binary is not None:
        (tmp_path / name).write_bytes(binary)
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_offices", str(good), str(tmp_path / name), json=True, stdout=out, stderr=err)
    assert said in str(caught.value)
    assert "何も取り込んでいません。" in str(caught.value)
    assert out.getvalue() == ""
    assert not Office.objects.exists()
    assert not ImportRun.objects.exists()
    assert not list((tmp_path / "rejects").glob("*"))


def test_a_day_that_is_none(tmp_path: Path) -> None:
    path = files.write(tmp_path / "a.csv", [row()])
    with pytest.raises(CommandError, match="「2025-13-01」は日付として読めません"):
        call_command("import_offices", str(path), "--as-of", "2025-13-01", stdout=StringIO(), stderr=StringIO())
