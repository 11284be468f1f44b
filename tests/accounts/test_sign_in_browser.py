"""Signing in with a real browser: passkeys through Chromium's own virtual authenticator, codes, recovery, and every
page of it in our design and words. PORTAL_SHOTS=folder keeps pictures of all of them at both widths."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

from accounts.enums import Role
from accounts.queries import account_events
from accounts.services import password_path
from tests.accounts.conftest import PASSWORD
from tests.browsing import NARROW, WIDE, axe_findings, scrolls_sideways

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SECRET = "JBSWY3DPEHPK3PXP"
# Words of other people's that stand on these pages, and our own Latin ones.
FOREIGN = re.compile(r"[A-Za-z]{3,}")
ALLOWED = re.compile(
    r"https?://\S+|\S+@\S+|FAQ|USB|QR|PDF|JavaScript|WAM NET|Chrome\S*|Linux|Ctrl|Enter|(?:[A-Z2-7]{4} ?){8}|Google Authenticator|Mozilla.*|FP"
)


@pytest.fixture
def strict(settings: Any) -> None:
    settings.TWO_FACTOR_REQUIRED = True
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def helpdesk(person: Any) -> Any:
    return person(Role.HELPDESK, name="松本 葵")


def totp_code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def authenticator(page: Any) -> tuple[Any, str]:
    """A passkey holder in this browser, with a finger that is always there."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def look(page: Any, name: str) -> None:
    """One heading, no foreign word, nothing for axe, nothing wider than the window, at both widths."""
    text = page.locator("main").inner_text()
    assert page.locator("h1").count() == 1, name
    assert FOREIGN.findall(ALLOWED.sub("", text)) == [], f"{name}: {text[:400]}"
    assert "ログイン" not in text, name
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        assert scrolls_sideways(page) == [], f"{name} at {width}"
        if folder := os.environ.get("PORTAL_SHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
    assert axe_findings(page) == [], name
    page.set_viewport_size({"width": WIDE, "height": 900})


def sign_in(page: Any, user: Any, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", password)
    page.click("button:has-text('サインインする')")


def add_passkey(page: Any) -> None:
    """From the page that asks for a second factor, with the password once more, to the spare codes."""
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")


def confirm(page: Any) -> None:
    """With the password, or with the key of this browser where that is asked for."""
    assert "もう一度、確かめます" in page.locator("h1").inner_text()
    if page.locator("[name=password]").count():
        page.fill("[name=password]", PASSWORD)
        page.click("main button:has-text('確かめる')")
    else:
        page.click("#mfa_webauthn_reauthenticate")
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def sign_out(page: Any) -> None:
    page.goto("/accounts/logout/")
    page.click("main button:has-text('サインアウトする')")


def test_a_passkey_from_setting_up_to_the_last(open_page: Any, strict: None, helpdesk: Any) -> None:
    page = open_page("/about/")
    session, holder = authenticator(page)
    sign_in(page, helpdesk)
    assert page.url.endswith("/me/second-factor/")
    add_passkey(page)
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": holder})["credentials"]) == 1
    assert page.goto("/helpdesk/").status == 200

    sign_out(page)
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/helpdesk/")

    sign_out(page)
    sign_in(page, helpdesk)
    assert "/2fa/authenticate/" in page.url
    page.click("button:has-text('パスキーを使う')")
    page.wait_for_url("**/helpdesk/")

    page.goto("/accounts/2fa/webauthn/")
    page.click("a:has-text('名前を変える')")
    confirm(page)
    page.fill("[name=name]", "机の鍵")
    page.click("main button:has-text('名前を変える')")
    assert "机の鍵" in page.locator("main").inner_text()
    page.click("a:has-text('外す')")
    page.click("main button:has-text('外す')")
    assert page.goto("/helpdesk/").url.endswith("/me/second-factor/")
    kinds = [event.kind for event in account_events(helpdesk)]
    assert kinds.count("signed_in") == 3
    assert {"second_factor_added", "second_factor_removed"} <= set(kinds)


def test_another_persons_key_opens_nothing(open_page: Any, strict: None, helpdesk: Any, person: Any) -> None:
    """A key that the portal does not know, or that was removed here, leaves one on the sign-in page with a word."""
    page = open_page("/about/")
    session, holder = authenticator(page)
    sign_in(page, helpdesk)
    add_passkey(page)
    sign_out(page)
    page.goto("/accounts/login/")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": holder, "isUserVerified": False})
    page.click("#passkey_login")
    page.wait_for_selector("text=パスキーは使われませんでした")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": holder, "isUserVerified": True})
    Authenticator.objects.filter(user=helpdesk).delete()
    page.click("#passkey_login")
    page.wait_for_selector("text=確かめられませんでした")
    assert "/accounts/login/" in page.url
    assert page.goto("/helpdesk/").url.partition("?")[0].endswith("/accounts/login/")


def test_codes_of_an_app_and_recovery_codes_once_each(open_page: Any, strict: None, helpdesk: Any) -> None:
    TOTP.activate(helpdesk, SECRET)
    RecoveryCodes.activate(helpdesk)
    spare = Authenticator.objects.get(user=helpdesk, type="recovery_codes").wrap().get_unused_codes()[0]
    page = open_page("/about/")
    for given, opens in (("000000", False), (spare, True), (spare, False)):
        sign_in(page, helpdesk)
        page.fill("[name=code]", given)
        page.click("main button:has-text('確かめる')")
        assert page.url.endswith("/helpdesk/") is opens, given
        if opens:
            sign_out(page)
        else:
            look(page, "authenticate-wrong")
            page.context.clear_cookies()
    sign_in(page, helpdesk)
    page.fill("[name=code]", totp_code())
    page.click("main button:has-text('確かめる')")
    assert page.url.endswith("/helpdesk/")


def test_pages_before_signing_in(open_page: Any, strict: None, person: Any, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    user = person(email="hana@example.jp", name="山根 花", verified=False)
    address = EmailAddress.objects.get(user=user)
    page = open_page("/accounts/login/")
    look(page, "login")
    for path, name in (
        ("/accounts/signup/", "signup-closed"), ("/accounts/password/reset/", "password-reset"),
        ("/accounts/password/reset/done/", "password-reset-done"), ("/accounts/inactive/", "inactive"),
        ("/accounts/confirm-email/", "confirm-sent"), ("/accounts/password/reset/key/done/", "password-key-done"),
        ("/accounts/password/reset/key/abc-def/", "password-key-wrong"),
        ("/accounts/confirm-email/nonsense/", "confirm-wrong"),
        (f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/", "confirm"),
        (password_path(user=user), "password-key"),
    ):  # fmt: skip
        page.goto(path)
        look(page, name)
    page.fill("[name=password1]", "short")
    page.fill("[name=password2]", "other")
    page.click("main button:has-text('このパスワードにする')")
    look(page, "password-key-mistakes")
    page.goto("/accounts/password/reset/")
    page.fill("[name=email]", "x")
    page.click("main button:has-text('メールを送る')")
    look(page, "password-reset-mistake")
    sign_in(page, user, "wrong wrong")
    look(page, "login-wrong")


def test_pages_about_oneself(open_page: Any, strict: None, helpdesk: Any) -> None:
    page = open_page("/about/")
    authenticator(page)
    sign_in(page, helpdesk)
    look(page, "second-factor")
    page.goto("/me/")
    look(page, "me-owes")
    page.goto("/me/second-factor/")
    page.click("a:has-text('パスキーを加える')")
    look(page, "reauthenticate")
    confirm(page)
    look(page, "passkey-add")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    look(page, "recovery-codes")
    page.goto("/accounts/2fa/totp/activate/")
    look(page, "totp-activate")
    page.fill("[name=code]", "123")
    page.click("main button:has-text('この数字で加える')")
    look(page, "totp-wrong")
    TOTP.activate(helpdesk, SECRET)
    key = Authenticator.objects.get(user=helpdesk, type="webauthn").pk
    for path, name in (
        ("/me/", "me"), ("/accounts/2fa/", "second-factors"), ("/accounts/2fa/totp/deactivate/", "totp-deactivate"),
        ("/accounts/2fa/recovery-codes/generate/", "recovery-generate"), ("/accounts/2fa/webauthn/", "passkeys"),
        (f"/accounts/2fa/webauthn/keys/{key}/edit/", "passkey-edit"),
        (f"/accounts/2fa/webauthn/keys/{key}/remove/", "passkey-remove"), ("/accounts/sessions/", "sessions"),
        ("/accounts/email/", "email"), ("/accounts/password/change/", "password-change"),
        ("/accounts/2fa/reauthenticate/", "reauthenticate-code"),
        ("/accounts/2fa/webauthn/reauthenticate/", "reauthenticate-passkey"), ("/accounts/logout/", "logout"),
    ):  # fmt: skip
        page.goto(path)
        look(page, name)
    page.goto("/accounts/2fa/webauthn/reauthenticate/")
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_load_state("networkidle")
    assert "reauthenticate" not in page.url
    page.goto("/accounts/email/")
    page.fill("[name=email]", "new@example.jp")
    page.click("main button:has-text('確認のメールを送る')")
    look(page, "email-pending")
    page.goto("/accounts/password/change/")
    page.fill("[name=oldpassword]", "wrong")
    page.fill("[name=password1]", "12345")
    page.fill("[name=password2]", "12345")
    page.click("main button:has-text('このパスワードにする')")
    look(page, "password-change-mistakes")
    sign_out(page)
    sign_in(page, helpdesk)
    look(page, "authenticate")
