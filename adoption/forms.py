"""What people choose on pages of figures. Filters stand in the address, so a link shows the same."""

from datetime import date
from typing import Any

from django import forms

from adoption.enums import ALL, CARE_MANAGER, PROVIDER, CallOutcome, CallWay
from adoption.queries.figures import run_on
from offices.rules.catalogue import service_kinds


def cut_choices() -> list[tuple[str, str]]:
    """Everybody, a side, or a kind of service in scope."""
    sides = [(ALL, "すべて"), (CARE_MANAGER, "居宅側"), (PROVIDER, "サービス側")]
    return sides + [(kind.code, kind.name) for kind in service_kinds().values() if kind.counts]


class BoardFilters(forms.Form):
    """Which day and which cut. `days` are those that there are figures of, newest first."""

    cut = forms.ChoiceField(label="側・サービス", required=False, choices=cut_choices)
    on = forms.DateField(label="時点", required=False)

    def __init__(self, *args: Any, days: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on is not None and on not in self.days and not run_on(on):
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
