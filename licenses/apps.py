from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class LicensesConfig(AppConfig):
    name = "licenses"
    verbose_name = "ライセンス"

    def ready(self) -> None:
        post_migrate.connect(_start, sender=self)


def _start(using: str, **_: Any) -> None:
    """A new database, or a test's emptied one, begins with the facts of the source."""
    from careplan_portal.lib import clock
    from licenses.services.policy import policy_start

    if "licenses_policyevent" in connections[using].introspection.table_names():
        policy_start(today=clock.today())
