"""What people ask for about licences."""

from __future__ import annotations

from typing import Any

from django import forms

from careplan_portal.lib.forms import DateField
from licenses.enums import DocumentKind


class DocumentForm(forms.Form):
    """A paper of a kind, about a day."""

    kind = forms.ChoiceField(choices=DocumentKind, widget=forms.HiddenInput)
    on = DateField(label="証明する日", help_text="きょうか、それより前の日です。例：2026年4月15日")


class CodeForm(forms.Form):
    """The number on a paper that somebody was shown."""

    code = forms.CharField(
        label="証明番号",
        max_length=60,
        help_text="書類の右上にあります。空白やハイフンはなくてもよく、全角でもかまいません。例：LC-2604-7K3M-9XPA-R",
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
