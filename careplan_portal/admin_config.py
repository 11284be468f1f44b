from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's admin, behind the portal's own sign-in and roles. Apart from apps.py: one default config a module."""

    default_site = "careplan_portal.admin_site.PortalAdminSite"
