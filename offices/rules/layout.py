"""The columns of a register file: which are known, where they stand, how long their texts may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

HEADERS: Final = {
    "都道府県コード又は市町村コード": "municipality",
    "No": "no",
    "都道府県名": "prefecture_name",
    "市区町村名": "municipality_name",
    "事業所名": "name",
    "事業所名カナ": "kana",
    "サービスの種類": "service",
    "住所": "address",
    "方書（ビル名等）": "building",
    "緯度": "latitude",
    "経度": "longitude",
    "電話番号": "phone",
    "FAX番号": "fax",
    "法人番号": "corporate_number",
    "法人の名称": "corporation_name",
    "事業所番号": "business_number",
    "利用可能曜日": "weekdays",
    "利用可能曜日特記事項": "weekdays_note",
    "定員": "capacity",
    "URL": "url",
}
KEPT_ASIDE: Final = (
    "高齢者の方と障害者の方が同時一体的に利用できるサービス",
    "介護保険の通常の指定基準を満たしている",
    "障害福祉の通常の指定基準を満たしている",
    "備考",
)
"""Known columns that nobody asks for yet: kept with the row where they say something."""

REQUIRED: Final = ("municipality", "name", "service", "address", "business_number")

LONGEST: Final = {
    "service": 100,
    "name": 100,
    "kana": 150,
    "address": 250,
    "building": 150,
    "phone": 30,
    "fax": 30,
    "corporation_name": 100,
    "weekdays": 60,
    "url": 300,
}
SHORTEST_LIMIT: Final = min(LONGEST.values())


class MissingColumns(ValueError):
    """The header is not that of a register file; ``columns`` are the ones that lack."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(
            f"列「{'」「'.join(columns)}」がありません。事業所の名簿（オープンデータ）の形ではありません。"
        )
        self.columns = tuple(columns)


@dataclass(slots=True)
class Layout:
    """Where each field stands in a file. ``columns`` counts the known ones: of two files for the
    same day, the one with more of them is the fuller copy."""

    header: tuple[str, ...]
    at: dict[str, int]
    aside: tuple[tuple[int, str], ...]
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.width = len(self.header)

    @property
    def columns(self) -> int:
        return len(self.at) + sum(name in KEPT_ASIDE for _, name in self.aside)

    def cell(self, cells: Sequence[str], name: str) -> str:
        """The field's text in a row that may be too short."""
        index = self.at.get(name, len(cells))
        return cells[index].strip() if index < len(cells) else ""


def layout_of(header: Sequence[str]) -> Layout:
    """The layout that a header describes, in any order of columns; unknown columns are kept aside.
    Raises MissingColumns."""
    names = [name.strip().replace("(", "（").replace(")", "）") for name in header]
    at = {HEADERS[name]: index for index, name in enumerate(names) if name in HEADERS}
    lacking = [name for name, known in HEADERS.items() if known in REQUIRED and known not in at]
    if lacking:
        raise MissingColumns(lacking)
    aside = tuple((index, name) for index, name in enumerate(names) if name and name not in HEADERS)
    return Layout(tuple(names), at, aside)
