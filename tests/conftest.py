"""What every test stands on: real PostgreSQL, real Redis, no network beyond this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of given material, beside the checkout or where $PORTAL_SHARED says."""
    folder = Path(os.environ.get("PORTAL_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no given material at ../{folder.name} nor at $PORTAL_SHARED")
    return folder


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Throttles and locks of one test must not meet the next; each worker has a Redis database of its own."""
    yield
    cache.clear()
