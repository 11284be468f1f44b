"""Small register files with invented offices, in every shape that turns up."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

FULL = (
    "都道府県コード又は市町村コード", "No", "都道府県名", "市区町村名", "事業所名", "事業所名カナ", "サービスの種類",
    "住所", "方書（ビル名等）", "緯度", "経度", "電話番号", "FAX番号", "法人番号", "法人の名称", "事業所番号",
    "利用可能曜日", "利用可能曜日特記事項", "定員", "URL", "高齢者の方と障害者の方が同時一体的に利用できるサービス",
    "介護保険の通常の指定基準を満たしている", "障害福祉の通常の指定基準を満たしている", "備考",
)  # fmt: skip
SPREADSHEET = tuple(name for name in FULL[:20] if name not in ("FAX番号", "法人番号", "法人の名称"))

CARE = "居宅介護支援"
DAY = "通所介護"
VISIT = "訪問介護"
FACILITY = "介護老人福祉施設"

OFFICE = {
    "都道府県コード又は市町村コード": "312029",
    "都道府県名": "鳥取県",
    "市区町村名": "米子市",
    "事業所名": "デイサービス みなとの風",
    "事業所名カナ": "デイサービス ミナトノカゼ",
    "サービスの種類": DAY,
    "住所": "鳥取県米子市みなと町1丁目2番3号",
    "緯度": "35.4281",
    "経度": "133.3311",
    "電話番号": "0859-00-0123",
    "FAX番号": "0859-00-0124",
    "法人番号": "8700110005901",
    "法人の名称": "合同会社みなとの風",
    "事業所番号": "3170201432",
    "利用可能曜日": "平日",
    "定員": "18",
    "URL": "https://minato.example.jp/",
}  # fmt: skip


def row(number: str = "3170201432", service: str = DAY, name: str | None = None, **cells: str) -> dict[str, str]:
    """A row by its headers; whatever is not said is as in OFFICE."""
    said = OFFICE | {"事業所番号": number, "No": number, "サービスの種類": service} | cells
    return said | ({"事業所名": name} if name is not None else {})


def content(rows: Iterable[dict[str, str] | Sequence[str]], header: Sequence[str] = FULL) -> str:
    """The file's text, as the ministry writes it: CRLF, quotation marks where needed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for one in rows:
        writer.writerow([one.get(name, "") for name in header] if isinstance(one, dict) else one)
    return text.getvalue()


def write(
    path: Path,
    rows: Iterable[dict[str, str] | Sequence[str]],
    header: Sequence[str] = FULL,
    encoding: str = "utf-8-sig",
) -> Path:
    """Write a file; packed when its name says so."""
    binary = content(rows, header).encode(encoding)
    path.write_bytes(gzip.compress(binary) if path.name.endswith(".gz") else binary)
    return path
