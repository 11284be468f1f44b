import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from faq.queries import answer
from faq.rules.search import as_dict


class Command(BaseCommand):
    help = "The entries that answer a question, best first; an empty list means: not settled, ask the helpdesk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query")
        parser.add_argument("--limit", type=int, default=5)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = answer(options["query"], limit=options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps([as_dict(hit) for hit in found.hits], ensure_ascii=False))
            return
        if not found.settled:
            self.stderr.write("決まった答えが見つかりません。ヘルプデスクに聞いてください。")
        for hit in found.hits:
            self.stdout.write(f"{hit.score:.3f}  {hit.entry.slug}  {hit.entry.question}")
