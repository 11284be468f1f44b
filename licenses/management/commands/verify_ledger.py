import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from licenses.models import License, LicenseTerm
from licenses.queries import ledger_problems


class Command(BaseCommand):
    help = "Look through the whole ledger for what could not have come about by the rules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = ledger_problems()
        licenses, terms = License.objects.count(), LicenseTerm.objects.count()
        if options["json"]:
            answer = {
                "licenses": licenses,
                "terms": terms,
                "problems": [asdict(problem) for problem in problems],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(f"licenses: {licenses}\nterms: {terms}\nproblems: {len(problems)}")
            for problem in problems:
                self.stdout.write(f"{problem.business_number} {problem.code} {problem.text}")
        if problems:
            raise SystemExit(1)
