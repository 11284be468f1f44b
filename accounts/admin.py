"""People and records to look at: they are changed on the portal's own screens, where each change says why."""

from __future__ import annotations

from django.contrib import admin

from accounts.models import AccessRecord, AccountEvent, User
from careplan_portal.lib.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("email", "name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "name")
    fields = ("email", "name", "role", "is_active", "date_joined", "last_login")


@admin.register(AccountEvent)
class AccountEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "kind", "by", "by_role", "reason")
    list_filter = ("kind",)
    list_select_related = ("user", "by")
    date_hierarchy = "at"


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "role", "subject_kind", "subject_key", "reason")
    list_filter = ("subject_kind", "role")
    list_select_related = ("user",)
    search_fields = ("subject_key",)
    date_hierarchy = "at"
