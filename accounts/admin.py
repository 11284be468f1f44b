"""People and records to look at: they are changed on the portal's own screens, where each change says why."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import AccessRecord, AccountEvent, User


class _ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(_ReadOnly):
    list_display = ("email", "name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "name")
    fields = ("email", "name", "role", "is_active", "date_joined", "last_login")


@admin.register(AccountEvent)
class AccountEventAdmin(_ReadOnly):
    list_display = ("at", "user", "kind", "by", "by_role", "reason")
    list_filter = ("kind",)
    list_select_related = ("user", "by")
    date_hierarchy = "at"


@admin.register(AccessRecord)
class AccessRecordAdmin(_ReadOnly):
    list_display = ("at", "user", "role", "subject_kind", "subject_key", "reason")
    list_filter = ("subject_kind", "role")
    list_select_related = ("user",)
    search_fields = ("subject_key",)
    date_hierarchy = "at"
