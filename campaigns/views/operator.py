"""Campaigns on the operator's screens: tried out first, recorded with a reason after (R1)."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from campaigns.forms.operator import CHANGEABLE, CampaignForm, CampaignRecordForm
from campaigns.models import Campaign
from campaigns.queries.effects import campaign_history, campaign_preview, campaigns_with_counts
from campaigns.services import campaign_change
from careplan_portal.lib.acting import OPERATOR, Acting

SEES = audience(Role.OPERATOR, Role.AUDITOR)
ACTS = audience(Role.OPERATOR)
CHANGED_MEANWHILE = "この画面を開いたあとで、ほかの人が変えました。いまの内容を確かめて、もう一度試してください。"


def business_day(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


def may_act(request: HttpRequest) -> bool:
    return signed_in_user(request).role == Role.OPERATOR


@SEES
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign, and what was changed."""
    context = {
        "campaigns": campaigns_with_counts(), "history": campaign_history(), "today": business_day(request),
        "may_act": may_act(request),
    }  # fmt: skip
    return render(request, "campaigns/operator/list.html", context)


@SEES
@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign; with values in the address, what they would do."""
    return _try(request, get_object_or_404(Campaign, pk=pk))


@ACTS
@require_safe
def campaign_new(request: HttpRequest) -> HttpResponse:
    """A campaign that is not there yet."""
    return _try(request, Campaign())


def _try(request: HttpRequest, on_file: Campaign) -> HttpResponse:
    today = business_day(request)
    initial = {name: getattr(on_file, name) for name in CHANGEABLE}
    if "name" not in request.GET or not may_act(request):
        return _page(request, on_file, CampaignForm(initial=initial, campaign=on_file, today=today))
    form = CampaignForm(request.GET, initial=initial, campaign=on_file, today=today)
    if not form.is_valid():
        return _page(request, on_file, form, status=422)
    known = {**form.cleaned_data, "seen": _last_change(on_file)}
    record = CampaignRecordForm(initial=known, campaign=on_file, today=today)
    return _page(request, on_file, form, record)


@ACTS
@require_POST
def campaign_record(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Put the change on file; `pk` 0 is a new campaign."""
    today = business_day(request)
    on_file = get_object_or_404(Campaign, pk=pk) if pk else Campaign()
    record = CampaignRecordForm(request.POST, campaign=on_file, today=today)
    if record.is_valid() and (record.cleaned_data["seen"] or 0) != _last_change(on_file):
        messages.warning(request, CHANGED_MEANWHILE)
        return redirect("campaigns:operator-campaign", on_file.pk) if pk else redirect("campaigns:operator-new")
    if record.is_valid() and _recorded(request, record):
        messages.success(request, "変更を記録しました。受け付けた申請と予約は、そのまま残ります。")
        return redirect("campaigns:operator-campaign", record.campaign.pk)
    form = CampaignForm(initial=record.cleaned_data, campaign=on_file, today=today)
    return _page(request, on_file, form, record, status=422)


def _recorded(request: HttpRequest, record: CampaignRecordForm) -> bool:
    """Saved. False when somebody else's window came first: the database has the last word."""
    acting = Acting(signed_in_user(request).pk, OPERATOR, record.cleaned_data["reason"])
    try:
        campaign_change(campaign=record.campaign, today=record.today, acting=acting, **record.values())
    except ValidationError as error:
        for text in error.messages:
            record.add_error(None, text)
        return False
    return True


def _last_change(on_file: Campaign) -> int:
    last = on_file.changes.order_by("-pk").values_list("pk", flat=True).first() if on_file.pk else None
    return last or 0


def _page(
    request: HttpRequest, on_file: Campaign, form: CampaignForm, record: CampaignRecordForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    source = record if record is not None and record.is_bound else form
    tried = record is not None and not (set(CHANGEABLE) & set(source.errors))
    before = on_file if on_file.pk else None
    context = {
        "campaign": before, "form": form, "record": record if tried else None, "today": business_day(request),
        "wanted": source.cleaned_data if tried else None, "differs": source.differs() if tried else [],
        "preview": campaign_preview(before, source.offer(), business_day(request)) if tried else None,
        "history": campaign_history(before) if before else [], "may_act": may_act(request),
    }  # fmt: skip
    return render(request, "campaigns/operator/campaign.html", context, status=status)
