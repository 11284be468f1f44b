"""Register files given on the screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from careplan_portal.lib.forms import DateField
from careplan_portal.lib.words import ja_day

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
    """That the counts were seen."""

    seen = forms.BooleanField(
        label="数を確かめました",
        help_text="名簿にない事業所は「確認待ち」の一覧に入ります。取り込みで閉じることはありません。",
        error_messages={"required": "数を確かめて、印を付けてください。"},
    )
