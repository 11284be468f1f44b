"""What somebody sent and the portal could not take, handed back with one button to send it again (docs/adr/0029).

Three things lead here: the database is away, the form's token is stale, the sign-in has ended. Nothing is done before
the button is pressed. Never handed back: what is typed on pages of secrets, fields that name one, and files.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme

SECRET_PAGES = ("/accounts/", "/code/")
SECRET_FIELD = re.compile(r"passw|passphrase|secret|credential|^otp|^(code|pin|token)$", re.IGNORECASE)
CSRF_FIELD = "csrfmiddlewaretoken"
# Where the session keeps what waits for a sign-in, by address; how much of it, for how many addresses and seconds.
WAITING = "handback"
MOST_CHARACTERS, MOST_ADDRESSES, SECONDS = 100_000, 5, 60 * 60
# The field of the button that lets go of it.
DROP = "handback-drop"
# What a person would know again: words in Japanese, an address, a telephone or another long number.
_KNOWN_AGAIN = re.compile(r"[^\x00-\x7f]|@|^[\d ()+-]{6,}$")


@dataclass(frozen=True)
class Typed:
    """The fields of a form as they were sent, without token and secrets, and whether something is missing."""

    fields: list[tuple[str, str]]
    lacks: bool

    @property
    def size(self) -> int:
        """Characters of all names and values."""
        return sum(len(name) + len(value) for name, value in self.fields)

    @property
    def seen(self) -> list[str]:
        """The values that a person would know again, each once."""
        return list(dict.fromkeys(value for _, value in self.fields if _KNOWN_AGAIN.search(value)))


def typed_in(request: HttpRequest) -> Typed | None:
    """What may be handed back of this request; None for anything but a form of a page without secrets. Parts of a
    page (htmx) get nothing either: the page that they belong to is still there."""
    if request.method != "POST" or request.path.startswith(SECRET_PAGES) or "HX-Request" in request.headers:
        return None
    sent = [
        (name, value) for name, values in request.POST.lists() for value in values if name not in (CSRF_FIELD, DROP)
    ]
    fields = [(name, value) for name, value in sent if not SECRET_FIELD.search(name)]
    return Typed(fields, lacks=len(fields) < len(sent) or bool(request.FILES))


def comes_from_here(request: HttpRequest) -> bool | None:
    """Whether the browser says that a page of this very site sent the request; None when it says nothing. No script
    can write these headers, and of two that disagree the one that says no is believed."""
    said = []
    if "Origin" in request.headers:
        said.append(request.headers["Origin"] == f"{request.scheme}://{request.get_host()}")
    if "Sec-Fetch-Site" in request.headers:
        said.append(request.headers["Sec-Fetch-Site"] == "same-origin")
    return all(said) if said else None


# --- the page ------------------------------------------------------------------------------------


def away(request: HttpRequest) -> str | None:
    """The page for a database that is away, or None. It carries the token that came, never a fresh one: the request
    may not have been checked yet. What another site sent is not shown at all."""
    typed = typed_in(request) if comes_from_here(request) is not False else None
    return None if typed is None else _html(request, typed, "away", token=request.POST.get(CSRF_FIELD, ""))


def stale(request: HttpRequest) -> HttpResponse | None:
    """The page for a token that is stale, with a fresh one: only where the browser says that a page of ours sent it."""
    typed = typed_in(request) if comes_from_here(request) else None
    if typed is None:
        return None
    user = getattr(request, "user", None)
    who = user.name if user is not None and user.is_authenticated else ""
    return _answer(request, typed, "stale", status=403, who=who)


def unsigned(request: HttpRequest, login_url: str) -> HttpResponse | None:
    """The page for somebody not signed in of whom nothing says who they were: it holds what was typed itself, and the
    sign-in opens beside it. None unless the browser says that a page of ours sent it."""
    typed = typed_in(request) if comes_from_here(request) else None
    if typed is None:
        return None
    response = _answer(request, typed, "unsigned", status=403, login_url=login_url)
    # As on every page of somebody signed in (HeadersMiddleware): this one is theirs, too.
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(request: HttpRequest, typed: Typed, why: str, *, status: int = 200, **more: str) -> HttpResponse:
    return HttpResponse(_html(request, typed, why, token=get_token(request), **more), status=status)


def _html(request: HttpRequest, typed: Typed, why: str, *, token: str, **more: str) -> str:
    # Without the request: the database is perhaps away, and no part of the page may need it.
    context = {"action": request.get_full_path(), "typed": typed, "why": why, "token": token, "drop": DROP}
    # Who files twice files once (form keys); of other forms that cannot be said in one sentence.
    once = request.path.startswith(("/apply/", "/my/apply/"))
    return get_template("resend.html").render({"who": "", "login_url": "", "once": once} | context | more)


# --- what waits for a sign-in --------------------------------------------------------------------


def keep(request: HttpRequest, whose: int) -> bool:
    """Keep in the session what was sent, for this user at this address; False where it cannot be: not a form, not
    checked against other sites (the middleware notes that), too much."""
    typed = typed_in(request) if getattr(request, "csrf_processing_done", False) else None
    if typed is None or typed.size > MOST_CHARACTERS:
        return False
    waiting = dict(request.session.get(WAITING, {}))
    waiting.pop(request.get_full_path(), None)
    waiting[request.get_full_path()] = {
        "whose": whose,
        "at": time.time(),
        "fields": typed.fields,
        "lacks": typed.lacks,
        "back": _form_page(request),
    }
    request.session[WAITING] = dict(list(waiting.items())[-MOST_ADDRESSES:])
    return True


def _form_page(request: HttpRequest) -> str:
    """The page of ours with the form; where the browser does not say it, the address to which it was sent."""
    came = urlsplit(request.headers.get("Referer", ""))
    path = f"{came.path}?{came.query}" if came.query else came.path
    is_ours = came.netloc == request.get_host() and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else request.get_full_path()


def waits_for(session: Any) -> int | None:
    """For whom something waits in this session, so that a second window's form goes to the same person: nobody else
    has signed in since, or it would be gone (`keep_only`)."""
    return next((int(kept["whose"]) for kept in reversed(session.get(WAITING, {}).values())), None)


def waiting(request: HttpRequest, user_id: int | None) -> HttpResponse | None:
    """Stands before a view that needs a sign-in: shows what waits at this address for this user, until it is sent or
    let go of. Any POST to the address settles it; the button that lets go of it never reaches the view."""
    session: Any = getattr(request, "session", {})
    address = request.get_full_path()
    kept = session.get(WAITING, {}).get(address)
    if request.method == "POST":
        if kept is not None:
            session[WAITING] = {one: other for one, other in session[WAITING].items() if one != address}
        return redirect(kept["back"] if kept else address) if DROP in request.POST else None
    if kept is None or request.method != "GET" or not _is_for(kept, user_id):
        return None
    return _answer(request, Typed([(name, value) for name, value in kept["fields"]], kept["lacks"]), "ended")


def _is_for(kept: dict[str, Any], user_id: int | None) -> bool:
    return bool(kept["whose"] == user_id and 0 <= time.time() - kept["at"] < SECONDS)


def keep_only(session: Any, user_id: int) -> None:
    """Somebody signed in: what waits for anybody else, or waited too long, is gone."""
    if WAITING in session:
        session[WAITING] = {one: kept for one, kept in session[WAITING].items() if _is_for(kept, user_id)}
