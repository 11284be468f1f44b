"""Looking an application up, and entering the code of the letter."""

import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from campaigns import rules
from careplan_portal.lib.forms import BusinessNumberInput, LetterCodeInput
from careplan_portal.lib.japan import business_number, phone


def _number(typed: str) -> str:
    try:
        return business_number.parse(typed).value
    except business_number.BusinessNumberError as error:
        raise ValidationError(error.text, code=error.code) from error


class StatusForm(forms.Form):
    receipt = forms.CharField(
        label="受付番号",
        max_length=40,
        help_text="FP で始まる番号です。ハイフンはなくてもかまいません。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    number = forms.CharField(
        label="事業所番号", max_length=60, widget=BusinessNumberInput, help_text="申請した事業所の、10けたの番号です。"
    )

    def clean_receipt(self) -> str:
        try:
            return rules.receipt_parse(self.cleaned_data["receipt"])
        except rules.NotAReceiptNumber as error:
            raise ValidationError(
                "番号が合いません。受付票で、もう一度確かめてください。FP、数字10けた、最後の1文字の順です。",
                code="receipt",
            ) from error

    def clean_number(self) -> str:
        return _number(self.cleaned_data["number"])


class CodeForm(forms.Form):
    number = forms.CharField(
        label="事業所番号",
        max_length=60,
        widget=BusinessNumberInput,
        help_text="手紙に書いてある、10けたの番号です。いくつかあるときは、どれでもかまいません。",
    )
    code = forms.CharField(
        label="手紙のコード",
        max_length=40,
        widget=LetterCodeInput,
        help_text="空白やハイフンが入っていても、全角でもかまいません。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = f"数字{settings.IDENTITY_CODE_DIGITS}けたです。{self.fields['code'].help_text}"

    def clean_number(self) -> str:
        return _number(self.cleaned_data["number"])

    def clean_code(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        digits = phone.digits(typed)
        wanted = settings.IDENTITY_CODE_DIGITS
        if len(digits) != wanted:
            raise ValidationError(f"コードは数字{wanted}けたです。いまは{len(digits)}けたです。", code="length")
        return digits
