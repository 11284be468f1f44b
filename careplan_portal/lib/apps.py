from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "careplan_portal.lib"
    label = "portal"
    verbose_name = "ポータル共通"
