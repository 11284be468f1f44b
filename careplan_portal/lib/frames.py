"""Room for the frames of one request.

CPython keeps the frames of Python functions in chunks of 16 KiB and gives a chunk back when its first frame returns. A page
whose busiest loop lies at the end of a chunk takes memory from the system and returns it at every call, thousands of times:
up to half as long again, depending on nothing but how deep the server's own stack is (ADR 31, ``bin/bench frames``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CHUNK = 16 * 1024
"""Bytes of a chunk (``DATA_STACK_CHUNK_SIZE`` of CPython 3.11 to 3.13)."""
SLOTS = 17_000
"""Pointers of the frame below a request. A frame that no chunk holds gets one of the next power of two: here 256 KiB, half
of it free for all that stands above."""

Application = Callable[..., Any]


def roomy(application: Application) -> Application:
    """``application`` called from a frame with a chunk of its own; otherwise as it is. ``__wrapped__`` is the bare one."""

    def call(environ: Any, start_response: Any) -> Any:
        return application(environ, start_response)

    call.__code__ = call.__code__.replace(co_stacksize=SLOTS)
    call.__wrapped__ = application  # type: ignore[attr-defined]
    return call
