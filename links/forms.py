"""What operators write about things that live elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms

from careplan_portal.lib.forms import DateField, Radios, Ticks
from links.enums import Kind, Place
from links.models import Link

REASON = "監査の記録に残り、消せません。"


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200, help_text=REASON)


class AddressForm(ReasonForm):
    """Where it is, from a day on."""

    url = forms.URLField(
        label="アドレス", max_length=300, required=False, assume_scheme="https",
        help_text="分からないときは空のままにします。ページの「アドレスがまだ分からないもの」に並びます。",
        widget=forms.URLInput({"autocomplete": "off", "inputmode": "url"}),
        error_messages={"invalid": "http:// か https:// で始まるアドレスを、おわりまで入れてください。"},
    )  # fmt: skip
    starts_on = DateField(label="この日から", help_text="先の日も入れられます。その日に、自動で変わります。")
    field_order = ("url", "starts_on", "reason")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not url.startswith(("http://", "https://")):
            raise forms.ValidationError("http:// か https:// で始まるアドレスを入れてください。")
        return url


class WordsForm(ReasonForm):
    """What it is, who keeps it, and where the portal shows it."""

    name = forms.CharField(label="名前", max_length=60)
    kind = forms.ChoiceField(label="種類", choices=Kind, widget=Radios)
    about = forms.CharField(
        label="何があるか", max_length=200, help_text="開く前に、何があるか分かるように書きます。", widget=forms.Textarea({"rows": 2})
    )  # fmt: skip
    publisher = forms.CharField(label="だれが出しているか", max_length=60, required=False)
    places = forms.MultipleChoiceField(
        label="出すページ", choices=Place, required=False, widget=Ticks, help_text="一覧のページには、いつも出ます。"
    )
    order = forms.IntegerField(label="並び", min_value=0, max_value=9999, help_text="小さい番号が上です。")
    field_order: tuple[str, ...] = ("name", "kind", "about", "publisher", "places", "order", "reason")

    def words(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("reason", "key")}


class NewForm(WordsForm):
    key = forms.SlugField(
        label="アドレスの名前（英字）", max_length=40, help_text="このリンクの画面のアドレスに使います。小文字、数字、ハイフン。あとから変えられません。",
        error_messages={"invalid": "小文字の英字、数字、ハイフンで入れてください。例：start-guide"},
    )  # fmt: skip
    field_order = ("key", *WordsForm.field_order)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].lower()
        if key in ("desk", "new") or Link.objects.filter(key=key).exists():
            raise forms.ValidationError("この名前は使われています。ほかの名前を入れてください。")
        return key
