"""What people choose on pages of figures. Filters stand in the address, so a link shows the same."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import cached_property

from adoption.documents.card import cut_choices
from adoption.documents.planner import PLAN, Plan
from adoption.enums import ALL, SIDES, CallOutcome, CallWay
from adoption.queries.figures import run_on

NO_SUCH_CUT = {"invalid_choice": "側・サービスに、その選択肢はありません。"}


def _whole(name: str, most: int) -> dict[str, str]:
    """One sentence for whatever is wrong with a whole number from 1 on."""
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"{name}は1から{most}までの整数です。")


class BoardFilters(forms.Form):
    """Which day and which cut: any day that there are figures of; and what the planner reckons with."""

    cut = forms.ChoiceField(label="側・サービス", required=False, choices=cut_choices, error_messages=NO_SUCH_CUT)
    on = forms.DateField(label="時点", required=False, error_messages={"invalid": "時点を日付として読めません。"})
    share = forms.IntegerField(
        label="補助の割合（％）", required=False, min_value=1, max_value=100, error_messages=_whole("補助の割合", 100)
    )
    months = forms.IntegerField(
        label="月数", required=False, min_value=1, max_value=36, error_messages=_whole("月数", 36)
    )

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What was understood of the address; what was not is left out, and named in `errors`."""
        if not self.is_bound:
            return {}
        self.full_clean()
        understood = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: value for name, value in understood.items() if (name, value) != ("cut", ALL)}

    def clean(self) -> dict[str, Any]:
        """Figures by service are dropped of older days that end no month: such a day has none to show."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("on") and found.get("cut", ALL) not in ("", ALL, *SIDES):
            run = run_on(found["on"])
            if run is not None and not run.by_service:
                self.add_error("on", "サービス別の数字は、その日の分は残していません。月末を選んでください。")
        return found

    def _asked(self, name: str) -> int | None:
        """A number of the planner: an emptied field is a mistake, one that was never there is none."""
        number: int | None = self.cleaned_data[name]
        if number is None and name in self.data:
            raise forms.ValidationError(self.fields[name].error_messages["required"])
        return number

    def clean_share(self) -> int | None:
        return self._asked("share")

    def clean_months(self) -> int | None:
        return self._asked("months")

    @property
    def plan(self) -> Plan:
        if not self.is_bound:
            return PLAN
        wrong = {name: str(errors[0]) for name, errors in self.errors.items()}
        return Plan(
            self.chosen.get("share", PLAN.share), self.chosen.get("months", PLAN.months),
            self.data.get("share", ""), self.data.get("months", ""), wrong.get("share", ""), wrong.get("months", ""),
        )  # fmt: skip

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on is not None and run_on(on) is None:
            raise forms.ValidationError("その日の数字はありません。")
        return on


class OfficeFilters(forms.Form):
    """Which offices of an area are listed."""

    q = forms.CharField(label="名前・番号", required=False, max_length=60)
    municipality = forms.ChoiceField(label="市区町村", required=False)
    cut = forms.ChoiceField(label="側・サービス", required=False, choices=cut_choices, error_messages=NO_SUCH_CUT)
    uses = forms.ChoiceField(
        label="利用", required=False, choices=[("", "すべて"), ("yes", "使っている"), ("no", "まだ")]
    )

    def __init__(self, *args: Any, municipalities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].choices = [("", "すべて"), *municipalities]  # type: ignore[attr-defined]


class CallForm(forms.Form):
    """An officer notes that they talked to an office, on a day that has come."""

    on = forms.DateField(label="声をかけた日", required=False, error_messages={"invalid": "日付を選んでください。"})
    way = forms.ChoiceField(
        label="方法", choices=CallWay.choices, error_messages={"required": "方法を選んでください。"}
    )
    outcome = forms.ChoiceField(
        label="結果", choices=CallOutcome.choices, error_messages={"required": "結果を選んでください。"}
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"] or self.today
        if not self.today - timedelta(days=366) <= on <= self.today:
            raise forms.ValidationError("声をかけた日は、この1年の、きょうまでの日です。")
        return on
