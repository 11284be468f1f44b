"""Every address × method × role × own, other, none, read from the URL configuration, for docs/roles.md and tests.

Who may see a page and what of it is one's own stands on the view (``accounts.permissions.audience``). From that
follows every refusal. What is answered to those who may stands in ``role_answers``, where it is not the usual.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Role
from accounts.permissions import PROGRAM, PUBLIC
from careplan_portal.role_answers import ADMIN, ANSWERS, OWN, Answer

VISITOR = "visitor"
COLUMNS = (VISITOR, *Role.values)
MINE, ANOTHERS, NOBODYS = "own", "other", "none"
OPERATOR_ONLY = frozenset({Role.OPERATOR.value})
# allauth states no audience: these of its pages are for people who are not signed in yet, the others ask for it.
ENTRANCE = frozenset(
    {
        "account_login", "account_logout", "account_signup", "account_inactive", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code", "mfa_authenticate",
        "mfa_login_webauthn",
    }
)  # fmt: skip
# The admin's own way in and out; they lead to the portal's.
ADMIN_DOORS = frozenset({"admin:login", "admin:logout"})


@dataclass(frozen=True)
class Entry:
    """One method of one address. ``own``: for which roles only their own things are there."""

    route: str
    name: str
    method: str
    audience: frozenset[str]
    own: Mapping[str, str]
    said: Answer

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the address is about: /users/<int:pk>/ → pk."""
        return tuple(re.findall(r"<(?:\w+:)?(\w+)>", self.route))

    @property
    def for_programs(self) -> bool:
        """Whoever shows a token gets in, and nobody else, whatever their role."""
        return PROGRAM in self.audience

    @property
    def is_api(self) -> bool:
        return self.route.startswith("/api/")

    def answer(self, column: str, whose: str = MINE) -> int:
        """The status that a visitor or a role gets for one's own thing, another's, or one that is not there."""
        if self.for_programs:
            return 401
        if column not in self.audience:
            return (401 if self.is_api else 302) if column == VISITOR else 403
        if whose == NOBODYS:
            return self.said.none
        if whose == ANOTHERS and column in self.own:
            return self.said.other
        return self.said.of(column, self.said.ok)


def entries(resolver: URLResolver | None = None) -> list[Entry]:
    """Every method of every address, in the order of the URL configuration; the admin comes last.

    Raises LookupError for a view that states no audience.
    """
    listed = [
        _entry(route, name, pattern.callback, method)
        for route, name, pattern in _patterns(resolver or get_resolver())
        for method in methods(pattern.callback)
    ]
    return sorted(listed, key=lambda entry: entry.name.startswith("admin:"))


def _patterns(
    resolver: URLResolver, prefix: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield route or "/", ":".join((*spaces, entry.name or "")), entry


def _entry(route: str, name: str, view: Any, method: str) -> Entry:
    audience, own = _stated(view, name)
    said = ANSWERS.get(f"{name} {method}") or _usual(name, method)
    return Entry("/" + _plain(route).lstrip("/"), name, method, audience, own, said)


def _usual(name: str, method: str) -> Answer:
    if name.startswith("admin:"):
        return next((said for end, wanted, said in ADMIN if name.endswith(end) and method in wanted), Answer())
    return Answer(ok=302) if method == "POST" else Answer()


def _plain(route: str) -> str:
    """Regular expressions as people write addresses: ^key/(?P<key>…)/$ → key/<key>/."""
    return re.sub(r"\(\?P(<\w+>)[^)]*\)+", r"\1", route).replace("^", "").replace("$", "").replace("\\", "")


def _stated(view: Any, name: str) -> tuple[frozenset[str], Mapping[str, str]]:
    audience, own = stated(view)
    if audience is None and name.startswith("admin:"):
        audience = PUBLIC if name in ADMIN_DOORS else OPERATOR_ONLY
    if audience is None and view.__module__.startswith("allauth."):
        audience = PUBLIC if name in ENTRANCE else frozenset(Role.values)
    if audience is None:
        raise LookupError(f"{name} states no audience")
    if audience == PROGRAM:
        return frozenset({PROGRAM}), {}
    listed = frozenset(COLUMNS) if audience == PUBLIC else frozenset(str(role) for role in audience)
    return listed, {str(role): what for role, what in (own or OWN.get(name, {})).items()}


def stated(view: Any) -> tuple[Any, dict[str, str]]:
    """The audience that a view states, and which roles see only their own objects."""
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if getattr(holder, "audience", None):
            return holder.audience, dict(getattr(holder, "own", None) or {})  # type: ignore[union-attr]
    return None, {}


def methods(view: Any) -> tuple[str, ...]:
    """The methods that a view answers to: from its class, else from require_http_methods, else GET and POST. Pages
    know no others (careplan_portal/pages/middleware.py)."""
    actions = getattr(view, "actions", None)
    if actions:
        return tuple(sorted(verb.upper() for verb in actions))
    for cls, verbs in (
        (getattr(view, "view_class", None), ("get", "post")),
        (getattr(view, "cls", None), ("get", "post", "put", "patch", "delete")),
    ):
        if cls is not None:
            return tuple(verb.upper() for verb in verbs if hasattr(cls, verb))
    allowed = _allowed(view)
    return tuple(verb for verb in allowed if verb != "HEAD") if allowed else ("GET", "POST")


def _allowed(view: Any) -> list[str] | None:
    while view is not None:
        values = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in values:
            return list(values["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return None


def cell(entry: Entry, column: str) -> str:
    """One's own and another's, where they differ; a refusal in brackets."""
    answers = [entry.answer(column, whose) for whose in (MINE, ANOTHERS)]
    if column not in entry.audience:
        return f"({answers[0]})"
    return f"{answers[0]}" if column not in entry.own else f"{entry.own[column]} {answers[0]}, other {answers[1]}"


INTRODUCTION = """# Who may open what

Made by `bin/manage role_table --write` from the URL configuration. `tests/accounts/role_proof.py` asks every
address with every method as every role, for one's own thing, for another's and for one that is not there, and
compares the answer with this table (`bin/drill roles`); people to whom nothing belongs get another's answer.

- A number is the status of the answer to an empty request: 200 a page, 302 on to the next page, 400 and 422 the form
  with what is missing, 404 not there. **In brackets**: refused. A visitor is led to the sign-in (302; programs get
  401), another role gets 403.
- **own … , other …**: what belongs to the person (office, area, draft, passkey), and what belongs to somebody else:
  404, as if it were not there. **none**: what nobody has, for those who may ask.
- **(401)** in every column: for programs that show `METRICS_TOKEN` or call from `METRICS_ALLOW`.
- Every method that has no line is answered 405.
- helpdesk, officer, operator and auditor are led to their second factor first (302; not in the demo), except where
  a visitor may go and on the pages with which it is set up. The same test holds that.
- Every look of staff at an office is recorded (`accounts.services.access_record`).
"""


def markdown() -> str:
    """The table as docs/roles.md holds it."""
    heads = [VISITOR, *(role.value.replace("_", " ") for role in Role), "none"]
    lines = [INTRODUCTION, "| address | method | " + " | ".join(heads) + " |", "|---|---|" + "---|" * len(heads)]
    for entry in entries():
        cells = [cell(entry, column) for column in COLUMNS]
        cells.append(str(entry.said.none) if entry.parameters else " ")
        lines.append(f"| `{entry.route}` | {entry.method} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
