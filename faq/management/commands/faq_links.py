import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from faq.queries import visible_entries
from faq.rules.markup import links
from faq.services.links import link_state


class Command(BaseCommand):
    help = "Checks every link of every published entry; exit status 1 when one does not answer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--timeout", type=float, default=10, help="seconds a link may take")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [
            {"slug": entry.slug, "link": link, "state": link_state(link, timeout=options["timeout"])}
            for entry in visible_entries(staff=True)
            for link in links(entry.details)
        ]
        broken = [one for one in found if one["state"] != "ok"]
        if options["json"]:
            self.stdout.write(json.dumps({"links": len(found), "broken": broken}, ensure_ascii=False))
        else:
            for one in broken:
                self.stdout.write(f"{one['slug']}  {one['link']}  {one['state']}")
            self.stderr.write(f"{len(found)} links, {len(broken)} broken")
        if broken:
            raise SystemExit(1)
