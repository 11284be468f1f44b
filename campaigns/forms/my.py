"""What members are asked on their office's pages."""

from __future__ import annotations

from typing import Any

from django import forms

from campaigns.forms.filing import EmailForm, NameForm, PhoneForm
from campaigns.rules import paying
from careplan_portal.lib.forms import Tick, Ticks
from offices.models import Membership

OTHER_REASON = "ほかのわけ"
STOP_REASONS = (
    ("近くに、使っている相手がいない", "近くに、使っている相手がいない"),
    ("介護ソフトが対応していない", "介護ソフトが対応していない"),
    ("事業所を閉じる、サービスをやめる", "事業所を閉じる、サービスをやめる"),
    (OTHER_REASON, OTHER_REASON),
)


class ShownForm(forms.Form):
    """Every act carries the fingerprint of the standing that was on the page."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)


class StopForm(ShownForm):
    reasons = forms.MultipleChoiceField(
        label="やめるわけを教えてください",
        required=False,
        choices=STOP_REASONS,
        widget=Ticks,
        help_text="手続きには影響しません。よくするために使います。",
    )
    other = forms.CharField(label="ほかのわけがあるとき", required=False, max_length=100)
    understood = Tick(short_label="いちばん下の確認")

    def __init__(self, *args: Any, says: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["understood"].label = says

    def reasons_said(self) -> str:
        """The reasons in one line; words of one's own count as another reason, ticked or not."""
        reasons = [reason for reason in self.cleaned_data["reasons"] if reason != OTHER_REASON]
        own = self.cleaned_data["other"]
        if own or OTHER_REASON in self.cleaned_data["reasons"]:
            reasons.append(f"{OTHER_REASON}（{own}）" if own else OTHER_REASON)
        return "、".join(reasons)


class PayForm(ShownForm):
    """`free_first` when the Free Pass is open to the office: paying all the same is said apart (R12)."""

    door = forms.ChoiceField(choices=[(paying.START, ""), (paying.RENEW, "")], widget=forms.HiddenInput)
    all_the_same = forms.BooleanField(
        label="フリーパス（0円）を申請できることが分かりました。それでも有償で使います。", required=False
    )
    understood = Tick(short_label="料金の確認")

    def __init__(self, *args: Any, says: str, free_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["understood"].label = says
        if not free_first:
            del self.fields["all_the_same"]
        else:
            self.fields["all_the_same"].required = True


class InviteForm(forms.Form):
    name = forms.CharField(label="お名前", max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(
        label="メールアドレス",
        help_text="その人だけが読むアドレスにしてください。",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )


class NoticesForm(forms.Form):
    receivers = forms.TypedMultipleChoiceField(
        label="お知らせを受け取る人",
        coerce=int,
        widget=Ticks,
        error_messages={"required": "少なくとも1人を選んでください。"},
    )

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["receivers"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(member.user_id, f"{member.user}（{member.user.email}）") for member in members]
        self.initial.setdefault("receivers", [member.user_id for member in members if member.receives_notices])


class ListForm(forms.Form):
    """Search, filter and order of the list of offices; anything unknown counts as not said."""

    GROUPS = (
        ("", "すべて"),
        ("now", "いま申請できる"),
        ("waiting", "申請が確認を待っている"),
        ("later", "これから申請できる"),
        ("done", "フリーパスの手続きが終わっている"),
        ("other", "そのほか"),
    )
    STATES = (
        ("", "すべて"),
        ("active_free", "フリーパス利用中"),
        ("active_paid", "有償利用中"),
        ("lapsed", "期限切れ"),
        ("stopped", "停止"),
        ("none", "未利用"),
    )
    ORDERS = (("", "締め切り順"), ("name", "名前の順"), ("number", "番号の順"), ("end", "期間のおわりの順"))

    q = forms.CharField(label="名前か番号", required=False, max_length=60, widget=forms.TextInput({"type": "search"}))
    s = forms.ChoiceField(label="状態", required=False, choices=STATES)
    g = forms.ChoiceField(label="できること", required=False, choices=GROUPS)
    c = forms.ChoiceField(label="市区町村", required=False)
    o = forms.ChoiceField(label="並べ方", required=False, choices=ORDERS)

    def __init__(self, *args: Any, places: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["c"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "すべて"), *((place, place) for place in places)]


class ManyForm(NameForm, PhoneForm, EmailForm):
    """Who files for all of them, once."""

    field_order = ("name", "phone", "email", "renewal", "agree")
    renewal = Tick(
        short_label="自動更新と料金",
        label="無料の1年が終わると、どの事業所も自動で更新し、利用料がかかることが分かりました。",
        help_text="続けない事業所は、上の表の「やめるなら」の日までに、「利用をやめる」を届け出ます。",
    )
    agree = Tick(short_label="規約への同意", label="利用規約と、個人情報の扱いに同意します。")
