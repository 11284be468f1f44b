"""What staff say about notices."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

from careplan_portal.lib.forms import DateField


class ReasonForm(forms.Form):
    """What was done, or why; on record."""

    reason = forms.CharField(
        label="したこと", max_length=200, error_messages={"required": "何をしたかを書いてください（200字まで）。"}
    )


class DaysField(forms.CharField):
    """Numbers as people write them: 60、30、7日前."""

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(super().clean(value)))
        parts = [part for part in re.split(r"[^0-9]+", re.sub(r"日前?", " ", text)) if part]
        rest = re.sub(r"日前?|[0-9,、・と\s]", "", text)
        if not parts or rest:
            raise forms.ValidationError("日数を、点で区切って入れてください。例：60、30、7")
        return [int(part) for part in parts if len(part) < 5] or [99999]


class LeadTimesForm(forms.Form):
    starts_on = DateField(label="この日から", help_text="きょうか、それより後の日です。")
    days = DaysField(label="期間のおわりの何日前に知らせるか", max_length=60, help_text="例：60、30、7")
    reason = forms.CharField(label="わけ", max_length=200, help_text="記録に残ります。")
