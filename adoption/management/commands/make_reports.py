"""Queue the reports of the last end of a month, of all places or of some."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from adoption.queries.places import place_by_code, public_places
from adoption.services.reports import reports_queue
from careplan_portal.lib import clock
from offices.models import Area


class Command(BaseCommand):
    help = "Queue both reports of the last end of a month. Those that are made stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE", help="default: what the settings say")
        parser.add_argument("--all", action="store_true", help="every place and every officer's area")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = options["codes"] or None
        if options["all"]:
            codes = [*public_places(), *Area.objects.order_by("code").values_list("code", flat=True)]
        unknown = [code for code in codes or () if not options["all"] and place_by_code(code) is None]
        if unknown:
            raise CommandError(f"この地域はありません: {', '.join(unknown)}")
        self.stdout.write(f"{reports_queue(today=clock.today(), codes=codes)}地域の報告書を作り始めました。")
