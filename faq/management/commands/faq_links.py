import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from faq.services.links import links_check


class Command(BaseCommand):
    help = "Checks every link of every published entry; exit status 1 when one does not answer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--timeout", type=float, default=10, help="seconds a link may take")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        count, broken = links_check(timeout=options["timeout"])
        if options["json"]:
            self.stdout.write(json.dumps({"links": count, "broken": broken}, ensure_ascii=False))
        else:
            for one in broken:
                self.stdout.write(f"{one['slug']}  {one['link']}  {one['state']}")
            self.stderr.write(f"{count} links, {len(broken)} broken")
        if broken:
            raise SystemExit(1)
