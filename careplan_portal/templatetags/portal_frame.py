"""What surrounds every page: menus, demo bar, footer. None of it needs a request, so error pages have it too."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from accounts.queries import DEMO_ADMINISTRATOR, DEMO_CLERK, demo_people
from careplan_portal import menu
from careplan_portal.lib import clock
from careplan_portal.lib.markup import markup
from careplan_portal.lib.unbroken import whole_dates
from links.models import Link
from links.queries import links_at

register = template.Library()


def _role_and_path(context: template.Context) -> tuple[str | None, str]:
    request = context.get("request")
    user = getattr(request, "user", None)
    return (user.role if user is not None and user.is_authenticated else None), getattr(request, "path", "")


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[menu.Shown]:
    role, path = _role_and_path(context)
    return menu.shown(menu.MAIN, role=role, path=path)


@register.simple_tag(takes_context=True)
def desk_menu(context: template.Context) -> dict[str, list[menu.Shown]]:
    """The entries of the bar, and those folded behind one word."""
    role, path = _role_and_path(context)
    entries = menu.shown(menu.DESK, role=role, path=path)
    return {"often": [one for one in entries if not one.seldom], "seldom": [one for one in entries if one.seldom]}


@register.inclusion_tag("components/foot.html", takes_context=True)
def page_foot(context: template.Context) -> dict[str, Any]:
    role, _path = _role_and_path(context)
    return {
        "phone": settings.SUPPORT_PHONE,
        "phone_link": "".join(char for char in settings.SUPPORT_PHONE if char.isdigit()),
        "hours": whole_dates(settings.SUPPORT_HOURS),
        "use": menu.shown(menu.FOOT_USE, role=role, path=""),
        "know": menu.shown(menu.FOOT_KNOW, role=role, path=""),
        "demo": settings.PORTAL_ENV == "demo",
    }


@register.inclusion_tag("components/demo.html", takes_context=True)
def demo_bar(context: template.Context, wide: bool = False) -> dict[str, Any]:
    """The business day of the demo, and buttons to move on (``demo-clock``, once it is there)."""
    request = context.get("request")
    today = getattr(request, "today", None)
    csrf = context.get("csrf_token")
    return {
        "shown": settings.PORTAL_ENV == "demo" and today is not None,
        "today": today, "wide": wide, "clock_url": menu.address("demo-clock"), "csrf_token": csrf,
        "path": request.get_full_path() if request else "/",
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def elsewhere_at(context: template.Context, place: str) -> list[Link]:
    """What the link registry has for a page (``links.enums.Place``): ``{% elsewhere_at "receipt" as found %}``."""
    request = context.get("request")
    return links_at(place, getattr(request, "today", None) or clock.today())


@register.simple_tag
def support_phone() -> str:
    return str(settings.SUPPORT_PHONE)


@register.simple_tag
def support_tel() -> SafeString:
    """The same as a link, which a telephone dials."""
    digits = "".join(char for char in settings.SUPPORT_PHONE if char.isdigit())
    return markup('<a class="num nobr" href="tel:{}">{}</a>', digits, settings.SUPPORT_PHONE)


@register.simple_tag(takes_context=True)
def support_hours(context: template.Context, whole: bool = True) -> str:
    """With ``False`` without its own brackets, for sentences that put it into brackets. A mail's text has no markup."""
    said = str(settings.SUPPORT_HOURS if whole else settings.SUPPORT_HOURS.split("（")[0])
    return whole_dates(said) if context.autoescape else said


@register.simple_tag
def service_name() -> str:
    return str(settings.SERVICE_NAME)


@register.simple_tag
def demo_roles() -> list[dict[str, str]]:
    """The demo's sign-ins, one a role, a clerk and an area's administrator; empty outside the demo."""
    if settings.PORTAL_ENV != "demo":
        return []
    people = [(role.value, str(role.label), name) for role, (_mail, name) in demo_people().items()]
    people.insert(1, ("clerk", "法人の事務", DEMO_CLERK[1]))
    people.insert(4, ("administrator", "地域の管理者", DEMO_ADMINISTRATOR[1]))
    return [{"value": value, "label": label, "name": name} for value, label, name in people]
