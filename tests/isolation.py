"""Loaded with ``-p`` before Django's settings: gives each xdist worker Redis databases of its own."""

import os

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
_base, _, _ = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0").rpartition("/")
# Two a worker: broker and cache. The private Redis of bin/test has 64.
os.environ["REDIS_URL"] = f"{_base}/{2 * int(_worker.removeprefix('gw'))}"
os.environ["PORTAL_ENV"] = "test"
