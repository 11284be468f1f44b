from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from careplan_portal.lib import clock
from careplan_portal.lib.csvfile import write_csv
from licenses.documents import BILL_HEADER, bill_rows
from licenses.models import BillLine
from licenses.services import bill_lines_preview, bill_lines_record


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
        self.stdout.write(str(write_csv(options["out"], BILL_HEADER, bill_rows(lines))))
