from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from careplan_portal.lib.jobs import queue_empty
from licenses.queries import ledger_problems


class Command(BaseCommand):
    help = (
        "After a back-up was put in place (bin/restore): empty the queue and the cache, which belong to another day, "
        "sign everybody out, gather statistics, and check the ledger. Fails when the ledger has problems."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        dropped = queue_empty()
        cache.clear()
        with connection.cursor() as cursor:
            # Sessions of the back-up's day may belong to people who were shut out since.
            cursor.execute("DELETE FROM django_session")
            cursor.execute("ANALYZE")
        problems = ledger_problems()
        self.stdout.write(f"the queue held {dropped} jobs of another day; the ledger has {len(problems)} problems")
        for problem in problems[:20]:
            self.stdout.write(f"  {problem.business_number} {problem.code}: {problem.text}")
        if problems:
            raise CommandError("the ledger has problems; verify_ledger --json lists all of them")
