"""Every address × method × role, read from the URL configuration: docs/roles.md and the tests use it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Role
from accounts.permissions import PROGRAM, PUBLIC

VISITOR = "visitor"
COLUMNS = (VISITOR, *Role.values)
# allauth states no audience: these of its pages are for people who are not signed in yet, the others ask for it.
ENTRANCE = frozenset(
    {
        "account_login", "account_logout", "account_signup", "account_inactive", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code", "mfa_authenticate",
        "mfa_login_webauthn",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One address: ``cells`` maps a role (or "visitor") to "yes", "own …" or ""."""

    route: str
    name: str
    methods: tuple[str, ...]
    cells: dict[str, str]


def entries(resolver: URLResolver | None = None) -> list[Entry]:
    """All addresses in the order of the URL configuration, Django's admin as one line.

    Raises LookupError for a view that states no audience.
    """
    listed = [_entry(route, name, pattern) for route, name, pattern in _patterns(resolver or get_resolver()) if route]
    return [_admin(), *listed]


def _patterns(
    resolver: URLResolver, prefix: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            if entry.namespace != "admin":
                yield from _patterns(entry, route, inner)
        else:
            yield route or "/", ":".join((*spaces, entry.name or "")), entry


def _admin() -> Entry:
    return Entry(
        "/admin/…", "admin", ("GET", "POST"), {role: "yes" if role == Role.OPERATOR else "" for role in COLUMNS}
    )


def _entry(route: str, name: str, pattern: URLPattern) -> Entry:
    view = pattern.callback
    return Entry("/" + _plain(route).lstrip("/"), name, methods(view), _cells(view, name))


def _plain(route: str) -> str:
    """Regular expressions as people write addresses: ^key/(?P<key>…)/$ → key/<key>/."""
    return re.sub(r"\(\?P(<\w+>)[^)]*\)+", r"\1", route).replace("^", "").replace("$", "").replace("\\", "")


def _cells(view: Any, name: str) -> dict[str, str]:
    audience, own = stated(view)
    if audience is None and view.__module__.startswith("allauth."):
        audience = PUBLIC if name in ENTRANCE else frozenset(Role)
    if audience is None:
        raise LookupError(f"{name} states no audience")
    if audience == PUBLIC:
        return dict.fromkeys(COLUMNS, "yes")
    if audience == PROGRAM:
        return dict.fromkeys(COLUMNS, "token")
    return {role: (f"own {own[role]}" if role in own else "yes") if role in audience else "" for role in COLUMNS}


def stated(view: Any) -> tuple[Any, dict[str, str]]:
    """The audience that a view states, and which roles see only their own objects."""
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if getattr(holder, "audience", None):
            return holder.audience, dict(getattr(holder, "own", None) or {})  # type: ignore[union-attr]
    return None, {}


def methods(view: Any) -> tuple[str, ...]:
    """The methods that a view answers to: from its class, else from require_http_methods, else GET and POST."""
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    actions = getattr(view, "actions", None)
    if actions:
        return tuple(sorted(verb.upper() for verb in actions))
    if cls is not None:
        found = [verb.upper() for verb in ("get", "post", "put", "patch", "delete") if hasattr(cls, verb)]
        return tuple(found)
    allowed = _allowed(view)
    return tuple(verb for verb in allowed if verb != "HEAD") if allowed else ("GET", "POST")


def _allowed(view: Any) -> list[str] | None:
    while view is not None:
        values = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in values:
            return list(values["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return None


def markdown() -> str:
    """The table as docs/roles.md holds it."""
    heads = {VISITOR: "visitor", **{role.value: role.value.replace("_", " ") for role in Role}}
    lines = [
        "# Who may open what",
        "",
        "Made by `bin/manage role_table --write` from the URL configuration; a test holds that it is up to date.",
        "",
        "- **yes**: the page opens. **own …**: only for the person's own objects (office, area); others answer 404,",
        "  as if they were not there. Empty: a visitor is led to the sign-in, another role gets 403 (programs 401, 403).",
        "- **token**: for programs that show `METRICS_TOKEN` or call from `METRICS_ALLOW`; every person gets 401.",
        "- helpdesk, officer, operator and auditor need a second factor first (not in the demo).",
        "- Every look of staff at an office is recorded (`accounts.services.access_record`).",
        "",
        "| address | name | methods | " + " | ".join(heads[column] for column in COLUMNS) + " |",
        "|---|---|---|" + "---|" * len(COLUMNS),
    ]
    for entry in entries():
        cells = " | ".join(entry.cells[column] or " " for column in COLUMNS)
        lines.append(f"| `{entry.route}` | {entry.name} | {' '.join(entry.methods)} | {cells} |")
    return "\n".join(lines) + "\n"
