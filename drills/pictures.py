"""Pictures of every page and state at 1280 and 390 pixels, of every role, for looking through: var/pictures/index.html.

Pages come from the URL configuration (drills/_addresses.py), so none is forgotten. Passes: the portal without any
data; the demo's pages; every form sent empty; flows walked to their ends; on paper, without scripts; and signing in
with second factors, which nobody of the demo has, from the tests that walk it.
"""

import html
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Window

from drills import _states
from drills._addresses import Page, pages, pages_without_parts
from drills._demo import ROOT, VISITOR, chromium, portal, visit
from drills._records import Records
from drills._tests import run_tests

FOLDER = Path(os.environ.get("PICTURES", ROOT / "var" / "pictures"))
WIDTHS = {1280: 900, 390: 844}
# A page longer than this is cut in its picture: more than this a browser does not photograph.
LONGEST = 16000
ROLES = (VISITOR, "office_staff", "helpdesk", "officer", "operator", "auditor")
ON_PAPER = ("campaigns:start", "campaigns:check-result", "campaigns:receipt", "campaigns:my-office", "faq:entry",
            "adoption:place", "licenses:document", "helpdesk:office")  # fmt: skip


@dataclass
class Album:
    """Takes pictures and keeps what was wrong with a page while it was taken."""

    folder: Path
    taken: list[tuple[str, Page, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def shoot(self, window: Window, page: Page, width: int, part: str) -> None:
        folder = self.folder / part
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{page.file}-{width}.png"
        window.wait_for_load_state("networkidle")  # parts that the page loads by itself
        tall = min(LONGEST, window.evaluate("document.documentElement.scrollHeight"))
        window.screenshot(path=folder / name, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
        self.taken.append((f"{part}/{name}", page, width))
        sideways = window.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if sideways:
            self.wrong.append(f"{page.name} {page.state} as {page.role} scrolls sideways at {width}")

    def write_index(self) -> None:
        rows = "".join(
            f'<li><a href="{html.escape(path)}">{html.escape(page.name)} {html.escape(page.state)}, {page.role}, {width}</a></li>'
            for path, page, width in sorted(self.taken, key=lambda one: one[0])
        )
        head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title>'
        (self.folder / "index.html").write_text(f"{head}<h1>{len(self.taken)} pictures</h1><ul>{rows}</ul></html>")


def run(say: Callable[[str], None]) -> str:
    shutil.rmtree(FOLDER, ignore_errors=True)
    album = Album(FOLDER)
    with chromium() as browser:
        with portal(say, filled=False) as url:
            nothing_yet(album, browser, url)
        with portal(say) as url:
            everything(album, browser, url, Records())
    signing_in(album)
    album.write_index()
    say(f"{len(album.taken)} pictures; look at var/pictures/index.html")
    for line in album.wrong:
        say(line)
    assert not album.wrong, f"{len(album.wrong)} pages are wrong already without looking"
    return (
        f"{len(album.taken)} pictures of {len({page.name for _, page, _ in album.taken})} pages, none scrolls sideways"
    )


def everything(album: Album, browser: Browser, url: str, records: Records) -> None:
    listed = pages(records)
    for role in dict.fromkeys(page.role for page in listed):
        mine = [page for page in listed if page.role == role]
        with windows(browser, url, role) as opened:
            for width, window in opened.items():
                for page in mine:
                    _look(album, window, page, width, "pages")
                for page in mine:
                    _look_empty(album, window, page, width)
    _flows(album, browser, url, records)
    _otherwise(album, browser, url, listed)


def nothing_yet(album: Album, browser: Browser, url: str) -> None:
    """Lists and start pages while nothing has happened: only addresses without parts."""
    for role in ROLES:
        with windows(browser, url, role) as opened:
            for page in pages_without_parts():
                if page.role == role and not page.name.startswith(("account_", "mfa", "pages")):
                    _look(album, opened[1280], page, 1280, "nothing-yet")


def signing_in(album: Album) -> None:
    """Passwords, passkeys, codes and recovery, as tests/accounts/test_sign_in_browser.py goes through them."""
    folder = album.folder / "sign-in"
    folder.mkdir(parents=True, exist_ok=True)
    done = run_tests("tests/accounts/test_sign_in_browser.py", PORTAL_SHOTS=folder)
    if done.returncode:
        album.wrong.append(f"signing in: {done.stdout.splitlines()[-1]}")
    for picture in sorted(folder.glob("*.png")):
        name, width = picture.stem.rsplit("-", 1)
        album.taken.append((f"sign-in/{picture.name}", Page(f"sign-in {name}", "", VISITOR, ""), int(width)))


@contextmanager
def windows(browser: Browser, url: str, role: str) -> Iterator[dict[int, Window]]:
    """A window of each width, of one person."""
    contexts: list[BrowserContext] = []
    opened = {}
    for width, height in WIDTHS.items():
        context = visit(browser, url, role, viewport={"width": width, "height": height}, reduced_motion="reduce")
        contexts.append(context)
        opened[width] = context.new_page()
    yield opened
    for context in contexts:
        context.close()


def _look(album: Album, window: Window, page: Page, width: int, part: str) -> None:
    answer = window.goto(page.path)
    if answer is not None and answer.status >= 500:
        album.wrong.append(f"{page.path} as {page.role} answers {answer.status}")
    album.shoot(window, page, width, part)


def _look_empty(album: Album, window: Window, page: Page, width: int) -> None:
    window.goto(page.path)
    if _states.send_empty(window):
        album.shoot(window, Page(page.name, page.path, page.role, f"{page.state} sent empty"), width, "errors")


def _flows(album: Album, browser: Browser, url: str, records: Records) -> None:
    for name, role, walk in _states.flows(records):
        with windows(browser, url, role) as opened:
            for width, window in opened.items():
                try:
                    walk(window, partial(_shoot_state, album, window, name, role, width))
                except Exception as error:  # one flow that breaks must not hide the others
                    album.wrong.append(f"{name} as {role} at {width}: {str(error).splitlines()[0]}")


def _shoot_state(album: Album, window: Window, name: str, role: str, width: int, state: str) -> None:
    album.shoot(window, Page(name, "", role, state), width, "flows")


def _otherwise(album: Album, browser: Browser, url: str, listed: list[Page]) -> None:
    """The main pages on paper, in forced colours and without scripts."""
    seen: dict[str, Page] = {}
    for page in listed:
        if page.name in ON_PAPER and page.role in (VISITOR, "office_staff", "helpdesk"):
            seen.setdefault(page.name, page)
    for page in seen.values():
        with windows(browser, url, page.role) as opened:
            window = opened[1280]
            window.goto(page.path)
            window.emulate_media(media="print")
            album.shoot(window, page, 1280, "paper")
            window.emulate_media(media="screen", forced_colors="active")
            album.shoot(window, page, 1280, "forced-colours")
        context = visit(browser, url, page.role, viewport={"width": 390, "height": 844})
        cookies = context.cookies()
        context.close()
        bare = browser.new_context(base_url=url, viewport={"width": 390, "height": 844}, java_script_enabled=False)
        bare.add_cookies(cookies)  # type: ignore[arg-type]
        window = bare.new_page()
        window.goto(page.path)
        window.screenshot(path=album.folder / "paper" / f"{page.file}-no-script-390.png", full_page=True)
        bare.close()
