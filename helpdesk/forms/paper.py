"""What the helpdesk enters of a form that came on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaigns.queries import arrival_problem
from campaigns.rules.agreeing import ToConfirm
from careplan_portal.lib.forms import Tick
from helpdesk.forms import DAY_HINT, ApplicantForm, IsoDateField


class OnPaper(Tick):
    """Something that stands ticked on a form that came on paper."""

    default_error_messages = {"required": "紙に印がありますか。ないときは、申請した人に電話で確かめてください。"}


class PaperForm(ApplicantForm):
    """What stands on a form that came on paper."""

    arrived_on = IsoDateField(label="届いた日", help_text=f"この日が申請の日になります。{DAY_HINT}")
    renewal = OnPaper(short_label="自動更新と料金", label="自動更新と料金が分かったという欄に、印があります")
    replaced = OnPaper(
        short_label="届けや申し込みの取り消し",
        label="利用停止の届けや有償の更新が取り消しになると分かったという欄に、印があります",
        required=False,
    )
    scope = OnPaper(
        short_label="対象のサービスがないこと",
        label="対象のサービスがないと使わないまま終わることが分かったという欄に、印があります",
        required=False,
    )
    agreed = OnPaper(short_label="規約への同意", label="利用規約と個人情報の扱いに同意するという欄に、印があります")
    signed = OnPaper(
        short_label="手続きを任されていること", label="手続きを任されているという欄に印があり、署名があります"
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("arrived_on", "name", "phone", "email")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = "確認が済んだあとのお知らせに使います。"
        arrived_on = self.fields["arrived_on"]
        assert isinstance(arrived_on, IsoDateField)
        self.today = arrived_on.today = today

    def clean_arrived_on(self) -> date:
        arrived_on: date = self.cleaned_data["arrived_on"]
        if problem := arrival_problem(arrived_on, self.today):
            raise ValidationError(problem)
        return arrived_on

    def has_ticks_for(self, wanted: ToConfirm | None) -> bool:
        """Whether everything is ticked that the answer of the day asks for; what is missing becomes an error."""
        asked = {"replaced": wanted.stop or wanted.paid, "scope": wanted.scope} if wanted else {}
        for name in (name for name, is_asked in asked.items() if is_asked and not self.cleaned_data[name]):
            self.add_error(name, OnPaper.default_error_messages["required"])
        return not self.errors
