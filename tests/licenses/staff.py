"""Who asks for an operator's page, and who may not."""

from accounts.enums import Role
from tests.factories import make_user

REFUSED = (Role.OFFICE_STAFF, Role.HELPDESK, Role.OFFICER)


def sign_in(client, role: Role = Role.OPERATOR):
    """A person of the role, signed in with their second factor."""
    user = make_user(role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["second_factor"] = True
    session.save()
    return user


def answers(client, path: str, method: str = "get") -> dict[str, int]:
    """The status each role gets, and the visitor's."""
    client.logout()
    found = {"visitor": getattr(client, method)(path).status_code}
    for role in Role:
        sign_in(client, role)
        found[role.value] = getattr(client, method)(path).status_code
    return found


def seen_by(*roles: Role, otherwise: int = 403, ok: int = 200) -> dict[str, int]:
    """What `answers` should give when these roles may."""
    return {"visitor": 302} | {role.value: ok if role in roles else otherwise for role in Role}
