from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class LinksConfig(AppConfig):
    name = "links"
    verbose_name = "ほかの場所にあるもの"

    def ready(self) -> None:
        post_migrate.connect(_start, sender=self)


def _start(using: str, **_: Any) -> None:
    """A new database, or a test's emptied one, begins with the things that the source names."""
    from links.services import links_start

    if "links_linkevent" in connections[using].introspection.table_names():
        links_start()
