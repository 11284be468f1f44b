"""The pages of a filing, one thing each, and the last one on which everything is checked."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundWidget

from campaigns.rules.agreeing import ToConfirm
from careplan_portal.lib.forms import Tick, Ticks
from careplan_portal.lib.japan import phone
from careplan_portal.lib.words import ja_day
from offices.models import Municipality, ServiceType

# By the third character of the number (DOMAIN, "Business number"): what is asked for first.
LIKELY = {
    "0": ("46", "AF"),
    "A": ("A2", "A6", "A3", "A4", "A7", "A8", "AF"),
    "7": ("43", "11", "15", "17", "21", "12", "16"),
    "9": ("78", "73", "72", "76", "77", "71", "32", "54"),
    "6": ("13", "63"),
    "5": ("16", "14", "22", "52"),
    "B": ("55", "2A", "16"),
}


class OfficeNameForm(forms.Form):
    office_name = forms.CharField(
        label="事業所の名前",
        max_length=100,
        help_text="指定通知書に書かれている名前です。",
        widget=forms.TextInput({"autocomplete": "organization"}),
    )


class PlaceForm(forms.Form):
    postal_code = forms.CharField(
        label="郵便番号",
        required=False,
        max_length=20,
        help_text="例：683-0000",
        widget=forms.TextInput({"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    municipality = forms.ChoiceField(label="市区町村")
    address = forms.CharField(
        label="所在地",
        max_length=250,
        help_text="指定通知書のとおりに、都道府県と市区町村から書いてください。",
        widget=forms.TextInput({"autocomplete": "address-line1", "class": "mw-none"}),
    )

    def __init__(self, *args: Any, number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "選んでください"), *_municipalities(number[:2])]

    def clean_postal_code(self) -> str:
        digits = phone.digits(self.cleaned_data["postal_code"])
        if digits and len(digits) != 7:
            raise ValidationError(f"郵便番号は7けたです。いまは{len(digits)}けたです。", code="length")
        return digits


def _municipalities(prefix: str) -> list[tuple[str, str]]:
    """Those of the number's prefecture; all, under their prefecture's name, when it names none."""
    found = Municipality.objects.exclude(kind="former_ward").select_related("prefecture", "parent").order_by("code")
    here = list(found.filter(prefecture__number=prefix))
    if here:
        return [(m.code, _place_name(m)) for m in here]
    return [(m.code, f"{m.prefecture.name}{_place_name(m)}") for m in found]


def _place_name(municipality: Municipality) -> str:
    parent = municipality.parent.name if municipality.parent else ""
    name = municipality.name
    return name if name.startswith(parent) else f"{parent}{name}"


class ServicesForm(forms.Form):
    services = forms.MultipleChoiceField(
        label="サービスの種類",
        widget=Ticks,
        help_text="この番号で行っているものを、すべて選んでください。",
        error_messages={"required": "1つ以上選んでください。"},
    )

    def __init__(self, *args: Any, number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["services"]
        assert isinstance(field, forms.MultipleChoiceField)
        names = dict(ServiceType.objects.order_by("code").values_list("code", "name"))
        self.likely = [code for code in LIKELY.get(number[2], LIKELY["7"]) if code in names]
        others = [code for code in names if code not in self.likely]
        field.choices = [(code, names[code]) for code in [*self.likely, *others]]

    @property
    def first(self) -> list[BoundWidget]:
        """The services that numbers of this class usually have."""
        return list(self["services"])[: len(self.likely)]

    @property
    def rest(self) -> list[BoundWidget]:
        return list(self["services"])[len(self.likely) :]

    @property
    def rest_is_open(self) -> bool:
        """Whether one of the rest is ticked, so that it must not be hidden."""
        chosen = set(self["services"].value() or [])
        return bool(chosen - set(self.likely))


class NameForm(forms.Form):
    name = forms.CharField(
        label="申請する人の名前",
        max_length=60,
        help_text="ふだん使っている漢字で入れてください。",
        widget=forms.TextInput({"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if any(unicodedata.category(char) in ("Cc", "Co", "Cs", "Cn") for char in name):
            raise ValidationError("使えない文字があります。入れ直してください。", code="characters")
        if not any(char.isalpha() for char in name):
            raise ValidationError("名前を、文字で入れてください。", code="letters")
        return name


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="電話番号",
        max_length=30,
        help_text="平日の昼につながる番号です。ハイフンはあってもなくてもかまいません。",
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        if stray := phone.stray(self.cleaned_data["phone"]):
            raise ValidationError(
                f"電話番号に「{stray[:10]}」は入れられません。番号だけを1つ入れてください。内線のときは、代表の番号を入れてください。",
                code="stray",
            )
        shown = phone.display(self.cleaned_data["phone"])
        count = len(phone.digits(shown))
        if not phone.is_plausible(phone.digits(shown)):
            raise ValidationError(
                f"電話番号は、0から始まる10けたか11けたです。いまは{count}けたです。市外局番から入れてください。",
                code="phone",
            )
        return shown


class EmailForm(forms.Form):
    email = forms.CharField(
        label="メールアドレス",
        max_length=254,
        help_text="受付票と、結果のお知らせを送ります。",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["email"]).strip()
        address: str = forms.EmailField(
            error_messages={"invalid": "メールアドレスの形になっていません。例：minato@example.jp"}
        ).clean(typed)
        return address


# in the order in which they are asked; the first three only where the register knows no name
STEPS: dict[str, type[forms.Form]] = {
    "office": OfficeNameForm,
    "place": PlaceForm,
    "services": ServicesForm,
    "name": NameForm,
    "phone": PhoneForm,
    "email": EmailForm,
}
UNLISTED_STEPS = ("office", "place", "services")
# the answer without which a step is not done
NEEDED = {
    "office": "office_name",
    "place": "address",
    "services": "services",
    "name": "name",
    "phone": "phone",
    "email": "email",
}


class SendForm(forms.Form):
    """What is confirmed above the button. Which ticks stand there depends on the answer."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    typed = forms.CharField(widget=forms.HiddenInput, required=False)
    scope = Tick(
        short_label="対象のサービスがないこと",
        label="データ連携の対象ではないことが分かりました。それでも申請します。",
        help_text="無料の1年は1回だけなので、使わないまま終わることがあります",
    )
    stop = Tick(
        short_label="利用停止の届けの取り消し",
        label="出してある利用停止の届けが取り消しになることが分かりました。",
    )
    paid = Tick(
        short_label="有償の更新の取りやめ",
        label="申し込んである有償の更新が、フリーパスに置きかわることが分かりました。",
    )
    renewal = Tick(short_label="自動更新と料金")
    agree = Tick(short_label="規約への同意")
    trusted = Tick(
        short_label="内容と、手続きを任されていること",
        label="上の内容にまちがいありません。この事業所の手続きを任されています。",
    )

    def __init__(self, *args: Any, wanted: ToConfirm, agree: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        for name in {"scope", "stop", "paid", "renewal"}.difference(wanted.names):
            del self.fields[name]
        if wanted.fee:
            renewal = self.fields["renewal"]
            renewal.label = f"無料の1年が終わると自動で更新し、年{wanted.fee}がかかることが分かりました。"
            renewal.help_text = f"続けないときは、{ja_day(wanted.last_day)}までに届け出ます"
        self.fields["agree"].label = agree
