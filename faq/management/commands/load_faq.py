import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careplan_portal.lib.acting import SYSTEM, Acting
from faq.rules.content import ContentError
from faq.services import faq_load
from faq.services.loading import DATA


class Command(BaseCommand):
    help = "Loads the FAQ's reviewed data files; again changes nothing, and what people changed here stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=DATA, help="another folder of data files")
        parser.add_argument("--overwrite", action="store_true", help="set back what people changed, too")
        parser.add_argument("--json", action="store_true", help="all counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        acting = Acting(None, SYSTEM, "データファイルの読み込み")
        try:
            loaded = faq_load(acting=acting, folder=options["folder"], overwrite=options["overwrite"])
        except (ContentError, OSError) as error:
            raise CommandError(str(error)) from error
        if loaded.kept:
            self.stderr.write(f"人が直したので、そのままにしました: {', '.join(loaded.kept)}")
        if loaded.gone:
            self.stderr.write(f"ファイルにありません(公開中): {', '.join(loaded.gone)}")
        self.stdout.write(json.dumps(loaded.as_dict(), ensure_ascii=False) if options["json"] else str(loaded.entries))
