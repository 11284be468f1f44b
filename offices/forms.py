"""Register files given on the screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib.forms import DateField, Tick
from careplan_portal.lib.words import ja_day
from offices.models import Area
from offices.queries import municipalities_named

MOST_FILES = 100
LARGEST = 300 * 1024 * 1024


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = (data or [None]) if isinstance(data, (list, tuple)) else [data]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"一度に送れるのは{MOST_FILES}ファイルまでです。分けて送ってください。")
        return [self._one(file, initial) for file in given]

    def _one(self, file: Any, initial: Any) -> UploadedFile[Any]:
        kept: UploadedFile[Any] = super().clean(file, initial)
        if not str(kept.name).lower().endswith((".csv", ".csv.gz")):
            raise forms.ValidationError(
                f"「{kept.name}」はCSVではありません。.csv か .csv.gz のファイルを選んでください。"
            )
        if (kept.size or 0) > LARGEST:
            raise forms.ValidationError(f"「{kept.name}」が大きすぎます（300MBまで）。")
        return kept


class UploadForm(forms.Form):
    """The files, and the day they stand for."""

    register = FilesField(
        label="名簿のファイル",
        help_text="厚生労働省のオープンデータのCSV（.csv か .csv.gz）。いくつでも一度に選べます",
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "中身が空のファイルがあります。もう一度ダウンロードしてください。",
        },
    )
    as_of = DateField(label="いつ時点の名簿か", help_text="名簿のページに書いてある日。例：2025年12月31日")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"]
        if as_of > self.today:
            raise forms.ValidationError(f"きょう（{ja_day(self.today)}）より後の日です。日付を確かめてください。")
        return as_of


class ConfirmForm(forms.Form):
    """That what would change was seen."""

    seen = Tick(
        short_label="何が変わるか",
        label="何が変わるかを確かめました",
        help_text="名簿にない事業所は「名簿にない事業所」の一覧に入ります。取り込みで閉じることはありません。",
        error_messages={"required": "何が変わるかを確かめて、印を付けてください。"},
    )


def _reason(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, help_text="監査の記録に残り、消せません。")


class ReasonForm(forms.Form):
    """Every change of an area or of somebody's access says why."""

    reason = _reason("理由")


class ColleagueForm(forms.Form):
    """Why a colleague starts the second factor again. One for each on the page, so ids carry whose it is."""

    reason = _reason("理由と、ご本人を確かめた方法")

    def __init__(self, data: Any = None, *, colleague: int) -> None:
        super().__init__(data, auto_id=f"id_{colleague}_%s")


class AreaForm(ReasonForm):
    """What officers look after: a name and its municipalities, one a line."""

    name = forms.CharField(label="地域の名前", max_length=60)
    municipalities = forms.CharField(
        label="市区町村", widget=forms.Textarea({"rows": 6}),
        help_text="1行に1つ。市区町村コード（312029）か、名前（鳥取県米子市）。都道府県の名前だけなら、その中の全部です。",
    )  # fmt: skip
    field_order: tuple[str, ...] = ("name", "municipalities", "reason")

    def clean_municipalities(self) -> Any:
        codes, unknown = municipalities_named(self.cleaned_data["municipalities"])
        if unknown:
            listed = "、".join(unknown[:5])
            raise forms.ValidationError(f"見つからないか、同じ名前がいくつもあります：{listed}")
        return codes


class AreaNewForm(AreaForm):
    code = forms.SlugField(
        label="記号（英字）", max_length=30, help_text="アドレスに使います。小文字、数字、ハイフン。あとから変えられません。",
        error_messages={"invalid": "小文字の英字、数字、ハイフンで入れてください。例：yonago"},
    )  # fmt: skip
    field_order = ("code", *AreaForm.field_order)

    def clean_code(self) -> Any:
        code = self.cleaned_data["code"].lower()
        if code in ("new", "colleagues") or Area.objects.filter(code=code).exists():
            raise forms.ValidationError("この記号は使われています。ほかの記号を入れてください。")
        return code


class OfficerForm(ReasonForm):
    """Somebody who is to look after an area."""

    email = forms.EmailField(
        label="担当者のメールアドレス", help_text="先に「利用者」で、自治体担当者として加えておきます。"
    )
    reason = _reason("担当者を加える理由")
    field_order = ("email", "reason")

    def clean_email(self) -> Any:
        officer = User.objects.filter(email=self.cleaned_data["email"].lower(), role=Role.OFFICER, is_active=True)
        if not officer.exists():
            raise forms.ValidationError("このアドレスの自治体担当者はいません。「利用者」で確かめてください。")
        return officer.get()
