import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from careplan_portal.lib import clock
from careplan_portal.lib.acting import NIGHT
from licenses.services import roll_over


class Command(BaseCommand):
    help = "Renew, stop or lapse every licence whose last term ended before the day (R9, R10, R15)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="default: today")
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or clock.today()
        result = roll_over(on=on, acting=NIGHT, dry_run=options["dry_run"])
        answer = result.as_dict()
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in answer.items()))
        if result.proof != "ok":
            self.stderr.write(f"照合が合いません: {result.proof}")
            raise SystemExit(1)
