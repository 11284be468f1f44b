"""Lighthouse says 100 for accessibility and for best practices on the main pages."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from drills._demo import CHROMIUM, chromium, portal, visit
from drills._records import Records
from drills._tools import npm_package

CATEGORIES = ("accessibility", "best-practices")


def run(say: Callable[[str], None]) -> str:
    with portal(say) as url:
        records = Records()
        main = {
            "start": ("/", "visitor"),
            "check result": (f"/check/result/?number={records.office_without_licence}&fp=unused", "visitor"),
            "filing, check answers": (f"/apply/{records.draft_whole}/check/", "visitor"),
            "my office": (f"/my/{records.story}/", "office_staff"),
            "FAQ": ("/faq/?q=途中でやめたら", "visitor"),
            "figures": ("/adoption/312029/", "visitor"),
            "helpdesk, office": (f"/helpdesk/offices/{records.story}/", "helpdesk"),
        }
        worst = 100.0
        for name, (path, role) in main.items():
            scores, wrong = asked(url, path, cookie(url, role))
            say(f"{name}: {', '.join(f'{key} {score:.0f}' for key, score in scores.items())}")
            for line in wrong:
                say(f"  {line}")
            worst = min(worst, *scores.values())
    assert worst == 100, f"the lowest score is {worst:.0f}"
    return f"100 for accessibility and best practices on {len(main)} pages"


def cookie(url: str, role: str) -> str:
    """The header with which a page opens for somebody of this role."""
    with chromium() as browser:
        context = visit(browser, url, role)
        header = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
        context.close()
    return header


def asked(url: str, path: str, header: str) -> tuple[dict[str, float], list[str]]:
    """Scores of 0 to 100, and the audits that cost points."""
    report = Path(os.environ["PORTAL_HOME"]) / "lighthouse.json"
    command = [
        "node", str(npm_package("lighthouse") / "cli" / "index.js"), url + path, "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        f"--extra-headers={json.dumps({'Cookie': header} if header else {})}",
    ]  # fmt: skip
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": CHROMIUM}, stdout=subprocess.DEVNULL)
    said = json.loads(report.read_text())
    assert said["finalDisplayedUrl"].startswith(url), said["finalDisplayedUrl"]
    wrong = [
        f"{audit['id']}: {audit['title']} {json.dumps(audit.get('details', {}).get('items', []), ensure_ascii=False)[:300]}"
        for audit in said["audits"].values()
        if audit["score"] is not None and audit["score"] < 1 and audit["scoreDisplayMode"] in ("binary", "numeric")
    ]
    return {key: said["categories"][key]["score"] * 100 for key in CATEGORIES}, wrong
