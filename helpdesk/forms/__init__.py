"""What the helpdesk and those who ask it write."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from campaigns.rules.agreeing import ToConfirm
from careplan_portal.lib import clock
from careplan_portal.lib.forms import BusinessNumberInput, Radios, Tick, Ticks
from careplan_portal.lib.japan import business_number, phone
from careplan_portal.lib.words import ja_day
from helpdesk.enums import CALLER_FACTS, IMAGINABLE, CallerProof, PassedTo, Topic
from helpdesk.rules import caller, letter
from helpdesk.rules.days import NotADay, day_typed
from helpdesk.rules.tags import topics_in

CONSENT = "代わりに手続きすることに、同意をもらいました"
DAY_HINT = "例：4/6、4月6日、2026-04-06"


class IsoDateField(forms.Field):
    """A day as the helpdesk types it, full-width too (helpdesk.rules.days). `today` is set by the form; without it a
    year is needed. With `ahead` past days are refused with a sentence."""

    default_error_messages = {"invalid": "日付は 2026-04-06 のように入れてください。4/6 や 4月6日 でもかまいません。"}

    def __init__(self, *, ahead: bool = False, **kwargs: Any) -> None:
        attrs = {"inputmode": "text", "autocomplete": "off", "class": "w-9"}
        super().__init__(widget=forms.DateInput(attrs, format="%Y-%m-%d"), **kwargs)
        self.ahead = ahead
        self.today: date | None = None

    def to_python(self, value: Any) -> date | None:
        if not value or isinstance(value, date):
            return value or None
        try:
            day = day_typed(str(value), self.today or clock.today(), ahead=self.ahead)
        except NotADay as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong
        if self.ahead and self.today is not None and day < self.today:
            raise ValidationError(f"{day.isoformat()}は過ぎた日です。きょうかあとの日を入れてください。", code="past")
        return day


class NoteForm(forms.Form):
    """A note; `topics` are the one chosen and those of its tags (#料金). Nothing is chosen beforehand: what is left as
    it stood would be counted as what people call about."""

    text = forms.CharField(
        label="いまの電話の記録",
        max_length=4000,
        widget=forms.Textarea({"rows": 3, "data-key": "n"}),
    )
    topic = forms.ChoiceField(label="話題", choices=[("", "選んでください"), *Topic.choices], required=False)
    follow_up_on = IsoDateField(label="次に連絡する日", required=False, ahead=True)

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        follow_up = self.fields["follow_up_on"]
        assert isinstance(follow_up, IsoDateField)
        follow_up.today = today
        follow_up.widget.attrs |= {"list": "follow-up-days", "placeholder": "4/6"}
        if self.is_bound:
            self.fields["text"].widget.attrs["data-unsent"] = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        tags = topics_in(cleaned.get("text", ""), dict(Topic.choices))
        topics = list(dict.fromkeys(topic for topic in (cleaned.get("topic", ""), *tags) if topic))
        if not topics and not self.errors:
            self.add_error("topic", "話題を選んでください。本文に #料金 のように書いてもかまいません。")
        return cleaned | {"topics": topics}


class ContactsForm(forms.Form):
    """Which lines of the log: of whom, about what, between which days."""

    topic = forms.ChoiceField(label="話題", required=False, choices=[("", "すべて"), *Topic.choices])
    first = IsoDateField(label="はじめの日", required=False)
    last = IsoDateField(label="おわりの日", required=False)
    mine = forms.BooleanField(label="わたしの記録だけ", required=False)


class CallerForm(forms.Form):
    """The caller, how they were proved, and whether they agree that one acts for them: needed only at an act."""

    field_order = ("name", "proof", "consent", "facts", "relation", "phone")

    name = forms.CharField(label="相手のお名前", max_length=60, widget=forms.TextInput({"autocomplete": "off"}))
    relation = forms.CharField(label="立場（管理者、事務など）", max_length=40, required=False)
    phone = forms.CharField(
        label="折り返しの電話", max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    proof = forms.ChoiceField(
        label="どう確かめましたか",
        choices=CallerProof,
        widget=Radios(hints={
            CallerProof.TWO_FACTS: "1つは、公開されていないこと",
            CallerProof.CALL_BACK: "仮受付の確認も、これでできます",
        }),
    )  # fmt: skip
    facts = forms.MultipleChoiceField(
        label="合った事実（2つ以上。そのうち1つは、公開されていないこと）",
        choices=CALLER_FACTS,
        required=False,
        widget=Ticks(
            hints={key: "公開" if key in caller.PUBLIC_FACTS else "公開されていない" for key, _ in CALLER_FACTS}
        ),
    )
    consent = forms.BooleanField(label=f"{CONSENT}（日付を伝えるだけなら、要りません）", required=False)

    def __init__(self, *args: Any, own_facts: Collection[str] = tuple(caller.OWN_FACTS), **kwargs: Any) -> None:
        """`own_facts`: of what stands in no public register, what the office has to be compared with."""
        super().__init__(*args, **kwargs)
        facts = self.fields["facts"]
        assert isinstance(facts, forms.MultipleChoiceField)
        facts.choices = [(key, label) for key, label in CALLER_FACTS if key in caller.PUBLIC_FACTS or key in own_facts]

    def for_act(self) -> CallerForm:
        """On the page of an act, which begins with this form: the cursor stands in it, and consent is needed."""
        self.fields["name"].widget.attrs["autofocus"] = True
        self.fields["consent"].label, self.fields["consent"].required = CONSENT, True
        return self

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("proof"):
            problem = caller.why_not_proved(cleaned["proof"], cleaned.get("facts", []))
            if problem:
                self.add_error("facts", problem)
        return cleaned


class ConsentForm(forms.Form):
    """That one may act for the caller: asked at the act, where the call does not hold it yet."""

    consent = forms.BooleanField(label=CONSENT, required=False)


class ActForm(ConsentForm):
    """The confirmation of an act: what was read out, and that one pays all the same (R12)."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    all_the_same = forms.BooleanField(label="無料の申請ができることを伝え、それでも有償と聞きました", required=False)


class Told(Tick):
    """Something that the caller was told and took note of."""

    default_error_messages = {"required": "伝えて、了承をもらったら、印を付けてください。"}


class ApplicantForm(forms.Form):
    """Who files, by telephone or on paper."""

    name = forms.CharField(label="申請する人のお名前", max_length=60)
    phone = forms.CharField(label="電話番号", max_length=20, widget=forms.TextInput({"inputmode": "tel"}))
    email = forms.EmailField(
        label="メールアドレス（あれば）",
        required=False,
        help_text="受付番号と控えが届きます。ないときは、登録ずみの人へのメールか、登録の所在地への手紙で送ります。",
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_phone(self) -> str:
        return plausible_phone(self.cleaned_data["phone"])


class FileForm(ApplicantForm, ConsentForm):
    """A filing for the caller; terms, privacy notice and what the web has confirmed (`wanted`) were read out."""

    agreed = forms.BooleanField(label="利用規約と個人情報の扱いを伝え、同意をもらいました")
    scope = Told(
        short_label="対象のサービスがないこと",
        label="データ連携の対象のサービスがないと伝え、それでも申請すると、了承を得ました",
    )
    stop = Told(
        short_label="利用停止の届けの取り消し", label="出ている利用停止の届けが取り消しになると伝え、了承を得ました"
    )
    paid = Told(
        short_label="有償の更新の取りやめ",
        label="申し込んである有償の更新が、フリーパスに置きかわると伝え、了承を得ました",
    )
    renewal = Told(short_label="自動更新と料金")
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, wanted: ToConfirm | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        asked = wanted.names if wanted else ()
        for name in {"scope", "stop", "paid", "renewal"}.difference(asked):
            del self.fields[name]
        if wanted and wanted.fee:
            self.fields["renewal"].label = (
                f"無料の1年が終わると自動で更新し、年{wanted.fee}がかかること、"
                f"続けないときは{ja_day(wanted.last_day)}までに届け出ることを伝え、了承を得ました"
            )

    @property
    def told(self) -> list[BoundField]:
        """The ticks of what was told, in the order of the web's."""
        return [self[name] for name in (self.wanted.names if self.wanted else ())]


class ManagerForm(ConsentForm):
    """Who becomes the manager, and at which published telephone an unlisted office was called back."""

    name = forms.CharField(
        label="管理者になる人のお名前", max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="その人のメールアドレス",
        max_length=254,
        help_text="1文字ずつ読み返して、確かめてください。このアドレスに届いたメールで、サインインを作ります。",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label="かけた電話番号",
        max_length=20,
        help_text="公表資料で確かめた、事業所の番号です。",
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, unlisted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unlisted:
            del self.fields["phone"]

    def clean_phone(self) -> str:
        return plausible_phone(self.cleaned_data["phone"])


class ProveForm(forms.Form):
    spoken_with = forms.CharField(
        label="電話に出た人のお名前", max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = forms.CharField(
        label="かけた電話番号",
        max_length=20,
        help_text="公表資料で確かめた、事業所の番号です。",
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    confirmed = Tick(short_label="電話での確認", label="登録の電話にかけ、この申請を出したことを確かめました")

    def __init__(self, *args: Any, unlisted: bool, **kwargs: Any) -> None:
        """`unlisted`: the register has no telephone of the office, so which one was called is asked for."""
        super().__init__(*args, **kwargs)
        if unlisted:
            self.fields["confirmed"].label = "公表資料で確かめた電話にかけ、この申請を出したことを確かめました"
        else:
            del self.fields["phone"]

    def clean_phone(self) -> str:
        return plausible_phone(self.cleaned_data["phone"])


class WhatIfForm(forms.Form):
    on = IsoDateField(label="日付")
    act = forms.ChoiceField(label="すること", choices=IMAGINABLE)


def plausible_phone(typed: str) -> str:
    """A telephone number as it is shown; ValidationError when nobody can dial it."""
    if not phone.is_plausible(phone.digits(typed)):
        raise ValidationError("電話番号は、市外局番から入れてください。例：0859-00-0123")
    return phone.display(typed)


# inquiries -------------------------------------------------------------------------------------


class AskForm(forms.Form):
    """First only the question, so that a fitting entry can answer it."""

    body = forms.CharField(
        label="どんなことですか",
        max_length=4000,
        error_messages={"required": "聞きたいことを入れてください。"},
        help_text="ふだんの言葉で書いてください。利用者の名前やケアプランの内容は書かないでください。",
        widget=forms.Textarea({"rows": 5}),
    )


class InquiryForm(AskForm):
    topic = forms.ChoiceField(label="話題", choices=[("", "選んでください"), *Topic.choices])
    business_number = forms.CharField(
        label="事業所番号", required=False, max_length=30, widget=BusinessNumberInput(),
        help_text="分かると、早くお答えできます。",
    )  # fmt: skip
    name = forms.CharField(label="お名前", max_length=60, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label="メールアドレス", help_text="回答をお送りします。", widget=forms.EmailInput({"autocomplete": "email"})
    )
    phone = forms.CharField(
        label="電話番号",
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    agreed = Tick(short_label="個人情報の扱い", label="個人情報の扱いに同意します")
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    field_order = ("body", "topic", "business_number", "name", "email", "phone", "agreed", "form_key")

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return plausible_phone(typed) if typed else ""

    def clean_business_number(self) -> str:
        typed = self.cleaned_data["business_number"]
        if not typed:
            return ""
        try:
            return business_number.parse(typed).value
        except business_number.BusinessNumberError as error:
            raise ValidationError(error.text) from error


class AnswerForm(forms.Form):
    text = forms.CharField(label="回答", max_length=8000, widget=forms.Textarea({"rows": 12}))
    entries = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, to: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to = to

    def clean_text(self) -> str:
        if letter.says_nothing(self.cleaned_data["text"], self.to):
            raise ValidationError(letter.NOTHING_SAID)
        return str(self.cleaned_data["text"])

    def clean_entries(self) -> Sequence[str]:
        return [slug for slug in self.cleaned_data["entries"].split(",") if slug][:5]


class PassOnForm(forms.Form):
    to = forms.ChoiceField(label="だれに", choices=PassedTo)
    note = forms.CharField(label="相手の名前と、聞くこと", max_length=200)


class CloseForm(forms.Form):
    reason = forms.CharField(label="わけ", max_length=200)


class NumberForm(forms.Form):
    """Another inquiry, or an office, by its number."""

    number = forms.CharField(label="番号", max_length=30)


class ClosingDayForm(forms.Form):
    day = IsoDateField(label="日", help_text=DAY_HINT)
    reason = forms.CharField(label="わけ", max_length=60)


class PeriodForm(forms.Form):
    first = IsoDateField(label="はじめの日", required=False)
    last = IsoDateField(label="おわりの日", required=False)
