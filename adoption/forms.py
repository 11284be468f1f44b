"""What people choose on pages of figures. Filters stand in the address, so a link shows the same."""

from datetime import date
from typing import Any

from django import forms

from adoption.documents.card import cut_choices
from adoption.enums import CallOutcome, CallWay
from adoption.queries.figures import run_on


class BoardFilters(forms.Form):
    """Which day and which cut: any day that there are figures of."""

    cut = forms.ChoiceField(label="側・サービス", required=False, choices=cut_choices)
    on = forms.DateField(label="時点", required=False)

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
    """An officer notes that they talked to an office."""

    way = forms.ChoiceField(label="方法", choices=CallWay.choices)
    outcome = forms.ChoiceField(label="結果", choices=CallOutcome.choices)
