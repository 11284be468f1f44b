"""The copies mailbox: which of our mails the server has taken for certain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path

from django.conf import settings

from notices.rules.returned import key_of

# A mailbox on another machine has another clock.
CLOCKS_DIFFER = timedelta(minutes=10)


def copies_found(keys: set[str], since: datetime) -> set[str]:
    """Of these mails those that lie in the mailbox of MAIL_COPIES; nothing is changed in it."""
    found: set[str] = set()
    for raw in _headers(since - CLOCKS_DIFFER):
        key = key_of(str(BytesHeaderParser().parsebytes(raw).get("Message-ID", "")))
        if key in keys:
            found.add(key)
    return found


def _headers(since: datetime) -> Iterator[bytes]:
    if not settings.MAIL_COPIES:
        return
    for path in (Path(settings.MAIL_COPIES) / name for name in ("new", "cur")):
        for file in path.iterdir():
            if file.stat().st_mtime >= since.timestamp():
                with file.open("rb") as lines:
                    yield _head(lines.read(16_384))


def _head(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
