"""Settings as processes see them: each case starts a Python of its own."""

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "a-key-that-is-long-enough-for-production-and-a-bit-more",
    "DATABASE_URL": "postgres://portal@db/portal",
    "REDIS_URL": "redis://redis:6379/0",
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_BASE_URL": "https://portal.example",
    "EMAIL_URL": "smtp://mail.example:25",
    "DEFAULT_FROM_EMAIL": "portal@portal.example",
}


def load(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import careplan_portal.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_loads_with_everything_given() -> None:
    done = load(**PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "PORTAL_ENV"])
def test_production_needs_every_one(name: str) -> None:
    done = load(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_TODAY", "2026-04-01"),
        ("DEBUG", "true"),
        ("SECRET_KEY", "short"),
        ("PORTAL_ENV", "prod"),
        ("TRUSTED_PROXIES", "some"),
        ("IDENTITY_CODE_DIGITS", "5"),
        ("ALLOWED_HOSTS", "*"),
        ("TWO_FACTOR_REQUIRED", "false"),
    ],
)
def test_production_refuses(name: str, value: str) -> None:
    done = load(**(PRODUCTION | {name: value}))
    assert done.returncode != 0
    assert name in done.stderr


def test_development_needs_nothing() -> None:
    done = load()
    assert done.returncode == 0, done.stderr


def test_every_variable_that_is_read_is_documented() -> None:
    read = set()
    for path in (ROOT / "careplan_portal" / "settings").glob("*.py"):
        read |= set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', path.read_text()))
    documented = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    assert len(read) > 20
    assert sorted(read - documented) == []
