"""Who may see a page: every view says so, with ``@audience(Role…)`` or ``@audience.public``."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator

from accounts.enums import Role
from careplan_portal.lib.http import problem, wants_problem

Target = TypeVar("Target", bound=Callable[..., Any])

PUBLIC = "public"


def may_see(user: Any, roles: Iterable[Role]) -> bool:
    """Whether the person has one of the roles. Being a superuser opens nothing here: a role does."""
    return bool(user.is_authenticated and user.is_active and user.role in set(roles))


class _Audience:
    """``@audience(Role.HELPDESK)`` on a function view, on what ``as_view()`` returned, or on a view class
    (Django's or DRF's). An anonymous person is led to the sign-in, a wrong role gets the 403 page; a program
    gets 401 or 403 as a problem. The roles stand on the view as ``view.audience`` for the tests to read."""

    def __call__(self, *roles: Role) -> Callable[[Target], Target]:
        if not roles:
            raise TypeError("audience() needs at least one role; use audience.public for everybody")
        return lambda target: _state(target, frozenset(roles), _guard(frozenset(roles)))

    def public(self, target: Target) -> Target:
        """For everybody, signed in or not."""
        target.audience = PUBLIC  # type: ignore[attr-defined]
        return target

    def signed_in(self, target: Target) -> Target:
        """For every signed-in person, whatever the role."""
        return self(*Role)(target)


audience = _Audience()


def _guard(roles: frozenset[Role]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _refusal(request, roles) or view(request, *args, **kwargs)

        return guarded

    return decorate


def _refusal(request: HttpRequest, roles: frozenset[Role]) -> HttpResponseBase | None:
    if may_see(request.user, roles):
        return None
    if not request.user.is_authenticated:
        return problem(401) if wants_problem(request) else redirect_to_login(request.get_full_path())
    if wants_problem(request):
        return problem(403)
    raise PermissionDenied("このページを見る権限がありません。")


def _state(target: Target, roles: frozenset[Role], guard: Callable[..., Any]) -> Target:
    if isinstance(target, type):
        decorated: Any = method_decorator(guard, name="dispatch")(target)
    else:
        decorated = guard(target)
    decorated.audience = roles
    return cast("Target", decorated)
