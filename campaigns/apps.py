from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "キャンペーン"

    def ready(self) -> None:
        post_migrate.connect(_start, sender=self)
        from campaigns.queries import checking
        from licenses.queries.papers import CHECKED_ABOVE

        CHECKED_ABOVE[checking.PREFIX] = checking.receipt_verified


def _start(using: str, **_: Any) -> None:
    """A new database, or a test's emptied one, begins with the facts of the source."""
    from campaigns.services.campaigns import campaign_start
    from careplan_portal.lib import clock

    if "campaigns_campaignchange" in connections[using].introspection.table_names():
        campaign_start(today=clock.today())
