"""What was typed, in a real browser: the session ends before the button, the connection before the server."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from campaigns.models import FilingDraft
from tests.browsing import NARROW, SMALLEST, axe_findings, scrolls_sideways
from tests.factories import make_member, make_office, make_user
from tests.infra.handing_back import PASSWORD, with_password

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "田淵 実"


def sign_in(page, user) -> None:
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main button:has-text('サインインする')")


def to_the_name(page, office) -> None:
    page.goto(f"/check/result/?number={office.business_number}&fp=unused")
    page.click("main button:has-text('申請に進む')")
    page.wait_for_url("**/name/")
    page.fill("main [name=name]", NAME)


def test_a_session_that_ends_before_the_button_loses_nothing(open_page, on) -> None:
    office = make_office()
    member = with_password(make_member(office, user=make_user(name="山根 涼子")))
    page = open_page("/accounts/login/", width=NARROW)
    sign_in(page, member)
    to_the_name(page, office)
    Session.objects.all().delete()
    page.click("main button:has-text('次へ進む')")
    page.wait_for_url("**/accounts/login/**")
    sign_in(page, member)
    assert page.url.endswith("/name/")
    assert "サインインが切れたので、まだ送っていません" in page.inner_text("h1")
    expect(page.locator("main li", has_text=NAME)).to_be_visible()
    assert FilingDraft.objects.get().answers["name"] == "山根 涼子"
    assert axe_findings(page) == []
    page.set_viewport_size({"width": SMALLEST, "height": 900})
    assert scrolls_sideways(page) == []
    page.reload()
    with page.expect_navigation():
        page.click("main button:has-text('もう一度送る')")
    expect(page.locator("main [name=phone]")).to_be_visible()
    assert FilingDraft.objects.get().answers["name"] == NAME


def test_after_a_lost_connection_a_reload_sends_what_was_typed(browser, live_server, on) -> None:
    """No script of ours stands between: the browser shows its own page, which keeps the form, and sends it when asked
    to load again. (`navigator.onLine` is no ground to hold a form back: it says no on a machine that reaches the portal
    without the internet.)"""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    to_the_name(page, make_office())
    context.set_offline(True)
    page.click("main button:has-text('次へ進む')")
    page.wait_for_url("chrome-error://**")
    assert "name" not in FilingDraft.objects.get().answers
    context.set_offline(False)
    page.reload()
    expect(page.locator("main [name=phone]")).to_be_visible()
    assert FilingDraft.objects.get().answers["name"] == NAME
    context.close()
