"""The portal as bin/demo serves it, for drills that look at it: web and worker, on demo data or on an empty database."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
CHROMIUM = "/usr/bin/chromium"
VISITOR = "visitor"
FILLED = (("bin/lib/prepare_demo.py",),)
EMPTY = (("manage.py", "load_faq"), ("manage.py", "collectstatic", "--no-input", "-v0"))
# The demo's database as load_demo left it.
AS_MADE = "demo_as_made"
# The business day of a portal that nothing was filled into; the demo has a clock of its own.
EMPTY_DAY = "2026-04-03"


def _environment(url: str, *, filled: bool) -> dict[str, str]:
    home = os.environ["PORTAL_HOME"]
    more = {
        "PORTAL_ENV": "demo",
        "PORTAL_BASE_URL": url,
        "EMAIL_URL": f"filemail://{home}/mail",
        "LOG_LEVEL": "WARNING",
    }
    return os.environ | more | ({} if filled else {"PORTAL_TODAY": EMPTY_DAY})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def portal(say: Callable[[str], None], *, filled: bool = True) -> Iterator[str]:
    """Prepare it, serve it, yield its address; ends all of it. ``filled``: with the demo's data, else with none."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = _environment(url, filled=filled)
    began = time.monotonic()
    made_before = filled and _copy(of=AS_MADE, to=_database())
    for command in FILLED if filled else EMPTY:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    if filled and not made_before:
        _copy(of=_database(), to=AS_MADE)
    say(f"{'demo data' if filled else 'an empty portal'} after {time.monotonic() - began:.0f} s")
    web = [str(PROGRAMS / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
           "--blocking-threads", "4", "careplan_portal.wsgi:application"]  # fmt: skip
    worker = [
        str(PROGRAMS / "celery"),
        "--app",
        "careplan_portal",
        "worker",
        "--concurrency",
        "1",
        "--loglevel",
        "warning",
    ]
    children = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr) for command in (web, worker)]
    try:
        _until_it_answers(url, children)
        yield url
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(30)


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _copy(*, of: str, to: str) -> bool:
    """Make one database a copy of another, so that the demo's year is made once for all drills of a run.

    False when there is none to copy.
    """
    connection.close()
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    parameters.pop("cursor_factory", None)
    with closing(psycopg2.connect(**parameters)) as server:
        server.autocommit = True
        cursor = server.cursor()
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [of])
        if cursor.fetchone() is None:
            return False
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (%s, %s)", [of, to])
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(to)))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(to), sql.Identifier(of)))
    return True


def _until_it_answers(url: str, children: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(300):
        assert all(child.poll() is None for child in children), "the portal ended by itself"
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=3) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the portal does not answer")


@contextmanager
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django must not take that for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def visit(browser: Browser, url: str, role: str, **options: Any) -> BrowserContext:
    """A window of somebody of this role, signed in with the demo's button; a visitor is not."""
    context = browser.new_context(base_url=url, locale="ja-JP", timezone_id="Asia/Tokyo", **options)
    if role != VISITOR:
        page = context.new_page()
        page.goto("/accounts/login/")
        with page.expect_navigation():
            page.click(f"button[name=role][value={role}]")
        assert page.url.rstrip("/") != f"{url}/accounts/login", f"nobody is signed in as {role}"
        page.close()
    return context
