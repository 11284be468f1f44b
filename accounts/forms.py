"""What people write about themselves and others."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import AddEmailForm, ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.enums import Role, SubjectKind
from accounts.queries import has_second_factor
from careplan_portal.lib.forms import DateField, Radios

ROLE_HINTS: dict[str, str] = {
    Role.OFFICE_STAFF: "自分の事業所だけを見て、手続きします",
    Role.HELPDESK: "すべての事業所を見て、電話の相手に代わって手続きします。開いた画面は記録されます",
    Role.OFFICER: "受け持ちの地域の普及状況を見ます。人の連絡先は見られません",
    Role.OPERATOR: "キャンペーン、料金、取り込み、利用者を扱います",
    Role.AUDITOR: "記録を読みます。何も変えられません",
}


class NameForm(forms.Form):
    name = forms.CharField(label="お名前", max_length=100, widget=forms.TextInput({"autocomplete": "name"}))


NEW_ONE_HAS = "10文字以上。名前やメールアドレスに似たもの、よくあるもの、数字だけは使えません。"


class _PasswordWords:
    """The rules of a new password in our own words: what settings demand of it, in one sentence."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = NEW_ONE_HAS
        self.fields["password2"].label = "もう一度、同じパスワード"


class PasswordChangeForm(_PasswordWords, ChangePasswordForm):
    pass


class PasswordSetForm(_PasswordWords, SetPasswordForm):
    pass


class PasswordResetForm(_PasswordWords, ResetPasswordKeyForm):
    pass


class EmailChangeForm(AddEmailForm):
    """The new address, which the page shows below the one in use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "新しいメールアドレス"


class AppForm(ActivateTOTPForm):
    """The six figures of an app, and its secret in groups for those who type it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "アプリに出た6けたの数字"

    @property
    def secret_in_groups(self) -> str:
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class CodesForm(GenerateRecoveryCodesForm):
    @property
    def possible(self) -> bool:
        """Codes stand in for another way; without one there is nothing to stand in for."""
        return has_second_factor(self.user)


KEY_NAME: dict[str, Any] = {
    "label": "このパスキーの名前",
    "max_length": 100,
    "help_text": "あとで見分けるための名前です。例：事務所のパソコン",
}


class PasskeyForm(AddWebAuthnForm):
    """A new key, in our own words. It opens the sign-in without a password, unless the key cannot keep one."""

    name = forms.CharField(required=False, **KEY_NAME)
    passwordless = forms.BooleanField(
        label="このパスキーだけでサインインする", required=False,
        help_text="パスワードを入れずに、指紋や顔、暗証番号でサインインできます。USB の鍵でうまくいかないときは、印を外してください。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"name": "この機器のパスキー", "passwordless": True, **kwargs.get("initial", {})}
        super().__init__(*args, **{**kwargs, "initial": initial})


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(**KEY_NAME)


class ReasonForm(forms.Form):
    """Every change of somebody else's account says why."""

    reason = forms.CharField(label="理由", max_length=200, help_text="監査の記録に残り、消せません。")


class RoleForm(ReasonForm):
    role = forms.ChoiceField(label="役割", choices=Role, widget=Radios(hints=ROLE_HINTS))
    field_order: tuple[str, ...] = ("role", "reason")

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class UserNewForm(RoleForm):
    email = forms.EmailField(label="メールアドレス", help_text="その人だけが読むアドレスにしてください。")
    name = forms.CharField(label="お名前", max_length=100)
    field_order = ("name", "email", "role", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An office's people come by proving it or by an invitation: made here they would have no office.
        self.fields["role"].choices = [one for one in Role.choices if one[0] != Role.OFFICE_STAFF]  # type: ignore[attr-defined]


class UserFilterForm(forms.Form):
    q = forms.CharField(label="お名前かメールアドレス", required=False)
    role = forms.ChoiceField(label="役割", required=False, choices=[("", "すべて"), *Role.choices])
    inactive = forms.BooleanField(label="使えなくした人も見る", required=False)


class RecordFilterForm(forms.Form):
    kind = forms.ChoiceField(label="見たもの", required=False, choices=[("", "すべて"), *SubjectKind.choices])
    key = forms.CharField(label="番号", required=False, max_length=100)
    who = forms.CharField(label="見た人", required=False, max_length=100)
    role = forms.ChoiceField(label="役割", required=False, choices=[("", "すべて"), *Role.choices])
    reason = forms.CharField(label="理由のことば", required=False, max_length=100)
    first = DateField(label="はじめの日", required=False)
    last = DateField(label="おわりの日", required=False)


# Not roles: the demo's second member, who has many offices, and its second officer, who administers an area.
CLERK, ADMINISTRATOR = "clerk", "administrator"


class DemoSignInForm(forms.Form):
    role = forms.ChoiceField(choices=[*Role.choices, (CLERK, "法人の事務"), (ADMINISTRATOR, "地域の管理者")])
    next = forms.CharField(required=False)

    def clean_next(self) -> str:
        address: str = self.cleaned_data["next"]
        return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""
