import json
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from careplan_portal.lib import clock
from offices.rules.oddities import WARNINGS
from offices.services.importing import ImportFailed, ImportResult, offices_import


class Command(BaseCommand):
    requires_system_checks = ()  # loading every page of the portal is no part of reading a register
    help = "Take over the ministry's register of offices. JSON goes to standard output, words to standard error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".csv or .csv.gz")
        parser.add_argument("--as-of", type=_day, help="the day the files stand for; today by default")
        parser.add_argument("--dry-run", action="store_true", help="count everything, write nothing")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            today = clock.today()
        except OperationalError as error:
            raise CommandError("データベースにつながりません。何も取り込んでいません。") from error
        as_of = options["as_of"] or today
        if as_of > today:
            self.stderr.write(f"注意：名簿の日付（{as_of}）が、きょう（{today}）より後です。")
        try:
            result = offices_import(
                files=options["files"], as_of=as_of, dry_run=options["dry_run"], tell=self.stderr.write
            )
        except ImportFailed as error:
            raise CommandError(str(error)) from error
        self._say(result, dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))

    def _say(self, result: ImportResult, *, dry_run: bool) -> None:
        for code, count in sorted(result.warnings.items()):
            self.stderr.write(f"注意 {code} {count:,}：{WARNINGS[code]}")
        if result.rejects_file:
            self.stderr.write(f"取り込めない行が{result.rejected:,}行あります：{result.rejects_file}")
        self.stderr.write(
            f"{'試しに数えました（書き込みはしていません）。' if dry_run else '取り込みました。'}"
            f"新しい事業所 {result.offices_created:,}、変わった {result.offices_updated:,}、"
            f"同じ {result.offices_unchanged:,}、名簿にない {result.offices_gone:,}。"
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"「{text}」は日付として読めません。2025-12-01の形で書いてください。") from error
