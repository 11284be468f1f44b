"""Django's admin, to look at records (what may be written there stands in offices/admin.py): operators only, with
their second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.enums import Role
from accounts.permissions import audience, lacks_second_factor, may_see

PACKAGES = ("allauth.", "axes.", "django.")


class PortalAdminSite(AdminSite):
    site_header = site_title = "運営の管理画面"
    index_title = "台帳と記録"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        allowed = may_see(request.user, {Role.OPERATOR}) and request.user.is_staff
        return bool(allowed and not lacks_second_factor(request))

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages of our own: what packages bring would change rows without an event, or show secrets."""
        if admin_class is not None and not admin_class.__module__.startswith(PACKAGES):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:  # type: ignore[override]
        """Every page of the admin states its audience as all other pages do: others are refused at once."""
        return audience(Role.OPERATOR)(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's own sign-in, so that throttling and the second factor hold here as well."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if self.has_permission(request):
            return redirect("admin:index")
        if may_see(request.user, {Role.OPERATOR}) and lacks_second_factor(request):
            return redirect("accounts:second-factor")
        raise PermissionDenied

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_logout")
