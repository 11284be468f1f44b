import json
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from faq.queries import answer, visible_entries
from faq.rules.golden import GoldenQuestion, Measure, measure, parse_golden, source_questions

KEPT_ASIDE = frozenset({"fresh", "kept", "vague"})
"""Sets whose misses are never printed: who improves the search must not come to know them."""


class Command(BaseCommand):
    help = (
        "Measures the search on sets of questions with known answers: those of tests/faq/golden, and from the folder of "
        "given material the source's own questions and cases/faq_queries.tsv. More files as arguments."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path)
        parser.add_argument("--misses", action="store_true", help="also the questions without a right entry in three")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not visible_entries(staff=False).exists():
            raise CommandError("質問がまだありません。先に load_faq を実行してください。")
        results = {
            name: measure(questions, lambda text: answer(text, limit=10))
            for name, questions in self.sets(options["files"])
        }
        results = {name: replace(one, misses=()) if name in KEPT_ASIDE else one for name, one in results.items()}
        if options["json"]:
            self.stdout.write(json.dumps({name: asdict(one) for name, one in results.items()}, ensure_ascii=False))
            return
        self.stdout.write(f"{'set':<24}{'asked':>7}{'hit@1':>9}{'hit@3':>9}{'MRR':>9}{'foreign':>9}{'open':>9}")
        for name, one in results.items():
            self.stdout.write(row(name, one))
            if options["misses"] and name not in KEPT_ASIDE:
                for text in one.misses:
                    self.stdout.write("    " + " ".join(text.split())[:80])

    def sets(self, files: list[Path]) -> Iterator[tuple[str, list[GoldenQuestion]]]:
        shared = Path(os.environ.get("PORTAL_SHARED") or settings.BASE_DIR.parent / "shared")
        golden = sorted((settings.BASE_DIR / "tests" / "faq" / "golden").glob("*.tsv"))
        for path in [*golden, shared / "cases" / "faq_queries.tsv", *files]:
            if path.is_file():
                yield path.stem, parse_golden(path.read_text(encoding="utf-8").splitlines())
        if (shared / "seed" / "qa.json").is_file():
            yield "source", source_questions(json.loads((shared / "seed" / "qa.json").read_text(encoding="utf-8")))


def row(name: str, one: Measure) -> str:
    """One line of the table; a dash where nothing was asked."""
    shown = [f"{value:.3f}" if value is not None else "-" for value in (one.hit_at_1, one.hit_at_3, one.mrr)]
    left_open = "-" if one.foreign_not_settled is None else f"{one.foreign_not_settled:.3f}"
    return f"{name:<24}{one.asked:>7}{shown[0]:>9}{shown[1]:>9}{shown[2]:>9}{one.foreign:>9}{left_open:>9}"
