"""A real browser for tests: Debian's Chromium through Playwright, axe, and what every page must stand.

The fixtures are everywhere (tests/conftest.py): Playwright stands one browser a process, not one a folder.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import SESSION_KEY
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# the widths at which pages are looked at; 640 is 1280 at 200 %
WIDE, NARROW, ZOOMED, SMALLEST = 1280, 390, 640, 320


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium")
    # Playwright's loop runs in this thread; Django must not take that for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser, live_server: Any, settings: Any) -> Iterator[Callable[..., Page]]:
    """``open_page("/path/", width=390, user=user, scripts=False, forced_colors="active")`` → the loaded page.

    What the browser complains about (the security policy, a script's error, a missing file) fails the test.
    """
    contexts, complaints = [], []

    def opened(path: str, *, width: int = WIDE, user: Any = None, scripts: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=live_server.url,
            locale="ja-JP", timezone_id="Asia/Tokyo", **options,
        )  # fmt: skip
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session(user, live_server.url, settings)])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _session(user: Any, url: str, settings: Any) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.session[SESSION_KEY]
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


def axe_findings(page: Page) -> list[str]:
    """What axe finds, a line each: rule, impact, where."""
    return [
        f"{finding['id']} ({finding['impact']}): {finding['nodes'][0]['html'][:160]}"
        for finding in Axe().run(page).response["violations"]
    ]


def scrolls_sideways(page: Page) -> list[str]:
    """What is wider than the window: the widest elements, or nothing."""
    wide: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
        .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""
    )
    return wide


def focus_stops(page: Page, most: int = 200) -> list[dict[str, Any]]:
    """Every stop of the Tab key from the top: what it is, and whether its focus can be seen."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const e = document.activeElement; if (!e || e === document.body) return null;
            const s = getComputedStyle(e), b = e.getBoundingClientRect();
            return { html: e.outerHTML.slice(0, 120), ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
                     seen: b.width > 0 && b.height > 0 } }"""
        )
        if stop is None:
            break
        stops.append(stop)
    return stops
