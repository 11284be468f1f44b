from django.contrib import admin

from careplan_portal.lib.admin import ReadOnlyAdmin
from licenses.models import (
    BillLine,
    FeeSchedule,
    License,
    LicenseEvent,
    LicenseReservation,
    LicenseTerm,
    PolicyEvent,
    Programme,
    RollOverRun,
    SetAside,
)


class TermInline(admin.TabularInline):
    model = LicenseTerm
    can_delete = False
    fields = ("starts_on", "ends_on", "pricing", "fee_yen", "origin", "stop_requested_on", "closing", "recorded_on")

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_change_permission(self, *_: object) -> bool:
        return False


@admin.register(License)
class LicenseAdmin(ReadOnlyAdmin):
    list_display = ("office", "first_licensed_on", "renewal_mode")
    list_filter = ("renewal_mode",)
    list_select_related = ("office",)
    search_fields = ("office__business_number", "office__name")
    inlines = (TermInline,)


@admin.register(LicenseReservation)
class LicenseReservationAdmin(ReadOnlyAdmin):
    list_display = ("license", "kind", "renewal_on", "filed_on", "state", "ended_on")
    list_filter = ("kind", "state")
    list_select_related = ("license__office",)
    search_fields = ("license__office__business_number",)


@admin.register(LicenseEvent)
class LicenseEventAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "license", "kind", "effective_on", "acting_as", "actor", "reason")
    list_filter = ("kind", "acting_as")
    list_select_related = ("license__office", "actor")
    search_fields = ("license__office__business_number",)
    show_full_result_count = False


@admin.register(FeeSchedule)
class FeeScheduleAdmin(ReadOnlyAdmin):
    list_display = ("starts_on", "yen", "decided_until", "note")


@admin.register(Programme)
class ProgrammeAdmin(ReadOnlyAdmin):
    list_display = ("ends_on",)


@admin.register(PolicyEvent)
class PolicyEventAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "subject", "before", "after", "acting_as", "actor", "reason")
    list_select_related = ("actor",)


@admin.register(BillLine)
class BillLineAdmin(ReadOnlyAdmin):
    list_display = ("month", "term", "kind", "yen", "recorded_on")
    list_filter = ("month", "kind")
    list_select_related = ("term",)


@admin.register(RollOverRun)
class RollOverRunAdmin(ReadOnlyAdmin):
    list_display = ("on", "started_at", "finished_at", "proof", "counts")


@admin.register(SetAside)
class SetAsideAdmin(ReadOnlyAdmin):
    list_display = ("license", "code", "text", "since", "resolved_on")
    list_filter = ("code", "resolved_on")
    list_select_related = ("license__office",)
