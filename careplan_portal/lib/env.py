"""Settings from the environment: a value that does not parse stops the start and is named.

Built on django-environ's casts; what it lets through silently (an unknown scheme, an empty string, a word
that is no boolean) is refused here.
"""

import datetime
import os
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def _refuse(name: str, wanted: str) -> ImproperlyConfigured:
    # The value is left out on purpose: it may be a secret, and logs are read by many.
    return ImproperlyConfigured(f"環境変数 {name} が正しくありません / environment variable {name}: {wanted}")


class Environment:
    """Reads one mapping (``os.environ`` unless given another); every method raises ImproperlyConfigured."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._source = os.environ if source is None else source

    def _read(self, name: str, default: T | None, parse: Callable[[str], T], wanted: str) -> T:
        raw = self._source.get(name, "").strip()
        if not raw:
            if default is None:
                raise _refuse(name, f"is required: {wanted}")
            return default
        try:
            return parse(raw)
        except (ValueError, KeyError, TypeError, ImproperlyConfigured) as error:
            raise _refuse(name, wanted) from error

    def text(self, name: str, default: str | None = None) -> str:
        """A string; an empty one counts as not set."""
        return self._read(name, default, str, "a text")

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the allowed words."""
        return self._read(name, default, lambda raw: allowed[allowed.index(raw)], f"one of {', '.join(allowed)}")

    def boolean(self, name: str, default: bool | None = None) -> bool:
        """1/true/yes/on or 0/false/no/off; anything else is refused, not taken for false."""
        return self._read(name, default, lambda raw: _BOOLEANS[raw.lower()], "true or false")

    def integer(self, name: str, default: int | None = None, *, at_least: int = 0) -> int:
        """A whole number, ``at_least`` or more."""

        def parse(raw: str) -> int:
            value = int(raw)
            if value < at_least:
                raise ValueError(raw)
            return value

        return self._read(name, default, parse, f"a whole number, {at_least} or more")

    def words(self, name: str, default: list[str] | None = None) -> list[str]:
        """Comma-separated words."""
        return self._read(name, default, lambda raw: [w.strip() for w in raw.split(",") if w.strip()], "a,b,c")

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """Comma-separated addresses or networks such as 10.0.0.0/8; an empty list when not set."""

        def parse(raw: str) -> list[IPv4Network | IPv6Network]:
            return [ip_network(word.strip()) for word in raw.split(",") if word.strip()]

        return self._read(name, [], parse, "addresses or networks such as 10.0.0.0/8,192.0.2.7")

    def day(self, name: str) -> datetime.date | None:
        """An ISO date, or None when not set."""
        if not self._source.get(name, "").strip():
            return None
        return self._read(name, None, datetime.date.fromisoformat, "a date such as 2026-04-01")

    def url(self, name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
        """A URL with one of the schemes and a host."""

        def parse(raw: str) -> str:
            parts = urlsplit(raw)
            if parts.scheme not in schemes or not (parts.hostname or parts.scheme == "unix"):
                raise ValueError(raw)
            _ = parts.port  # raises ValueError on a port that is no number
            return raw

        return self._read(name, default, parse, f"a URL: {' or '.join(s + '://…' for s in schemes)}")

    def database(self, name: str, default: str | None = None) -> dict[str, Any]:
        """Django's database settings from a postgres:// URL; no other database is supported (ADR 1)."""
        schemes = ("postgres", "postgresql")
        config: dict[str, Any] = dict(environ.Env.db_url_config(self.url(name, schemes, default)))
        if not config.get("NAME"):
            raise _refuse(name, "names no database")
        return config

    def email(self, name: str, default: str) -> dict[str, Any]:
        """Django's EMAIL_* settings from a URL such as smtp+tls://user:password@host:587."""
        schemes = ("smtp", "smtp+tls", "smtp+ssl", "smtps", "consolemail", "memorymail", "filemail")

        def parse(raw: str) -> dict[str, Any]:
            if urlsplit(raw).scheme not in schemes:
                raise ValueError(raw)
            return dict(environ.Env.email_url_config(raw))

        return self._read(name, None, parse, "a mail URL") if self._source.get(name) else parse(default)
