"""The few questions of the check. All by GET: the answers travel in the address, so back, reload and
a bookmark work, and nothing is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from campaigns import rules
from campaigns.rules import Claims
from careplan_portal.lib.dates import term_end
from careplan_portal.lib.forms import BusinessNumberInput, DateField, Radios
from careplan_portal.lib.japan import business_number
from careplan_portal.lib.words import ja_day


class NumberForm(forms.Form):
    number = forms.CharField(
        label="事業所番号",
        max_length=60,
        widget=BusinessNumberInput,
        help_text="10けたの番号です。国保連への請求に使う番号と同じです。全角、ハイフン、空白が入っていてもかまいません。",
        error_messages={
            "required": "事業所番号を入れてください。10けたの番号です。",
            "max_length": "事業所番号は10けたです。1つだけ入れてください。",
        },
    )

    def clean_number(self) -> business_number.BusinessNumber:
        try:
            return business_number.parse(self.cleaned_data["number"])
        except business_number.BusinessNumberError as error:
            raise ValidationError(error.text, code=error.code) from error


class TermForm(forms.Form):
    """The last day of the term that is valid today, from either end of it."""

    by = forms.ChoiceField(
        label="どちらの日が分かりますか",
        choices=(("end", "おわりの日"), ("start", "はじめの日（利用を始めた日、更新した日）")),
        widget=Radios,
        initial="end",
    )
    day = DateField(label="その日付", help_text="ライセンスの通知に書かれています。例：2026年4月14日")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day, by = data.get("day"), data.get("by")
        if day is None or by is None:
            return data
        starts_on, ends_on = (day, term_end(day)) if by == "start" else (rules.term_start(day), day)
        if ends_on < self.today:
            self.add_error("day", _over(by, ends_on))
        elif starts_on > self.today:
            self.add_error("day", _not_yet(by, self.today))
        data["ends_on"] = ends_on
        return data


def _over(by: str, ends_on: date) -> str:
    if by == "start":
        return f"この日から1年の期間は、{ja_day(ends_on)}で終わっています。いまの期間の、はじめの日を入れてください。"
    return "もう過ぎた日です。いまの期間の、おわりの日を入れてください。"


def _not_yet(by: str, today: date) -> str:
    if by == "start":
        return "まだ来ていない日です。いまの期間の、はじめの日を入れてください。"
    return f"1年より先の日です。期間は1年なので、{ja_day(term_end(today))}までの日になります。"


class FreePassForm(forms.Form):
    fp = forms.ChoiceField(label="フリーパスを使ったことがありますか", widget=Radios)

    def __init__(self, *args: Any, uses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fp"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(field.widget, Radios)
        field.choices = _free_pass_choices(uses)
        field.widget.hints = {
            rules.NOT_YET: "有償でだけ使っている事業所も、こちらです" if uses else "はじめて使う事業所も、こちらです",
            rules.UNKNOWN: "まだ使っていないものとして調べます",
        }


def _free_pass_choices(uses: bool) -> list[tuple[str, str]]:
    choices = [(rules.NOT_YET, "ない")]
    if uses:
        choices += [
            (rules.BOOKED, "次の更新からの予約ができている"),
            (rules.USING, "いま、フリーパスの1年を使っている"),
        ]
    return [*choices, (rules.USED, "前に使った" if uses else "ある"), (rules.UNKNOWN, "分からない")]


class RenewalForm(forms.Form):
    renewal = forms.ChoiceField(label="いまの期間が終わると、どうなりますか", widget=Radios)

    def __init__(self, *args: Any, free_pass: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["renewal"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(field.widget, Radios)
        field.choices = _renewal_choices(free_pass)
        # Who is on a free year or has booked one is renewed by itself, whenever it began.
        asks_mode = free_pass not in (rules.USING, rules.BOOKED)
        field.widget.hints = {
            rules.BY_ITSELF: "2025年6月以降に初めて利用を始めた事業所は、自動です" if asks_mode else "",
            rules.BY_HAND: "2025年5月までに初めて利用を始めた事業所は、ふつう手動です",
            rules.UNKNOWN: "自動のときと手動のときの、両方をお答えします",
        }


def _renewal_choices(free_pass: str) -> list[tuple[str, str]]:
    if free_pass in (rules.USING, rules.BOOKED):
        then = "自動で更新する" if free_pass == rules.USING else "予約のとおりに、フリーパスが始まる"
        return [(rules.BY_ITSELF, then), (rules.STOP_FILED, "利用停止を届けてある"), (rules.UNKNOWN, "分からない")]
    return [
        (rules.BY_ITSELF, "自動で更新する"),
        (rules.BY_HAND, "更新の手続きをしないと、終わる（手動更新）"),
        (rules.PAID_FILED, "手動だが、次の1年の有償の更新を申し込んである"),
        (rules.STOP_FILED, "利用停止を届けてある"),
        (rules.UNKNOWN, "分からない"),
    ]


# --- the address ---------------------------------------------------------------------------

KEYS = ("number", "sure", "end", "fp", "renewal", "draft")


def kept(params: Mapping[str, str], **more: str) -> str:
    """The query string with the answers given so far and `more`; what is empty or odd is left out."""
    values = {key: params.get(key, "") for key in KEYS} | more
    return urlencode({key: value for key, value in values.items() if value and len(value) <= 60})


def claimed_end(params: Mapping[str, str], today: date) -> date | None:
    """The end of the current term from the address; None when it is missing or cannot be."""
    try:
        end = date.fromisoformat(params.get("end", ""))
    except ValueError:
        return None
    return end if today <= end <= term_end(today) else None


def claims_in(params: Mapping[str, str], uses: bool, today: date) -> Claims | str:
    """What was answered so far, or the name of the next page to ask: term, free-pass, renewal."""
    free_pass = params.get("fp", "")
    allowed = [value for value, _ in _free_pass_choices(uses)]
    if not uses:
        return Claims(free_pass) if free_pass in allowed else "free-pass"
    end = claimed_end(params, today)
    if end is None:
        return "term"
    if free_pass not in allowed:
        return "free-pass"
    renewal = params.get("renewal", "")
    if renewal not in [value for value, _ in _renewal_choices(free_pass)]:
        return "renewal"
    return Claims(free_pass, end, renewal)
