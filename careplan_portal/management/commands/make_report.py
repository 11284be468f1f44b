"""Reports on paper: `make_report adoption --area CODE [--on DATE] --out FILE.pdf`."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from careplan_portal.lib import clock


class Command(BaseCommand):
    help = "Write a report as PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        adoption = kinds.add_parser("adoption", help="about an area: one A4 page, or the monthly report")
        adoption.add_argument("--area", required=True, help="six-digit code, 000000 for the nation, or an area's code")
        adoption.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="default: the newest figures")
        adoption.add_argument("--monthly", action="store_true", help="with the difference to the month before")
        adoption.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        body = self._adoption(options["area"], options["on"], options["monthly"], clock.today())
        options["out"].parent.mkdir(parents=True, exist_ok=True)
        options["out"].write_bytes(body)
        self.stdout.write(str(options["out"]))

    def _adoption(self, code: str, on: date | None, monthly: bool, today: date) -> bytes:
        from adoption.documents.monthly import monthly_pdf
        from adoption.documents.report import report_pdf
        from adoption.queries.figures import newest_run, run_on
        from adoption.queries.places import place_by_code
        from adoption.services.snapshots import snapshot_make, snapshots_make_due
        from adoption.services.splits import splits_publish_due

        place = place_by_code(code)
        if place is None:
            raise CommandError(
                f"「{code}」という地域はありません。6けたのコードか、担当地域のコードを指定してください。"
            )
        if on is not None and on >= today:
            raise CommandError(f"{on} の数字は、その日が終わってから作ります。{today} より前の日を指定してください。")
        run = run_on(on) if on else newest_run(today)
        if run is None:
            # What no night has written down yet is made from the ledger, as known today.
            if on:
                snapshot_make(day=on, known_on=today)
            else:
                snapshots_make_due(today=today)
                splits_publish_due(today=today)
            run = run_on(on) if on else newest_run(today)
        assert run is not None
        return (monthly_pdf if monthly else report_pdf)(place, run, today)
