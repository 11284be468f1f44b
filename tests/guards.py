"""Whole classes of mistakes as test failures. Installed by conftest for every test."""

import ipaddress
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponseBase
from django.template import Template
from django.test.client import ClientHandler

ROOT = Path(__file__).resolve().parent.parent

# --- no network beyond this machine -----------------------------------------------------------------------


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Any attempt to connect elsewhere fails loudly, whatever library makes it."""
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}

    def guarded(name: str) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if not _is_here(address):
                raise AssertionError(f"a test wants to connect to {address!r}")
            return real[name](self, address)

        return connect

    for name in real:
        setattr(socket.socket, name, guarded(name))
    try:
        yield
    finally:
        for name, method in real.items():
            setattr(socket.socket, name, method)


# --- GET writes nothing -----------------------------------------------------------------------------------

_WRITES = re.compile(r'^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|COPY)\s+"?(\w+)', re.IGNORECASE)
# What the frameworks keep about a visit, and the record of staff looks, which is the point of that look.
_MAY_BE_WRITTEN = ("django_session", "axes_", "usersessions_", "accounts_accessrecord")


class ReadOnlyGets:
    """Replaces the test client's ``get_response``: a GET or HEAD that wrote something fails the test.

    It is told afterwards, not from inside the query, so that no error page of our own can hide it.
    """

    real = ClientHandler.get_response

    @staticmethod
    def get_response(self: ClientHandler, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return ReadOnlyGets.real(self, request)
        written: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            write = _WRITES.match(sql)
            if write and not write.group(1).lower().startswith(_MAY_BE_WRITTEN):
                written.append(sql[:200])
            return execute(sql, params, many, context)

        with connections["default"].execute_wrapper(note):
            response = ReadOnlyGets.real(self, request)
        if written:
            raise AssertionError(f"a GET request writes: {written}")
        return response


# --- unknown variables in templates -----------------------------------------------------------------------


class UnknownVariable:
    """As ``string_if_invalid``: an unknown variable printed by one of our own templates fails the test."""

    def __contains__(self, key: str) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        template = _template_being_rendered()
        if template is not None and Path(template).is_relative_to(ROOT) and ".venv" not in template:
            raise AssertionError(f"unknown variable {{{{ {variable} }}}} in {Path(template).relative_to(ROOT)}")
        return ""

    def __str__(self) -> str:
        return ""


def _template_being_rendered() -> str | None:
    frame = sys._getframe(1)
    while frame is not None:
        context = frame.f_locals.get("context")
        node = frame.f_locals.get("self")
        origin = getattr(node, "origin", None)
        if origin is not None and not isinstance(node, Template) and context is not None:
            return str(origin.name)
        frame = frame.f_back  # type: ignore[assignment]
    return None
