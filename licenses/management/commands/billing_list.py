from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from careplan_portal.lib import clock
from careplan_portal.lib.csvfile import write_csv
from licenses.models import BillLine
from licenses.services import bill_lines_preview, bill_lines_record

HEADER = (
    "請求する日",
    "明細番号",
    "事業所番号",
    "事業所名",
    "法人番号",
    "法人名",
    "種類",
    "期間のはじめ",
    "期間のおわり",
    "金額（円）",
)


def month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ArgumentTypeError(f"「{text}」は月ではありません。2026-07 の形で入れてください。") from error


class Command(BaseCommand):
    help = "Write what is billed on the first of a month. Before that day: a preview, not recorded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        today, first = clock.today(), options["month"]
        lines: Iterable[BillLine] = bill_lines_record(month=first, today=today)
        if today < first:
            lines = bill_lines_preview(month=first)
            self.stderr.write(f"{first}より前なので、いまの見込みです。まだ変わることがあります。")
        self.stdout.write(str(write_csv(options["out"], HEADER, _rows(lines))))


def _rows(lines: Iterable[BillLine]) -> Iterator[tuple[object, ...]]:
    for line in lines:
        term, office = line.term, line.term.license.office
        corporation = office.corporation
        yield (
            line.month.isoformat(),
            line.pk or "",
            office.business_number,
            office.name,
            (corporation and corporation.corporate_number) or "",
            corporation.name if corporation else office.corporation_name,
            line.get_kind_display(),
            term.starts_on.isoformat(),
            term.ends_on.isoformat(),
            line.yen,
        )
