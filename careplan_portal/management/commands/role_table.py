"""Print, write or check docs/roles.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from careplan_portal.role_table import markdown


class Command(BaseCommand):
    help = "The table of every address × method × role"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/roles.md")
        parser.add_argument("--check", action="store_true", help="fail when docs/roles.md is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "roles.md"
        table = markdown()
        if options["write"]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(table, encoding="utf-8")
        elif options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != table:
                raise CommandError("docs/roles.md is out of date: bin/manage role_table --write")
        else:
            self.stdout.write(table)
