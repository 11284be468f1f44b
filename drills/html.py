"""The Nu HTML checker finds nothing on any page of any role, in any state that an address has, nor in the drawings.

Also: no page weighs more than 200 kB on first load, everything that it asks for counted.
"""

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser
from playwright.sync_api import Page as Window

from drills._addresses import Page, pages
from drills._demo import chromium, portal, visit
from drills._records import Records
from drills._tools import need, npm_package

HEAVIEST = 200_000
# What differs at every request and between people, so that one page is checked once.
CHANGING = re.compile(r'value="[A-Za-z0-9]{64}"|nonce="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}')


def run(say: Callable[[str], None]) -> str:
    with portal(say) as url, chromium() as browser:
        listed = pages(Records(), everybody=True)
        folder = Path(os.environ["PORTAL_HOME"]) / "html"
        kept, weights = collect(browser, url, listed, folder)
    findings = checked(folder, kept)
    for line in findings:
        say(line)
    heavy = {page.name: weight for page, weight in weights.items() if weight > HEAVIEST}
    heaviest = max(weights, key=lambda page: weights[page])
    say(
        f"{len(listed)} pages, {len(kept)} of them different; the heaviest is {heaviest.name} with {weights[heaviest] / 1000:.0f} kB"
    )
    assert not findings, f"the checker finds something on {len(findings)} places"
    assert not heavy, f"more than 200 kB: {heavy}"
    return f"{len(kept)} documents without a finding, none over {weights[heaviest] / 1000:.0f} kB"


def collect(browser: Browser, url: str, listed: list[Page], folder: Path) -> tuple[dict[str, Page], dict[Page, int]]:
    """Write every different document into the folder, and weigh the first load of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Page] = {}
    weights: dict[Page, int] = {}
    for role in dict.fromkeys(page.role for page in listed):
        session = visit(browser, url, role)
        state = session.storage_state()
        session.close()
        for page in (one for one in listed if one.role == role):
            context = browser.new_context(base_url=url, storage_state=state, locale="ja-JP")
            weights[page], body = first_load(context.new_page(), page)
            context.close()
            name = hashlib.sha256(CHANGING.sub("", body).encode()).hexdigest()[:16]
            if name not in kept:
                kept[name] = page
                (folder / f"{name}.html").write_text(body)
    return kept, weights


def first_load(window: Window, page: Page) -> tuple[int, str]:
    sizes: list[int] = []
    window.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    answer = window.goto(page.path, wait_until="networkidle")
    assert answer is not None
    assert answer.status < 500, f"{page.path} as {page.role} answers {answer.status}"
    return sum(sizes), answer.text()


def checked(folder: Path, kept: dict[str, Page]) -> list[str]:
    need("java")
    jar = npm_package("vnu-jar") / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found: dict[str, list[Page]] = {}
    for message in said["messages"]:
        page = kept[Path(message["url"]).stem]
        text = f"{message['type']}: {message['message']} ‖ {message.get('extract', '').strip()[:120]!r}"
        found.setdefault(text, []).append(page)
    return [f"{text} on {len(on)} pages: {on[0].name} {on[0].state} as {on[0].role}" for text, on in found.items()]
