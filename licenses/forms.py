"""What people ask for about licences."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html

from careplan_portal.lib.forms import DateField, Radios
from careplan_portal.lib.words import ja_day
from licenses.enums import DocumentKind
from licenses.rules import Fee, Policy
from offices.enums import VanishedState
from offices.models import Office
from offices.queries import office_by_number

MOST_YEN = 1_000_000


class DocumentForm(forms.Form):
    """A paper of a kind, about a day."""

    kind = forms.ChoiceField(choices=DocumentKind, widget=forms.HiddenInput)
    on = DateField(label="証明する日", help_text="きょうか、それより前の日です。例：2026年4月1日")


class CodeForm(forms.Form):
    """The number on a paper that somebody was shown."""

    code = forms.CharField(
        label="証明番号",
        max_length=60,
        help_text=format_html(
            '書類の右上にあります。空白やハイフンはなくてもよく、全角でもかまいません。<br>{}<span class="num">{}</span>',
            "例：",
            "LC-2604-7K3M-9XPA-R",
        ),
    )

    def clean_code(self) -> Any:
        return self.cleaned_data["code"].strip()


class AlarmForm(forms.Form):
    """Why an alarm is over."""

    reason = forms.CharField(
        label="調べて分かったこと",
        max_length=200,
        help_text="何が原因で、どう確かめたか。記録に残り、消せません。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class YenField(forms.CharField):
    """An amount as people write it: 21,000円, ２１０００."""

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(super().clean(value))).replace(",", "").replace("円", "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise forms.ValidationError("金額を数字で入れてください。例：21000")
        if int(text) > MOST_YEN:
            raise forms.ValidationError(f"{MOST_YEN:,}円より大きい金額は入れられません。けたを確かめてください。")
        return int(text)


class _FeeRules(forms.Form):
    """What holds of a fee whether it is tried or recorded."""

    def __init__(self, *args: Any, today: date, fees: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.fees = today, fees

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        starts_on, yen, until = (cleaned.get(name) for name in ("starts_on", "yen", "decided_until"))
        if starts_on and yen is not None and starts_on <= self.today and not self._only_says_how_long(starts_on, yen):
            self.add_error(
                "starts_on",
                f"{ja_day(self.today)}より後の日を入れてください。始まった期間の金額は、あとから変えられません。",
            )
        if starts_on and until and until < starts_on:
            self.add_error("decided_until", "始まる日より前です。日付を確かめてください。")
        return cleaned

    def _only_says_how_long(self, starts_on: date, yen: int) -> bool:
        """An amount in force stays as it is; until when it is decided may become known later."""
        return any(fee.starts_on == starts_on and fee.yen == yen for fee in self.fees.fees)

    def fee(self) -> Fee:
        wanted = self.cleaned_data
        return Fee(wanted["starts_on"], wanted["yen"], wanted["decided_until"])


class FeeForm(_FeeRules):
    """A fee to try out; nothing is written."""

    starts_on = DateField(label="始まる日", help_text="この日から始まる期間の金額になります")
    yen = YenField(
        label="金額（円、1年あたり）", widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
    decided_until = DateField(
        label="いつまで決まっているか", required=False, help_text="その日のあとは「未定」と出ます"
    )


def reason_field(**kwargs: Any) -> forms.CharField:
    """Why an operator changes something: kept with the change for ever."""
    return forms.CharField(
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "理由を書いてください。記録に残ります。"},
        **{"label": "理由", "help_text": "通知の番号と日付など。記録に残り、消せません。"} | kwargs,
    )


class FeeRecordForm(_FeeRules):
    """The fee that was tried out, and why."""

    starts_on = forms.DateField(widget=forms.HiddenInput)
    yen = YenField(widget=forms.HiddenInput)
    decided_until = forms.DateField(widget=forms.HiddenInput, required=False)
    reason = reason_field(label="根拠")


class _EndRules(forms.Form):
    """What holds of the programme's last day whether it is tried or recorded."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ends_on(self) -> date | None:
        ends_on: date | None = self.cleaned_data["ends_on"]
        if ends_on is not None and ends_on < self.today:
            raise forms.ValidationError(f"{ja_day(self.today)}か、それより後の日を入れてください。")
        return ends_on


class EndForm(_EndRules):
    """A last day of the programme to try out; empty takes it away."""

    ends_on = DateField(
        label="事業の最後の日",
        required=False,
        help_text="この日のあとは、新しい期間が始まりません。空にすると、決めていないことになります",
    )


class EndRecordForm(_EndRules):
    """The last day that was tried out, and why."""

    ends_on = forms.DateField(widget=forms.HiddenInput, required=False)
    reason = reason_field(label="根拠")


CLOSED, STILL_OPEN = VanishedState.CLOSED, VanishedState.STILL_OPEN
DECISIONS = ((CLOSED, CLOSED.label), (STILL_OPEN, STILL_OPEN.label))


class NumberField(forms.CharField):
    """A business number in any spelling; gives the office."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        office = office_by_number(typed)
        if office is None:
            raise forms.ValidationError("この番号の事業所はありません。番号を確かめてください。")
        return office


class DecideManyForm(forms.Form):
    """What is decided about offices that the register lacks."""

    decision = forms.ChoiceField(
        label="どうするか",
        choices=DECISIONS,
        widget=Radios(hints={STILL_OPEN: "名簿になくても、開いていると確かめた"}),
        error_messages={"required": "「閉じた」か「まだ開いている」を選んでください。"},
    )
    closed_on = DateField(
        label="閉じた日",
        required=False,
        help_text="「まだ開いている」なら、なくてもかまいません。「閉じた」なら、事業をしない最初の日を入れてください。",
    )
    reason = reason_field(help_text="どうやって確かめたか。記録に残り、消せません。")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == CLOSED and not cleaned.get("closed_on") and "closed_on" not in self.errors:
            self.add_error("closed_on", "閉じた日を入れてください。")
        return cleaned


class DecideForm(DecideManyForm):
    """What is decided about one, with who carries on."""

    successor = NumberField(
        label="引きつぐ事業所の番号", required=False, max_length=40,
        help_text="分かるときだけ。フリーパスは引きつぎません",
    )  # fmt: skip
    field_order = ("decision", "closed_on", "successor", "reason")

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office

    def clean_successor(self) -> Office | None:
        successor: Office | None = self.cleaned_data["successor"]
        if successor is not None and successor.pk == self.office.pk:
            raise forms.ValidationError("事業所は自分自身を引きつげません。")
        return successor


class RepairForm(forms.Form):
    """Which repair of a set-aside record, of those that fit its fault, and why."""

    repair = forms.ChoiceField(
        label="どう直すか", error_messages={"required": "どう直すかを選んでください。"}, widget=Radios()
    )
    reason = reason_field(help_text="何がまちがいで、どうやって確かめたか。記録に残り、消せません。")

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        """``offered``: key, words, and what would become of the licence."""
        super().__init__(*args, **kwargs)
        field = self.fields["repair"]
        field.choices = [(key, words) for key, words, _ in offered]  # type: ignore[attr-defined]
        field.widget.hints = {key: after for key, _, after in offered}
        field.error_messages["invalid_choice"] = "記録が変わっています。いまの記録を確かめて、もう一度選んでください。"


class SuccessorForm(forms.Form):
    """Who carries on, found out later."""

    successor = NumberField(label="引きつぐ事業所の番号", max_length=40, help_text="フリーパスは引きつぎません")
    reason = reason_field(help_text="どうやって確かめたか。記録に残り、消せません。")
