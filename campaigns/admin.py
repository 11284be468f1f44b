from django.contrib import admin

from campaigns.models import ApplicationEvent, Campaign, CampaignChange, FreePassApplication
from careplan_portal.lib.admin import ReadOnlyAdmin


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ("name", "opens_on", "closes_on", "scope_policy", "proof_days", "is_tentative")


@admin.register(CampaignChange)
class CampaignChangeAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "campaign", "before", "after", "acting_as", "actor", "reason")
    list_select_related = ("campaign", "actor")


@admin.register(FreePassApplication)
class FreePassApplicationAdmin(ReadOnlyAdmin):
    list_display = ("receipt_number", "office", "channel", "filed_on", "effect", "starts_on", "proved_on", "prove_by")
    list_filter = ("channel", "effect")
    list_select_related = ("office",)
    search_fields = ("receipt_number", "office__business_number", "office__name")


@admin.register(ApplicationEvent)
class ApplicationEventAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "application", "kind", "acting_as", "actor", "reason")
    list_filter = ("kind",)
    list_select_related = ("application", "actor")
