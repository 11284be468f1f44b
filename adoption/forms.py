"""What people choose on pages of figures. Filters stand in the address, so a link shows the same."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import cached_property

from adoption.documents.card import cut_choices
from adoption.documents.planner import PLAN, Plan
from adoption.enums import CallOutcome, CallWay
from adoption.queries.figures import run_on


class BoardFilters(forms.Form):
    """Which day and which cut: any day that there are figures of; and what the planner reckons with."""

    cut = forms.ChoiceField(label="側・サービス", required=False, choices=cut_choices)
    on = forms.DateField(label="時点", required=False)
    share = forms.IntegerField(
        label="補助の割合（％）", required=False, min_value=1, max_value=100,
        error_messages={"invalid": "補助の割合は1から100までの数です。", "min_value": "補助の割合は1から100までの数です。",
                        "max_value": "補助の割合は1から100までの数です。"},
    )  # fmt: skip
    months = forms.IntegerField(
        label="月数", required=False, min_value=1, max_value=36,
        error_messages={"invalid": "月数は1から36までの数です。", "min_value": "月数は1から36までの数です。",
                        "max_value": "月数は1から36までの数です。"},
    )  # fmt: skip

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What was understood of the address; what was not is left out, and named in `errors`."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def plan(self) -> Plan:
        return Plan(self.chosen.get("share", PLAN.share), self.chosen.get("months", PLAN.months))

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on is not None and run_on(on) is None:
            raise forms.ValidationError("その日の数字はありません。")
        return on


class OfficeFilters(forms.Form):
    """Which offices of an area are listed."""

    q = forms.CharField(label="名前・番号", required=False, max_length=60)
    municipality = forms.ChoiceField(label="市区町村", required=False)
    cut = forms.ChoiceField(label="側・サービス", required=False, choices=cut_choices)
    uses = forms.ChoiceField(
        label="利用", required=False, choices=[("", "すべて"), ("yes", "使っている"), ("no", "まだ")]
    )

    def __init__(self, *args: Any, municipalities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].choices = [("", "すべて"), *municipalities]  # type: ignore[attr-defined]


class CallForm(forms.Form):
    """An officer notes that they talked to an office, on a day that has come."""

    on = forms.DateField(label="声をかけた日", required=False, error_messages={"invalid": "日付を選んでください。"})
    way = forms.ChoiceField(label="方法", choices=CallWay.choices)
    outcome = forms.ChoiceField(label="結果", choices=CallOutcome.choices)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"] or self.today
        if not self.today - timedelta(days=366) <= on <= self.today:
            raise forms.ValidationError("声をかけた日は、この1年の、きょうまでの日です。")
        return on
