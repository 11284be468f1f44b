"""axe finds nothing on any page of any role: in light, in forced colours, at 200 % zoom; nothing scrolls sideways."""

import hashlib
import os
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import django
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window

from drills._addresses import Page, pages
from drills._demo import chromium, portal, visit
from drills._records import Records
from drills._states import send_empty
from tests.browsing import SMALLEST, WIDE, ZOOMED, axe_findings, scrolls_sideways

PART = 40
CHANGING = re.compile(r'value="[A-Za-z0-9]{64}"|[0-9a-f]{8}-[0-9a-f-]{27}')


def run(say: Callable[[str], None]) -> str:
    with portal(say) as url, _browsers() as pool:
        listed = pages(Records(), everybody=True)
        found: list[str] = []
        looked = 0
        parts = [part for role in dict.fromkeys(page.role for page in listed) for part in _parts(listed, role)]
        for part, (lines, number) in zip(parts, pool.map(partial(look, url), parts), strict=True):
            say(f"{part[0].role}: {len(part)} pages, {number} different looks, {len(lines)} findings")
            found, looked = found + lines, looked + number
    for line in sorted(set(found)):
        say(line)
    assert not found, f"{len(found)} findings"
    return f"{len(listed)} pages and their forms sent empty, {looked} different looks, no finding"


def _browsers() -> ProcessPoolExecutor:
    """One on each core; they read the models' names, so Django has to be set up there, too."""
    return ProcessPoolExecutor(len(os.sched_getaffinity(0)), get_context("spawn"), initializer=django.setup)


def _parts(listed: list[Page], role: str) -> list[list[Page]]:
    """The pages of one role in parts, each looked at by a browser of its own."""
    mine = [page for page in listed if page.role == role]
    return [mine[at : at + PART] for at in range(0, len(mine), PART)]


def look(url: str, part: list[Page]) -> tuple[list[str], int]:
    with chromium() as browser:
        return look_at(browser, url, part[0].role, part)


def look_at(browser: Browser, url: str, role: str, mine: list[Page]) -> tuple[list[str], int]:
    """Findings of the pages of one role, and how many were looked at: the same document is looked at once."""
    context = visit(browser, url, role, viewport={"width": WIDE, "height": 900}, reduced_motion="reduce")
    window, found, seen = context.new_page(), [], set()
    for page in mine:
        for sent in (False, True):
            window.set_viewport_size({"width": WIDE, "height": 900})
            window.goto(page.path)
            if sent and not send_empty(window):
                continue
            mark = hashlib.sha256(CHANGING.sub("", window.content()).encode()).hexdigest()
            if mark not in seen:
                seen.add(mark)
                where = f"{page.path} as {role}{' sent empty' if sent else ''}"
                found += [f"{where}: {line}" for line in looks(window)]
    context.close()
    return found, len(seen)


def looks(window: Window) -> list[str]:
    found = axe_findings(window)
    window.emulate_media(forced_colors="active")
    found += [f"in forced colours: {line}" for line in axe_findings(window)]
    window.emulate_media(forced_colors="none")
    # 640 px is what a window of 1280 px shows at 200 %.
    window.set_viewport_size({"width": ZOOMED, "height": 450})
    found += [f"at 200 %: {line}" for line in (*axe_findings(window), *scrolls_sideways(window))]
    window.set_viewport_size({"width": SMALLEST, "height": 640})
    return found + [f"scrolls at {SMALLEST}: {line}" for line in scrolls_sideways(window)]
