"""What browsers are told and what sign-in demands. Values only; ``__init__`` puts them together."""

from typing import Any

from csp.constants import NONE, SELF

# Nothing from other hosts, nothing inline: scripts and styles are files of our own.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]


def cookie_name(name: str, *, https: bool) -> str:
    """With the prefix that makes browsers refuse the cookie from another host, from a part of this one, or without
    TLS; it works only behind TLS."""
    return f"__Host-{name}" if https else name


def transport(*, https: bool) -> dict[str, Any]:
    """The settings that hold only behind TLS; on a demo over plain HTTP they would lock people out."""
    year = 365 * 24 * 60 * 60
    return {
        "SECURE_SSL_REDIRECT": https,
        "SESSION_COOKIE_SECURE": https,
        "CSRF_COOKIE_SECURE": https,
        "SECURE_HSTS_SECONDS": year if https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": https,
        "SECURE_HSTS_PRELOAD": https,
    }
