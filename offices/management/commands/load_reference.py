from typing import Any

from django.core.management.base import BaseCommand

from offices.services.reference import load_reference


class Command(BaseCommand):
    help = "Load the shipped lists of places and kinds of service. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_reference()
        self.stderr.write("、".join(f"{name} {count}" for name, count in counts.items()))
