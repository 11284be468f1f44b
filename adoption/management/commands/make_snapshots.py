"""Make the figures of past days anew: as known then, or as known now."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from adoption.services.snapshots import snapshot_make, snapshots_make_due
from adoption.services.splits import splits_publish_due
from careplan_portal.lib import clock
from careplan_portal.lib.dates import days


class Command(BaseCommand):
    help = "Make the figures of the days from FIRST to LAST anew, or without days those that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--first", metavar="DATE")
        parser.add_argument("--last", metavar="DATE", help="default: FIRST")
        parser.add_argument("--known", choices=["then", "now"], default="then", help="what counts as known")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        if not options["first"]:
            self.stdout.write(f"{snapshots_make_due(today=today)['days']}日分")
            self.stdout.write(f"内わけ {splits_publish_due(today=today)}か月分")
            return
        first = date.fromisoformat(options["first"])
        last = date.fromisoformat(options["last"] or options["first"])
        if last >= today:
            raise CommandError(f"{last} はまだ終わっていません。{today} より前の日を指定してください。")
        for day in days(first, last):
            rows = snapshot_make(day=day, known_on=today if options["known"] == "now" else day)
            self.stdout.write(f"{day} {rows}")
