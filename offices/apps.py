from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OfficesConfig(AppConfig):
    name = "offices"
    verbose_name = "事業所"

    def ready(self) -> None:
        post_migrate.connect(_load_reference, sender=self)


def _load_reference(using: str, **_: Any) -> None:
    """Places and service types come with the code, as permissions do, so no deployment and no
    emptied test database is without them. Nothing happens before the tables are there."""
    from offices.services.reference import load_reference, tables_exist

    if tables_exist(using):
        load_reference(using=using)
