"""What a browser says of itself, in the words that people know it by."""

from __future__ import annotations

# The first that is found counts: most browsers also name those that they are built on.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(user_agent: str) -> str:
    """Chrome（Windows）; "ほかのブラウザー" for one that is not known, without the machine where that is not."""
    browser = _first(_BROWSERS, user_agent) or "ほかのブラウザー"
    machine = _first(_MACHINES, user_agent)
    return f"{browser}（{machine}）" if machine else browser


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for sign, name in known if sign in text), "")
