"""To look at; entries are changed on the portal's own screens, where each change says why."""

from django.contrib import admin
from django.db import models

from careplan_portal.lib.admin import ReadOnlyAdmin
from links.models import Link, LinkAddress, LinkEvent


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "publisher", "checked_on", "withdrawn_at")
    list_filter = ("kind",)


@admin.register(LinkAddress)
class LinkAddressAdmin(ReadOnlyAdmin):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("link", "url", "starts_on", "recorded_at", "by", "reason")
    list_select_related = ("link", "by")


@admin.register(LinkEvent)
class LinkEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "link", "kind", "by", "by_role", "reason")
    list_filter = ("kind",)
    list_select_related = ("link", "by")
