import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from careplan_portal.lib import clock
from careplan_portal.lib.acting import OPERATOR, Acting
from careplan_portal.lib.csvfile import CsvFileError, CsvTable, open_csv, write_csv
from licenses.services import licenses_take_over
from licenses.services.takeover import COLUMNS, TakeOver


class Command(BaseCommand):
    help = "Take over licences from an earlier system: a CSV with one row a term."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        acting = Acting(None, OPERATOR, f"{path.name}から引き継ぎ"[:200])
        try:
            with open_csv(path) as table:
                taken = licenses_take_over(rows=_cells(table), today=clock.today(), acting=acting)
        except CsvFileError as error:
            raise CommandError(str(error)) from error
        rejects = self._write_rejects(path, taken)
        answer = {
            "rows": taken.rows,
            "licenses": taken.licenses,
            "terms": taken.terms,
            "warnings": dict(taken.warnings),
            "rejected": len(taken.rejects),
            "rejects_file": rejects,
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in answer.items()))

    def _write_rejects(self, path: Path, taken: TakeOver) -> str | None:
        if not taken.rejects:
            return None
        rejects = path.with_name(f"{path.name}.rejects.csv")
        write_csv(rejects, ("行", "事業所番号", "列", "理由"), map(astuple, taken.rejects))
        self.stderr.write(f"{len(taken.rejects)}行を取り込めませんでした。理由は {rejects} にあります。")
        return str(rejects)


def _cells(table: CsvTable) -> Iterator[tuple[int, dict[str, str]]]:
    missing = [name for name in COLUMNS if name not in table.header]
    if missing:
        raise CsvFileError(table.name, f"見出しに「{missing[0]}」がありません。", 1)
    for line, cells in table.rows:
        if any(cells):
            yield line, dict(zip(table.header, cells, strict=False))
