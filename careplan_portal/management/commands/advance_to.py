from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from careplan_portal.lib import clock
from careplan_portal.nightly import advance


class Command(BaseCommand):
    help = "Demo clock: run every nightly job day by day up to the date, then the business day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", type=date.fromisoformat, metavar="DATE")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PORTAL_ENV == "production":
            raise CommandError("本番環境では日付を進められません。")
        today, until = clock.today(), options["date"]
        if until < today:
            raise CommandError(f"業務日は {today} です。前の日には戻せません。")
        advance(until)
        self.stdout.write(until.isoformat())
