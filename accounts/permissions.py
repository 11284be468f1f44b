"""Who may see a page: every view says so, with ``@audience(Role…)``, ``@audience.public`` or ``@audience.program``.

Which objects of a page a person may see is decided by querysets (``…_visible_to(user)``): whoever asks for
somebody else's gets 404. A view states that too, with ``own={Role.OFFICE_STAFF: "office"}``, so that the table
of roles (docs/roles.md) can show it and tests can hold it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from accounts.enums import TWO_FACTOR_ROLES, Role
from accounts.models import User
from accounts.queries import user_id_of_session
from careplan_portal.lib import handback
from careplan_portal.lib.http import client_ip, problem, wants_problem

Target = TypeVar("Target", bound=Callable[..., Any])

PUBLIC = "public"
PROGRAM = "program"
# Set in the session when a second factor was shown or set up in it (accounts.adapters).
SECOND_FACTOR = "second_factor"


def may_see(user: Any, roles: Iterable[Role]) -> bool:
    """Whether the person has one of the roles. Being a superuser opens nothing here: a role does."""
    return bool(user.is_authenticated and user.is_active and user.role in set(roles))


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this sign-in still owes a second factor: staff roles, where it is asked for (not in the demo)."""
    if not settings.TWO_FACTOR_REQUIRED or getattr(request.user, "role", None) not in TWO_FACTOR_ROLES:
        return False
    return not request.session.get(SECOND_FACTOR)


def signed_in_user(request: HttpRequest) -> User:
    """The person who asks, in a view whose audience is signed in. Raises PermissionDenied for anybody else."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class _Audience:
    """``@audience(Role.HELPDESK)`` on a function view, on what ``as_view()`` returned, or on a view class
    (Django's or DRF's). An anonymous person is led to the sign-in, a wrong role gets the 403 page; a program
    gets 401 or 403 as a problem. Staff without a second factor are led to set one up. The roles stand on the
    view as ``view.audience`` for the tests to read; ``own`` (role: "office", "area" …) as ``view.own``."""

    def __call__(self, *roles: Role, own: Mapping[Role, str] | None = None) -> Callable[[Target], Target]:
        if not roles:
            raise TypeError("audience() needs at least one role; use audience.public for everybody")
        limits = dict(own or {})
        if not limits.keys() <= set(roles):
            raise TypeError("own= names a role that is not in the audience")
        return lambda target: _state(target, frozenset(roles), limits, _guard(frozenset(roles), whole=True))

    def public(self, target: Target) -> Target:
        """For everybody, signed in or not."""
        target.audience = PUBLIC  # type: ignore[attr-defined]
        return target

    def signed_in(self, target: Target) -> Target:
        """For every signed-in person, whatever the role."""
        return self(*Role)(target)

    def program(self, target: Target) -> Target:
        """For programs of the operation, never for people: whoever shows METRICS_TOKEN, or calls from a network in
        METRICS_ALLOW. With neither set nobody gets in."""
        guarded: Any = _program_guard(target)
        guarded.audience = PROGRAM
        return cast("Target", guarded)

    def entering(self, target: Target) -> Target:
        """For every signed-in person, also one who still owes the second factor: the pages to set it up."""
        return _state(target, frozenset(Role), {}, _guard(frozenset(Role), whole=False))


audience = _Audience()


def _guard(roles: frozenset[Role], *, whole: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refused = _refusal(request, roles, whole=whole) or handback.waiting(request, request.user.pk)
            return refused or view(request, *args, **kwargs)

        return guarded

    return decorate


def _program_guard(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _is_allowed_network(client_ip(request)) or _shows_token(request):
            answer: HttpResponseBase = view(request, *args, **kwargs)
            return answer
        response = problem(401, "この住所は、運用の監視だけが使います。")
        response["WWW-Authenticate"] = "Bearer"
        return response

    return guarded


def _shows_token(request: HttpRequest) -> bool:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    wanted: str = settings.METRICS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and compare_digest(shown.strip().encode(), wanted.encode())


def _is_allowed_network(address: str) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:  # a Unix socket, or nothing said
        return False
    return any(caller in network for network in settings.METRICS_ALLOW)


def _refusal(request: HttpRequest, roles: frozenset[Role], *, whole: bool) -> HttpResponseBase | None:
    if may_see(request.user, roles):
        return _second_factor_first(request) if whole and lacks_second_factor(request) else None
    if not request.user.is_authenticated:
        return problem(401) if wants_problem(request) else sign_in_first(request)
    if wants_problem(request):
        return problem(403)
    raise PermissionDenied("このページを見る権限がありません。")


def _second_factor_first(request: HttpRequest) -> HttpResponseBase:
    if wants_problem(request):
        return problem(403, "二段階の確認を済ませてから、もう一度お試しください。")
    if request.method == "POST":
        handback.keep(request, signed_in_user(request).pk)
    return redirect("accounts:second-factor")


def sign_in_first(request: HttpRequest, *, whose: int | None = None) -> HttpResponse:
    """The way to the sign-in and back to this address. What was being sent waits there for the person whose session
    ended (``whose``, where the page knows). Where nothing says who that was, it is not kept for whoever signs in next,
    perhaps a colleague at the same computer: the page that is answered holds it."""
    to_login = redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return to_login
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    owner = whose or handback.waits_for(request.session) or user_id_of_session(cookie)
    if owner is not None and handback.keep(request, owner):
        return to_login
    return handback.unsigned(request, reverse(settings.LOGIN_URL)) or to_login


def _state(target: Target, roles: frozenset[Role], own: Mapping[Role, str], guard: Callable[..., Any]) -> Target:
    if isinstance(target, type):
        decorated: Any = method_decorator(guard, name="dispatch")(target)
    else:
        decorated = guard(target)
    decorated.audience = roles
    decorated.own = own
    return cast("Target", decorated)
