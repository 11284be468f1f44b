"""Forms of the FAQ: whether an answer helped, and what editors write."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from careplan_portal.lib.forms import DateField, Radios, Ticks
from faq.enums import Audience, FeedbackReason, Status
from faq.models import OutsideText, Topic
from faq.models.entries import SLUG
from faq.rules.content import RESERVED, Content, lines
from faq.rules.placeholders import LABELS, STATES

AREA = {"rows": 5}


class FeedbackForm(forms.Form):
    helped = forms.TypedChoiceField(
        choices=[("yes", "分かった"), ("no", "分からない")], coerce=lambda value: value == "yes"
    )
    reason = forms.ChoiceField(
        label="よければ、わけを教えてください", choices=FeedbackReason.choices, required=False, widget=Radios
    )
    comment = forms.CharField(
        label="ひとこと",
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="名前や番号は書かないでください。",
    )


class _Lines(forms.CharField):
    """One value a line."""

    def __init__(self, rows: int = 5, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows}), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return lines(str(value or "").splitlines())


class _Numbers(forms.CharField):
    """Whole numbers between commas or blanks."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        parts = str(value or "").replace("、", ",").replace(",", " ").split()
        if not all(part.isdecimal() for part in parts):
            raise forms.ValidationError("番号を、コンマで区切って入れてください。")
        return tuple(int(part) for part in parts)


class EntryForm(forms.Form):
    """The content of an entry. What an unfinished draft lacks is said in the preview, not here."""

    question = forms.CharField(label="質問", max_length=120)
    short = forms.CharField(
        label="短い答え", max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="はじめの文だけで答えになるように。決まっていないことは「未定です」から。",
    )  # fmt: skip
    details = forms.CharField(
        label="くわしく", max_length=4000, required=False, widget=forms.Textarea({"rows": 10}),
        help_text="Markdown（箇条書き、強調、表、リンク）。",
    )  # fmt: skip
    yours = forms.CharField(
        label="事業所ごとの文", max_length=300, required=False,
        help_text="差し込めるもの：" + "、".join(f"{{{{{name}}}}} {label}" for name, label in LABELS.items()),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    yours_for = forms.MultipleChoiceField(
        label="その文を出す状態", choices=list(STATES.items()), required=False, widget=Ticks,
        help_text="選んだ状態が全部当てはまる事業所にだけ出します。",
    )  # fmt: skip
    phone = forms.CharField(
        label="電話で伝える",
        max_length=1000,
        required=False,
        widget=forms.Textarea(AREA),
        help_text="1行に1文、60字まで。",
    )
    paper = forms.CharField(label="紙で渡す", max_length=1000, required=False, widget=forms.Textarea(AREA))
    asks = _Lines(
        rows=12, label="聞かれ方", required=False, help_text="1行に1つ。話しことば、短いことば、打ちまちがいも。"
    )
    topic = forms.ModelChoiceField(label="話題", queryset=Topic.objects.all(), empty_label=None)
    audience = forms.MultipleChoiceField(label="だれに", choices=Audience.choices, widget=Ticks)
    status = forms.ChoiceField(label="決まりぐあい", choices=Status.choices, widget=Radios)
    source_questions = _Numbers(label="説明会の質問", required=False)
    rules = _Lines(label="規則", required=False, help_text="R1 から R16 まで、1行に1つ。")
    related = _Lines(
        label="近い質問",
        required=False,
        help_text="アドレスを、1行に1つ。アドレスは、質問のページのアドレスのおわりと、FAQを直すページの「アドレス」にあります。",
    )
    as_of = DateField(label="いつの内容か")
    review_on = DateField(label="次に確かめる日")
    owner = forms.CharField(label="担当", max_length=40)
    why = forms.CharField(label="直すわけ", max_length=300)

    def content(self) -> Content:
        """What was entered, as a content."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "why"}
        data["topic"] = data["topic"].pk
        data["audience"], data["yours_for"] = tuple(data["audience"]), tuple(data["yours_for"])
        return Content(**data)


class StartForm(forms.Form):
    question = forms.CharField(label="質問", max_length=120)
    slug = forms.CharField(
        label="アドレス", max_length=60, validators=[SLUG],
        help_text="半角の小文字と数字、ハイフン。例：stop-fee-zero。あとから変えられません。",
    )  # fmt: skip
    topic = forms.ModelChoiceField(label="話題", queryset=Topic.objects.all(), empty_label=None)

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise forms.ValidationError("このアドレスは、ほかのページが使っています。")
        return slug


class ReasonForm(forms.Form):
    why = forms.CharField(label="わけ", max_length=300)


class ReviewForm(ReasonForm):
    field_order = ("next_on", "why")

    next_on = DateField(label="次に確かめる日")


class WordGroupForm(forms.Form):
    name = forms.CharField(
        label="組の名前",
        max_length=40,
        help_text="半角の英字で、ほかの組とちがう名前。いまある名前を入れると、その組を直します。",
    )
    words = _Lines(label="同じ意味のことば", required=False, help_text="1行に1つ。")
    why = forms.CharField(label="直すわけ", max_length=300)


class SpellingForm(forms.Form):
    wrong = forms.CharField(label="この書き方を", max_length=60)
    right = forms.CharField(label="こう読む", max_length=60)


class OutsideForm(forms.Form):
    kind = forms.ChoiceField(label="種類", choices=OutsideText.Kind.choices)
    text = forms.CharField(label="扱わない質問かことば", max_length=200)


def entry_initial(content: Content) -> dict[str, Any]:
    """A content as the initial values of EntryForm."""
    days = {"as_of": content.as_of, "review_on": content.review_on}
    return content.as_json() | days


def review_initial(today: datetime.date) -> dict[str, Any]:
    return {"next_on": today.replace(year=today.year + 1, day=min(today.day, 28))}
