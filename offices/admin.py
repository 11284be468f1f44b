"""The register in the admin: looked at here; what operators decide goes through the services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest

from careplan_portal.lib import clock
from careplan_portal.lib.acting import OPERATOR, Acting
from careplan_portal.lib.admin import ReadOnlyAdmin
from offices.models import (
    Area,
    Corporation,
    ImportRun,
    Membership,
    Municipality,
    Office,
    OfficeCorrection,
    OfficeEvent,
    OfficeService,
    ServiceType,
    VanishedOffice,
)
from offices.queries import search_offices
from offices.services import areas, offices
from offices.services.refusal import OfficeRefused


def _acting(request: HttpRequest, reason: str) -> Acting:
    return Acting(request.user.pk, OPERATOR, reason)


class _Inline(admin.TabularInline):
    can_delete = False

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_change_permission(self, *_: object) -> bool:
        return False


class ServiceInline(_Inline):
    model = OfficeService
    fields = (
        "service_name",
        "name",
        "full_address",
        "phone",
        "capacity",
        "source",
        "as_of",
        "listed_from",
        "listed_until",
    )


class CorrectionInline(_Inline):
    model = OfficeCorrection
    fields = ("field", "value", "listed_value", "reason", "by", "at", "withdrawn_at")


class MembershipInline(_Inline):
    model = Membership
    fields = ("user", "role", "joined_on", "ended_on", "receives_notices")


@admin.register(Office)
class OfficeAdmin(ReadOnlyAdmin):
    list_display = ("grouped_number", "name", "municipality", "scope", "unlisted", "listed_until", "closed_on")
    list_filter = ("scope", "unlisted", "prefecture")
    list_select_related = ("municipality",)
    search_fields = ("business_number",)
    search_help_text = "番号、電話番号、名前、かな、市区町村で探します。"
    show_full_result_count = False
    inlines = (ServiceInline, CorrectionInline, MembershipInline)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The register's own search: the admin's would read every row."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=search_offices(search_term).order_by().values("pk")), False


class DecisionForm(ActionForm):
    """Asked for beside the choice of action."""

    reason = forms.CharField(label="理由", required=False)
    closed_on = forms.DateField(label="閉じた日（空ならきょう）", required=False)


@admin.register(VanishedOffice)
class VanishedOfficeAdmin(ReadOnlyAdmin):
    list_display = ("office", "as_of", "state", "decided_at", "decided_by")
    list_filter = ("state", "as_of")
    list_select_related = ("office", "decided_by")
    search_fields = ("office__business_number",)
    action_form = DecisionForm
    actions = ("keep_open", "close")

    @admin.action(description="まだ開いている", permissions=["view"])
    def keep_open(self, request: HttpRequest, chosen: QuerySet[VanishedOffice]) -> None:
        acting = _acting(request, request.POST.get("reason", ""))
        self._decide(request, chosen, lambda office_id: offices.office_keep_open(office_id=office_id, acting=acting))

    @admin.action(description="閉じたと決める", permissions=["view"])
    def close(self, request: HttpRequest, chosen: QuerySet[VanishedOffice]) -> None:
        acting, today = _acting(request, request.POST.get("reason", "")), clock.today()
        form = DecisionForm(request.POST)
        day = (form.fields["closed_on"].clean(request.POST.get("closed_on", ""))) or today
        self._decide(
            request, chosen, lambda office_id: offices.office_close(office_id=office_id, closed_on=day, acting=acting)
        )

    def _decide(self, request: HttpRequest, chosen: QuerySet[VanishedOffice], act: Callable[[int], None]) -> None:
        done = 0
        for vanished in chosen.select_related("office"):
            try:
                act(vanished.office_id)
            except OfficeRefused as refused:
                self.message_user(request, f"{vanished.office}：{refused.text}", messages.ERROR)
            else:
                done += 1
        self.message_user(request, f"{done}か所を決めました。")


class CorrectionForm(forms.ModelForm):
    class Meta:
        model = OfficeCorrection
        fields = ("office", "field", "value", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "field" in cleaned and "value" in cleaned:
            try:
                cleaned["value"] = offices.corrected_value(cleaned["field"], cleaned["value"])
            except OfficeRefused as refused:
                self.add_error("value", refused.text)
        return cleaned


@admin.register(OfficeCorrection)
class OfficeCorrectionAdmin(ReadOnlyAdmin):
    """Corrections are added here and withdrawn by the action; none is changed."""

    list_display = ("office", "field", "value", "listed_value", "by", "at", "withdrawn_at")
    list_filter = ("field", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("office", "by")
    search_fields = ("office__business_number",)
    form = CorrectionForm
    raw_id_fields = ("office",)
    actions = ("withdraw",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def save_model(self, request: HttpRequest, obj: OfficeCorrection, form: Any, change: bool) -> None:
        made = offices.office_correct(
            office_id=obj.office_id,
            field=obj.field,
            value=obj.value,
            reason=obj.reason,
            acting=_acting(request, obj.reason),
        )
        obj.pk = made.pk

    @admin.action(description="訂正を取り下げる", permissions=["view"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[OfficeCorrection]) -> None:
        for correction in chosen:
            offices.correction_withdraw(correction_id=correction.pk, acting=_acting(request, "訂正の取り下げ"))
        self.message_user(request, "取り下げました。名簿の値に戻りました。")


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "as_of", "source", "by", "finished_at")
    list_select_related = ("by",)


@admin.register(OfficeEvent)
class OfficeEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "office", "area", "by", "reason")
    list_filter = ("kind",)
    list_select_related = ("office", "area", "by")
    search_fields = ("office__business_number",)
    show_full_result_count = False


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ("code", "name")
    search_fields = ("code", "name")
    filter_horizontal = ("municipalities", "officers")
    exclude = ("administrators",)  # on the portal's own page, with a reason

    def get_readonly_fields(self, request: HttpRequest, obj: Area | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Area | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Area, form: Any, change: bool) -> None:
        codes = [place.pk for place in form.cleaned_data["municipalities"]]
        saved = areas.area_save(
            code=obj.code, name=obj.name, municipalities=codes, acting=_acting(request, "管理画面で変更")
        )
        obj.pk = saved.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        acting, area = _acting(request, "管理画面で変更"), form.instance
        wanted = {user.pk for user in form.cleaned_data["officers"]}
        there = set(area.officers.values_list("pk", flat=True))
        for user_id in wanted - there:
            try:
                areas.officer_assign(area_id=area.pk, user_id=user_id, acting=acting)
            except OfficeRefused as refused:
                self.message_user(request, refused.text, messages.ERROR)
        for user_id in there - wanted:
            areas.officer_remove(area_id=area.pk, user_id=user_id, acting=acting)


@admin.register(Municipality)
class MunicipalityAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "kana", "kind", "rolled_up")
    list_filter = ("kind", "prefecture")
    list_select_related = ("rolled_up",)
    search_fields = ("code", "name", "kana")


@admin.register(ServiceType)
class ServiceTypeAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "group", "in_scope", "side")
    list_filter = ("in_scope", "group")


@admin.register(Corporation)
class CorporationAdmin(ReadOnlyAdmin):
    list_display = ("corporate_number", "name")
    search_fields = ("corporate_number", "name")
