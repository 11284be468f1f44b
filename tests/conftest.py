"""What every test stands on: real PostgreSQL, real Redis, no network beyond this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.template import engines
from django.test.client import ClientHandler

from tests import guards
from tests.browsing import browser, open_page  # noqa: F401 - one browser for all folders

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of given material, beside the checkout or where $PORTAL_SHARED says."""
    folder = Path(os.environ.get("PORTAL_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip("no given material at ../shared nor at $PORTAL_SHARED")
    return folder


@pytest.fixture(autouse=True, scope="session")
def _guards() -> Iterator[None]:
    """No network, no writing GET, no unknown variable in our templates (tests/guards.py)."""
    engine = engines["django"].engine
    engine.string_if_invalid = guards.UnknownVariable()
    ClientHandler.get_response = guards.ReadOnlyGets.get_response
    with guards.only_this_machine():
        yield
    ClientHandler.get_response = guards.ReadOnlyGets.real
    engine.string_if_invalid = ""


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Throttles and locks of one test must not meet the next; each worker has a Redis database of its own."""
    yield
    cache.clear()
