"""Load the official outlines of municipalities for the maps."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from adoption.rules.boundaries import BoundaryFileError
from adoption.services.boundaries import SOURCE, boundaries_load


class Command(BaseCommand):
    help = "Load outlines of municipalities from TopoJSON or GeoJSON of 国土数値情報 N03. Loading again replaces them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--source", default=SOURCE, help="whom to credit below the map")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded, unknown = 0, set()
        for path in options["files"]:
            try:
                count, strange = boundaries_load(data=json.loads(path.read_bytes()), source=options["source"])
            except (OSError, ValueError) as error:
                text = str(error) if isinstance(error, BoundaryFileError) else "JSONとして読めません。"
                raise CommandError(f"「{path.name}」：{text}") from error
            loaded += count
            unknown |= set(strange)
        if options["json"]:
            self.stdout.write(json.dumps({"municipalities": loaded, "unknown": sorted(unknown)}))
        else:
            self.stdout.write(f"{loaded}市区町村の境界を取り込みました。")
            if unknown:
                self.stderr.write(f"コードの分からない図形: {', '.join(sorted(unknown))}")
