"""What operators fill in: a campaign to try out and to record, and a Free Pass granted by hand."""

from datetime import date
from typing import Any

from django import forms

from campaigns.enums import ScopePolicy
from campaigns.models import Campaign
from campaigns.rules.effects import Offer
from careplan_portal.lib.dates import Period
from careplan_portal.lib.forms import BusinessNumberInput, DateField, Radios
from careplan_portal.lib.words import ja_day

CHANGEABLE = ("name", "opens_on", "closes_on", "scope_policy", "proof_days", "is_tentative")


class _CampaignRules(forms.Form):
    """What holds of a campaign whether it is tried or recorded. `campaign` is as it is on file, or new."""

    def __init__(self, *args: Any, campaign: Campaign, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.today = campaign, today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens_on, closes_on = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens_on and closes_on:
            self._check_window(opens_on, closes_on)
        return cleaned

    def _check_window(self, opens_on: date, closes_on: date) -> None:
        was = self.campaign
        if was.pk and was.opens_on <= self.today and opens_on != was.opens_on:
            self.add_error("opens_on", f"もう始まったので変えられません。{ja_day(was.opens_on)}のままにしてください。")
        elif opens_on != was.opens_on and opens_on < self.today:
            self.add_error("opens_on", f"{ja_day(self.today)}か、それより後の日を入れてください。")
        if closes_on < opens_on:
            self.add_error("closes_on", "受付の始まりより前です。日付を確かめてください。")
        elif closes_on != was.closes_on and closes_on < self.today:
            self.add_error(
                "closes_on",
                f"{ja_day(self.today)}か、それより後の日を入れてください。過ぎた日までさかのぼって閉じることはできません。",
            )
        else:
            self._check_others(opens_on, closes_on)

    def _check_others(self, opens_on: date, closes_on: date) -> None:
        others = Campaign.objects.filter(opens_on__lte=closes_on, closes_on__gte=opens_on).exclude(pk=self.campaign.pk)
        if other := others.order_by("opens_on").first():
            window = f"{ja_day(other.opens_on)}から{ja_day(other.closes_on)}まで"
            field = "closes_on" if other.opens_on > opens_on else "opens_on"
            self.add_error(
                field, f"「{other.name}」の受付（{window}）と重なります。同じ日に受け付けられるキャンペーンは1つです。"
            )

    def offer(self) -> Offer:
        wanted = self.cleaned_data
        window = Period(wanted["opens_on"], wanted["closes_on"])
        return Offer(window, wanted["scope_policy"] == ScopePolicy.REFUSE)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CHANGEABLE}

    def differs(self) -> list[str]:
        """The fields that are not as they are on file."""
        return [name for name, value in self.values().items() if value != getattr(self.campaign, name)]


class CampaignForm(_CampaignRules):
    """A campaign to try out; nothing is written."""

    name = forms.CharField(label="名前", max_length=60)
    opens_on = DateField(label="受付の始まり", help_text="この日を含みます")
    closes_on = DateField(label="受付の終わり", help_text="この日を含みます")
    scope_policy = forms.ChoiceField(label="対象外のサービスだけの事業所", choices=ScopePolicy.choices, widget=Radios)
    proof_days = forms.IntegerField(
        label="事業所の確認の期限（申請からの日数）", min_value=1, max_value=365,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-w": "4"}),
    )  # fmt: skip
    is_tentative = forms.BooleanField(
        label="予定（変わることがある）", required=False, help_text="画面に「予定」と出します"
    )


class CampaignRecordForm(_CampaignRules):
    """The campaign that was tried out, and why. `seen` is the last change that its writer knew of."""

    name = forms.CharField(max_length=60, widget=forms.HiddenInput)
    opens_on = forms.DateField(widget=forms.HiddenInput)
    closes_on = forms.DateField(widget=forms.HiddenInput)
    scope_policy = forms.ChoiceField(choices=ScopePolicy.choices, widget=forms.HiddenInput)
    proof_days = forms.IntegerField(min_value=1, max_value=365, widget=forms.HiddenInput)
    is_tentative = forms.BooleanField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="通知の番号と日付を書いてください。監査の記録に残り、消せません。",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "理由を書いてください。記録に残ります。"},
    )


class NumberForm(forms.Form):
    """Which office it is about."""

    number = forms.CharField(label="事業所番号", max_length=40, widget=BusinessNumberInput)


class GrantForm(forms.Form):
    """Why an office gets the Free Pass by hand, and that it was understood."""

    # An id of its own: the page asks for the number above, too.
    number = forms.CharField(widget=forms.HiddenInput({"id": "grant_number"}), max_length=10)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="認める理由",
        max_length=200,
        help_text="だれの、どの判断によるか。通知や決裁の番号と日付。記録に残り、消せません。",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "理由を書いてください。記録に残ります。"},
    )
