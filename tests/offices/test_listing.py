"""One row of a register file: what it says, what looks odd, why it cannot be taken. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.rules import listing
from offices.rules.layout import MissingColumns, layout_of
from offices.rules.oddities import WARNINGS
from tests.offices import files

ODD_BY_NATURE = {"check_digit"}  # invented numbers often fail it


def read(header=files.FULL, **cells: str):
    layout = layout_of(header)
    warnings: list[str] = []
    said = files.row(**cells)
    row = listing.read_row(layout, [said.get(name, "") for name in header], warnings)
    return row, set(warnings) - ODD_BY_NATURE


def test_a_clean_row() -> None:
    row, warnings = read()
    assert warnings == set()
    assert row.business_number == "3170201432"
    assert (row.service_key, row.open_data_code, row.service_type) == ("150", "150", "15")
    assert (row.municipality, row.prefecture) == ("312029", "310000")
    assert row.full_address == row.address == "鳥取県米子市みなと町1丁目2番3号"
    assert (row.latitude, row.longitude) == ("35.4281", "133.3311")
    assert (row.phone, row.phone_digits, row.fax) == ("0859-00-0123", "0859000123", "0859-00-0124")
    assert (row.corporate_number, row.corporation_name) == ("8700110005901", "合同会社みなとの風")
    assert (row.capacity, row.weekdays, row.extra) == ("18", "平日", None)
    assert row.search_key == "ていさひすみなとの風 ていさひすみなとのかせ 合同会社みなとの風"


@pytest.mark.parametrize(
    ("cells", "warning", "field", "value"),
    [
        ({"number": "３１－７０２０１４３２"}, None, "business_number", "3170201432"),
        (
            {"number": "170201432", "都道府県コード又は市町村コード": "011011"},
            "number_padded",
            "business_number",
            "0170201432",
        ),
        ({"number": "13b0000016", "都道府県コード又は市町村コード": "131016"}, None, "business_number", "13B0000016"),
        ({"number": "3171111111"}, "number_looks_invented", "business_number", "3171111111"),
        ({"No": "3170201433"}, "no_differs", "business_number", "3170201432"),
        ({"都道府県コード又は市町村コード": "11011"}, "municipality_code_padded", "municipality", "011011"),
        ({"都道府県コード又は市町村コード": "31202"}, "municipality_code_padded", "municipality", "312029"),
        ({"都道府県コード又は市町村コード": ""}, "municipality_missing", "municipality", None),
        ({"都道府県コード又は市町村コード": "310000"}, "municipality_missing", "municipality", None),
        ({"都道府県コード又は市町村コード": "999999"}, "municipality_unknown", "municipality", None),
        ({"都道府県コード又は市町村コード": "221317"}, "municipality_former", "municipality", "221317"),
        ({"都道府県コード又は市町村コード": "016969"}, "municipality_mistaken", "municipality", "014036"),
        ({"都道府県コード又は市町村コード": "131016"}, "prefecture_differs", "municipality", "131016"),
        ({"service": "新しいサービス"}, "unknown_service", "service_type", None),
        ({"service": "短期入所療養介護(療養病床を有する病院等)"}, None, "open_data_code", "230"),
        ({"service": " 通所 介護 "}, None, "open_data_code", "150"),
        ({"住所": ""}, "address_missing", "full_address", ""),
        ({"住所": "みなと町1丁目2番3号"}, "address_completed", "full_address", "鳥取県米子市みなと町1丁目2番3号"),
        (
            {"住所": "鳥取県米子市みなと町1番みなとビル2階", "方書（ビル名等）": "みなとビル2階"},
            "building_repeated",
            "full_address",
            "鳥取県米子市みなと町1番",
        ),
        ({"緯度": "", "経度": ""}, "coordinates_missing", "latitude", None),
        ({"緯度": "0.000", "経度": "0.000"}, "coordinates_zero", "latitude", None),
        ({"緯度": "53.4", "経度": "-8.2"}, "coordinates_outside", "longitude", None),
        ({"緯度": "nan", "経度": "135"}, "coordinates_outside", "latitude", None),
        ({"緯度": "35度", "経度": "135"}, "coordinates_outside", "latitude", None),
        ({"緯度": "3_5.0", "経度": "135"}, None, "latitude", "35.0"),
        ({"事業所名カナ": ""}, "kana_missing", "search_key", "ていさひすみなとの風 合同会社みなとの風"),
        ({"電話番号": ""}, "phone_missing", "phone", ""),
        ({"電話番号": "０８５９－００ｰ０１２３"}, None, "phone", "0859-00-0123"),
        ({"電話番号": "859000123"}, "phone_padded", "phone_digits", "0859000123"),
        ({"電話番号": "(代) 0859-00-0"}, "phone_odd", "phone", "(代) 0859-00-0"),
        ({"FAX番号": "00-0123"}, "fax_odd", "fax", "00-0123"),
        ({"法人番号": ""}, "corporate_number_missing", "corporate_number", ""),
        ({"法人番号": "7700110005901"}, "corporate_number_check", "corporate_number", "7700110005901"),
        ({"法人番号": "8.70011E+12"}, "corporate_number_odd", "extra", '{"法人番号": "8.70011E+12"}'),
        ({"定員": "0"}, "capacity_unknown", "capacity", None),
        ({"定員": "99999999"}, "capacity_odd", "extra", '{"定員": "99999999"}'),
        ({"定員": "十"}, "capacity_odd", "capacity", None),
        ({"URL": "javascript:alert(1)"}, "url_odd", "url", "javascript:alert(1)"),
        ({"事業所名": "デイ\nみなと\x00"}, "control_characters", "name", "デイ みなと"),
        ({"備考": "覚え書き"}, None, "extra", '{"備考": "覚え書き"}'),
        ({"事業所名": "髙﨑　ケア"}, None, "name", "髙﨑　ケア"),
    ],
)
def test_quirks(cells: dict[str, str], warning: str | None, field: str, value: str | None) -> None:
    row, warnings = read(**cells)
    assert getattr(row, field) == value
    expected = {warning} if warning else set()
    # A place far from the number's prefecture is a second, honest warning.
    assert warnings - {"prefecture_differs", "address_completed"} == expected - {
        "prefecture_differs",
        "address_completed",
    }
    assert expected <= warnings


def test_too_long_is_cut_and_kept_aside() -> None:
    row, warnings = read(事業所名="長" * 120)
    assert warnings == {"too_long"}
    assert len(row.name) == 100
    assert row.extra is not None
    assert "長" * 120 in row.extra


def test_columns_that_a_file_lacks_say_nothing() -> None:
    row, warnings = read(header=files.SPREADSHEET)
    assert (row.fax, row.corporate_number, row.corporation_name) == (None, None, None)
    assert "corporate_number_missing" not in warnings
    assert layout_of(files.SPREADSHEET).columns == 17
    assert layout_of(files.FULL).columns == 24


def test_columns_may_stand_anywhere_and_unknown_ones_are_kept() -> None:
    row, _ = read(header=(*reversed(files.FULL), "新しい列"), 新しい列="値")
    assert row.name == "デイサービス みなとの風"
    assert row.extra == '{"新しい列": "値"}'


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"number": ""}, "事業所番号", "入れてください"),
        ({"number": "31702"}, "事業所番号", "5けた足りません"),
        ({"number": "31I0201432"}, "事業所番号", "使われません"),
        ({"number": "3.17E+09"}, "事業所番号", "使えない文字"),
        ({"name": ""}, "事業所名", "ありません"),
        ({"name": "〇〇"}, "事業所名", "見本"),
        ({"name": "○○○ "}, "事業所名", "見本"),
        ({"name": "－"}, "事業所名", "見本"),
        ({"name": "テスト事業所"}, "事業所名", "見本"),
        ({"name": "1", "住所": "1"}, "事業所名", "見本"),
        ({"name": "あ", "住所": "あ"}, "事業所名", "見本"),
    ],
)
def test_rejected(cells: dict[str, str], column: str, said: str) -> None:
    with pytest.raises(listing.RowRejected) as caught:
        read(**cells)
    assert caught.value.column == column
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["楽", "2", "テストピア訪問介護", "バプテスト訪問看護", "24"])
def test_short_and_odd_names_are_real(name: str) -> None:
    assert read(name=name)[0].name == name


def test_a_row_of_another_width_is_rejected() -> None:
    with pytest.raises(listing.RowRejected, match="列の数が23です。見出しは24列です"):
        listing.read_row(layout_of(files.FULL), ["x"] * 23, [])


def test_a_header_of_something_else() -> None:
    with pytest.raises(MissingColumns, match="「事業所番号」がありません"):
        layout_of([name for name in files.FULL if name != "事業所番号"])


def test_five_digits_read_two_ways_follow_the_number() -> None:
    # 11011 with a lost zero is Sapporo's Chuo ward; as a code without check digit it would be 11011x.
    assert listing.municipality_code("11011", "01") == ("011011", "municipality_code_padded")
    # 13101 is Chiyoda (131016); 013101 does not exist.
    assert listing.municipality_code("13101", "13") == ("131016", "municipality_code_padded")


def test_every_warning_has_words() -> None:
    assert all(text and code.isidentifier() for code, text in WARNINGS.items())


@given(st.lists(st.text(max_size=20), min_size=24, max_size=24))
def test_any_row_with_number_and_name_is_read(cells: list[str]) -> None:
    warnings: list[str] = []
    cells[files.FULL.index("事業所番号")] = "3170201432"
    cells[files.FULL.index("事業所名")] = "みなと"
    row = listing.read_row(layout_of(files.FULL), cells, warnings)
    assert set(warnings) <= set(WARNINGS)
    assert not any("\t" in value or "\n" in value or "\0" in value for value in row if value)
